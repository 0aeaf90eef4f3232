"""The commands `dougong app upgrade`, `add` and `remove`: a newer version, one more package or one less in, what that does told, the app's draft or next version out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dougong.cli_app import As, app, publish
from dougong.speech import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dougong.model.definition import SeedRecord
    from dougong.model.merge import Rule
    from dougong.packages.planted import Part
    from dougong.packages.removal import Removal
    from dougong.packages.upgrade import PackageStand, Upgrade
    from dougong.settings import Settings
    from dougong.sites import Site

Say = Callable[..., str]

AppKey = Annotated[str, typer.Argument(metavar="APP", help="The key of the app.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")]
Publishes = Annotated[bool, typer.Option("--publish", help="Publish the draft as well.")]
Language = Annotated[str, typer.Option(help="zh-CN or en; without it the language of the environment.")]

WORDS: Mapping[str, Mapping[str, str]] = {
    "newest": {"zh-CN": "{app} 的各个包都是最新的。", "en": "Every package of {app} is the newest there is."},
    "several": {"zh-CN": "有新版本的包不止一个，请指定：{packages}", "en": "Several packages have a newer version, name one: {packages}"},
    "moved": {"zh-CN": "{package} {before} → {after}", "en": "{package} {before} → {after}"},
    "theirs": {"zh-CN": "包带来的改变：", "en": "New from the package:"},
    "ours": {"zh-CN": "保留的修改：", "en": "Yours, and stays:"},
    "conflicts": {"zh-CN": "冲突：", "en": "Conflicts:"},
    "base": {"zh-CN": "安装时：{value}", "en": "as it was installed: {value}"},
    "side-ours": {"zh-CN": "本应用：{value}{chosen}", "en": "your app: {value}{chosen}"},
    "side-theirs": {"zh-CN": "新版本：{value}{chosen}", "en": "new version: {value}{chosen}"},
    "used-by": {"zh-CN": "仍被使用：{user}（{origin}）", "en": "used by: {user} ({origin})"},
    "removed": {"zh-CN": "将移除：", "en": "Goes:"},
    "decide": {"zh-CN": "修改过或仍在使用，由您决定：", "en": "Changed or in use, for you to decide:"},
    "keep": {"zh-CN": "保留为本应用自己的{chosen}", "en": "keep it as the app's own{chosen}"},
    "take-out": {"zh-CN": "移除{chosen}", "en": "take it out{chosen}"},
    "records-retired": {"zh-CN": "随表停用、数据保留的记录：{records}", "en": "Records out of use with their tables, which keep them: {records}"},
    "records-stay": {
        "zh-CN": "留在应用中的记录（可先用 remove-records --package 移到回收站）：{records}",
        "en": "Records that stay (remove-records --package takes them out before): {records}",
    },
    "undecided": {
        "zh-CN": "{count} 处没有决定：--ours 全部保留，--theirs 全部移除，或在网页上逐个选择。没有写入任何东西。",
        "en": "{count} places are not decided: --ours keeps all, --theirs takes all out, the web page one by one. Nothing was written.",
    },
    "chosen": {"zh-CN": " ← 采用", "en": " ← taken"},
    "seed-new": {"zh-CN": "新建记录：{records}", "en": "Records made: {records}"},
    "seed-renewed": {"zh-CN": "更新为新值的记录：{records}", "en": "Records that get new values: {records}"},
    "seed-kept": {"zh-CN": "有人改过、保持不变的记录：{records}", "en": "Records that stay as somebody edited them: {records}"},
    "seed-deleted": {"zh-CN": "已被删除、不恢复的记录：{records}", "en": "Records that stay deleted: {records}"},
    "seed-unmet": {
        "zh-CN": "所引用的记录已被删除、不建立也不更新的记录：{records}",
        "en": "Records left out or as they are, for what they point to was deleted: {records}",
    },
    "demo": {"zh-CN": "{record}（演示）", "en": "{record} (demo)"},
    "issues": {"zh-CN": "需在草稿中改好的问题：", "en": "Problems to mend in the draft:"},
    "open": {
        "zh-CN": "{count} 处冲突没有选择：用 --ours 或 --theirs 一次决定，或在网页上逐个选择。没有写入任何东西。",
        "en": "{count} conflicts are not decided: --ours or --theirs decides all, the web page one by one. Nothing was written.",
    },
    "dry": {"zh-CN": "只是演练，没有写入任何东西。", "en": "This was a dry run: nothing was written."},
    "draft": {"zh-CN": "已放进 {app} 的草稿（第 {revision} 版）。", "en": "It is in the draft of {app}, revision {revision}."},
}
"""What the command says, in both languages."""


@app.command()
def upgrade(
    app_key: AppKey,
    package: Annotated[str, typer.Argument(help="Key of a package of the app, or a file or folder; without it the one that has a newer version.")] = "",
    ours: Annotated[bool, typer.Option("--ours", help="Of all conflicts take what the app has.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Of all conflicts take what the new version has.")] = False,
    dry_run: DryRun = False,
    publishes: Publishes = False,
    language: Language = "",
    user: As = "",
) -> None:
    """Upgrade an app to a newer version of a package, with what was changed in it kept; the exit code is 1 while a conflict is not decided."""
    import asyncio

    _end(asyncio.run(_upgrade(app_key, package, _rule(ours, theirs), dry_run, spoken(language), user)), publishes, app_key, user)


@app.command()
def add(
    app_key: AppKey,
    package: Annotated[str, typer.Argument(help="Key of a package of the library, or a file or folder.")],
    dry_run: DryRun = False,
    publishes: Publishes = False,
    language: Language = "",
    user: As = "",
) -> None:
    """Install a package into an app that is there; the exit code is 1 while a conflict is not decided."""
    import asyncio

    _end(asyncio.run(_add(app_key, package, dry_run, spoken(language), user)), publishes, app_key, user)


@app.command()
def remove(
    app_key: AppKey,
    package: Annotated[str, typer.Argument(help="Key of a package of the app.")],
    ours: Annotated[bool, typer.Option("--ours", help="Keep what was changed or is used, as the app's own.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Take it out as well.")] = False,
    dry_run: DryRun = False,
    publishes: Publishes = False,
    language: Language = "",
    user: As = "",
) -> None:
    """Take a package out of an app; its tables and columns keep what is in them. The exit code is 1 while something is not decided."""
    import asyncio

    _end(asyncio.run(_remove(app_key, package, _rule(ours, theirs), dry_run, spoken(language), user)), publishes, app_key, user)


def _rule(ours: bool, theirs: bool) -> Rule | None:
    """Return the side that all is decided for."""
    if ours and theirs:
        raise typer.BadParameter("--ours --theirs")
    return "ours" if ours else "theirs" if theirs else None


def _end(done: bool | None, publishes: bool, app_key: str, user: str) -> None:
    """Publish where there is something to publish and that is asked for; end with 1 where conflicts are in the way."""
    if done is None:
        raise typer.Exit(1)
    if done and publishes:
        publish(app_key, None, "", user)


async def _upgrade(app_key: str, package: str, rule: Rule | None, is_dry: bool, language: str, user: str) -> bool | None:
    """Return whether there is something to publish now; None where conflicts are in the way."""
    from dougong.open_site import open_site
    from dougong.packages.upgrade import plan_upgrade, read_stands
    from dougong.settings import read_settings

    settings = read_settings(os.environ)
    async with open_site(settings) as opened:
        site = opened.site
        await site.app(app_key)  # raises AppNotFound
        wanted = _wanted(settings, package) if package else _newer(await read_stands(site, app_key))
        if not wanted:
            typer.echo(WORDS["newest"][language].format(app=app_key))
            return False
        if isinstance(wanted, list):
            typer.echo(WORDS["several"][language].format(packages=", ".join(wanted)))
            return None
        return await _carry_out(site, await plan_upgrade(site, app_key, wanted, None, {}, rule), is_dry, language, user)


async def _add(app_key: str, package: str, is_dry: bool, language: str, user: str) -> bool | None:
    """Return what `_upgrade` returns."""
    from dougong.open_site import open_site
    from dougong.packages.upgrade import plan_addition
    from dougong.settings import read_settings

    settings = read_settings(os.environ)
    async with open_site(settings) as opened:
        site = opened.site
        return await _carry_out(site, await plan_addition(site, app_key, _wanted(settings, package), None, {}, None), is_dry, language, user)


async def _remove(app_key: str, package: str, rule: Rule | None, is_dry: bool, language: str, user: str) -> bool | None:
    """Return what `_upgrade` returns."""
    from dougong.open_site import open_site
    from dougong.packages.removal import plan_removal
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        removal = await plan_removal(opened.site, app_key, package, {}, rule)
        for line in _told_removal(removal, _sayer(language), language):
            typer.echo(line)
        return await _put(opened.site, removal.upgrade, "undecided", is_dry, language, user)


async def _carry_out(site: Site, planned: Upgrade, is_dry: bool, language: str, user: str) -> bool | None:
    """Tell what would be done, and do it unless conflicts are in the way or it is only to be told."""
    for line in _told(planned, _sayer(language), language):
        typer.echo(line)
    return await _put(site, planned, "open", is_dry, language, user)


def _sayer(language: str) -> Say:
    def say(name: str, **parts: object) -> str:
        return WORDS[name][language].format(**parts)

    return say


async def _put(site: Site, planned: Upgrade, undecided: str, is_dry: bool, language: str, user: str) -> bool | None:
    """Put what was told into the draft. undecided: what is said while somebody has to decide."""
    from dougong.packages.upgrade import put_into_draft
    from dougong.people.persons import acting

    say = _sayer(language)
    if planned.merge.open:
        typer.echo(say(undecided, count=len(planned.merge.open)))
        return None
    if is_dry:
        typer.echo(say("dry"))
        return False
    draft = await put_into_draft(site, await acting(site, user), planned, planned.draft.revision)
    typer.echo(say("draft", app=planned.app.app, revision=draft.revision))
    return True


def _wanted(settings: Settings, package: str) -> str | Mapping[str, Any]:
    from dougong.packages.package_file import read_package_file

    path = Path(package)
    is_key = path.name == package and path.suffix not in (".json", ".zip") and not path.exists()
    return package if is_key else read_package_file(path, settings.package_mb).document


def _newer(stands: tuple[PackageStand, ...]) -> str | list[str]:
    """Return the package that has a newer version; all of them where there are several."""
    keys = [stand.package for stand in stands if stand.newest is not None]
    return keys if len(keys) > 1 else "".join(keys)


def _told(planned: Upgrade, say: Say, language: str) -> list[str]:
    """Return what an upgrade would do, line by line."""
    from dougong.model.conflict_words import conflict_words, namings_of
    from dougong.model.merge_notes import merged_notes

    lines = [say("moved", package=package, before=before or "–", after=after or "–") for package, before, after in planned.moved]
    for side in ("theirs", "ours"):
        notes = [note.change for note in merged_notes(planned.merge) if note.side == side]
        lines += [say(side), *(f"  {SIGNS.get(note.kind, '~')} {note.text[language]}" for note in notes)] if notes else []
    if planned.merge.conflicts:
        lines.append(say("conflicts"))
    namings = namings_of(planned.merge, planned.app.organization)
    for conflict in planned.merge.conflicts.values():
        words = conflict_words(planned.merge, namings, conflict)
        chosen = planned.merge.chosen.get(conflict.pointer)
        lines += [f"  {words.place[language]} ({conflict.pointer})", f"    {say('base', value=words.base[language])}"]
        for side, value in (("ours", words.ours), ("theirs", words.theirs)):
            mark = say("chosen") if chosen == side else ""
            lines.append(f"    {say(f'side-{side}', value=value[language], chosen=mark)}")
    for fate in ("new", "renewed", "kept", "deleted", "unmet"):
        records = [_record(one.record, one.part, say) for one in planned.seeds if one.fate == fate]
        lines += [say(f"seed-{fate}", records=", ".join(records))] if records else []
    return [*lines, *_told_issues(planned, say, language)]


def _record(record: SeedRecord, part: Part, say: Say) -> str:
    words = f"{record.entity} {record.key}"
    return say("demo", record=words) if part == "demo" else words


def _told_issues(planned: Upgrade, say: Say, language: str) -> list[str]:
    found = planned.plan.issues
    return [say("issues"), *(f"  {one.pointer}: {one.message[language]} ({one.code})" for one in found)] if found else []


def _told_removal(removal: Removal, say: Say, language: str) -> list[str]:
    """Return what taking a package out would do, line by line."""
    from dougong.model.conflict_words import conflict_words, namings_of
    from dougong.model.merge_notes import merged_notes

    planned = removal.upgrade
    lines = [say("moved", package=package, before=before or "–", after=after or "–") for package, before, after in planned.moved]
    notes = [note.change for note in merged_notes(planned.merge) if note.side == "theirs" and not note.change.pointer.startswith(("/seed/", "/demo/"))]
    lines += [say("removed"), *(f"  {SIGNS.get(note.kind, '~')} {note.text[language]}" for note in notes)] if notes else []
    lines += [say("decide")] if planned.merge.conflicts else []
    namings = namings_of(planned.merge, planned.app.organization)
    for pointer, conflict in planned.merge.conflicts.items():
        words = conflict_words(planned.merge, namings, conflict)
        chosen = planned.merge.chosen.get(pointer)
        lines.append(f"  {words.place[language]} ({pointer}): {words.ours[language]}")
        lines += [f"    {say('used-by', user=one.use.text[language], origin=one.origin.text[language])}" for one in removal.used.get(pointer, ())]
        for side, name in (("ours", "keep"), ("theirs", "take-out")):
            lines.append(f"    {say(name, chosen=say('chosen') if chosen == side else '')}")
    for fate, name in (("retired", "records-retired"), ("stays", "records-stay")):
        records = [_record(one.record, one.part, say) for one in removal.records if one.fate == fate]
        lines += [say(name, records=", ".join(records))] if records else []
    return [*lines, *_told_issues(planned, say, language)]


SIGNS = {"added": "+", "changed": "~", "removed": "-"}
"""What stands before a change of each kind."""
