"""The commands `dougong app compare|rollback|retired`: versions in, what differs, the way back, or what is retired and purged out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from dougong.cli_app import As, app, follow
from dougong.speech import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dougong.model.compare import Change
    from engines.values.issue import Issue

AppKey = Annotated[str, typer.Argument(metavar="APP", help="The key of the app.")]
Language = Annotated[str, typer.Option(help="zh-CN or en; without it the language of the environment.")]

WORDS: Mapping[str, Mapping[str, str]] = {
    "same": {"zh-CN": "两者完全相同。", "en": "Both are the same."},
    "nothing": {"zh-CN": "（无）", "en": "(nothing)"},
    "issues": {"zh-CN": "不能恢复：", "en": "In the way:"},
    "left-out": {"zh-CN": "略去的唯一约束：", "en": "Constraints left out:"},
    "warnings": {"zh-CN": "对已有数据的影响：", "en": "What it means for data there is:"},
    "draft": {"zh-CN": "草稿中未发布的修改会被放弃。", "en": "What the draft changes is discarded."},
    "dry": {"zh-CN": "只是演练，没有改变任何东西。", "en": "This was a dry run: nothing was changed."},
    "note": {"zh-CN": "恢复到版本 {version}", "en": "Back to version {version}"},
    "retired": {"zh-CN": "{name}  “{label}”  {count} 行  {size} 字节  至版本 {version}", "en": "{name}  “{label}”  {count} rows  {size} bytes  until version {version}"},
    "purged": {"zh-CN": "已清除：{name}  “{label}”  {count} 行", "en": "Purged: {name}  “{label}”  {count} rows"},
    "none": {"zh-CN": "没有停用的数据。", "en": "Nothing is retired."},
}
"""What the commands say, in both languages."""


@app.command()
def compare(
    app_key: AppKey,
    before: Annotated[str, typer.Argument(metavar="FROM", help="A version's number, `active` or `draft`.")] = "active",
    after: Annotated[str, typer.Argument(metavar="TO", help="A version's number, `active` or `draft`.")] = "draft",
    language: Language = "",
) -> None:
    """Say what leads from one version of an app to another, the draft included; the exit code is 1 if anything differs."""
    import asyncio

    raise typer.Exit(1 if asyncio.run(_compare(app_key, before, after, spoken(language))) else 0)


@app.command()
def rollback(
    app_key: AppKey,
    version: Annotated[int, typer.Argument(metavar="VERSION", help="The version to go back to.")],
    note: Annotated[str, typer.Option(help="What to remember about it.")] = "",
    leave_out_broken: Annotated[bool, typer.Option("--leave-out-broken", help="Go on without unique constraints that records break.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    language: Language = "",
    user: As = "",
) -> None:
    """Publish an earlier version anew: what was removed since comes back with its data; the exit code is 1 while something is in the way."""
    import asyncio

    done = asyncio.run(_roll_back(app_key, version, note, leave_out_broken, dry_run, spoken(language), user))
    raise typer.Exit(0 if done else 1)


@app.command()
def retired(
    app_key: AppKey,
    purges: Annotated[list[str] | None, typer.Option("--purge", help="Remove this for good, by its name; may be given several times.")] = None,
    confirm: Annotated[str, typer.Option(help="The key of the app once more, without which nothing is purged.")] = "",
    language: Language = "",
    user: As = "",
) -> None:
    """List what earlier versions left behind, and purge what is named."""
    import asyncio

    asyncio.run(_retired(app_key, purges or [], confirm, spoken(language), user))


async def _compare(app_key: str, before: str, after: str, language: str) -> bool:
    from dougong.model.compare import compare as compare_documents
    from dougong.open_site import open_site
    from dougong.registry.versions import read_document
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        organization = (await site.app(app_key)).organization
        documents = [await read_document(site, app_key, version) for version in (before, after)]
        changes = compare_documents(documents[0], documents[1], organization)
    _tell(changes, language)
    return bool(changes)


async def _roll_back(app_key: str, version: int, note: str, leaves_out: bool, is_dry: bool, language: str, user: str) -> bool:
    from dougong.model.compare import compare as compare_documents
    from dougong.open_site import open_site
    from dougong.people.persons import acting
    from dougong.publishing.roll_back import plan_roll_back, roll_back
    from dougong.registry.versions import DRAFT, read_document
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        active = await site.app(app_key)
        planned = await plan_roll_back(site, app_key, version, leaves_out)
        _tell(compare_documents(active.document, planned.document, active.organization), language)
        for name, issues in (("issues", planned.plan.issues), ("left-out", planned.left_out), ("warnings", planned.plan.warnings)):
            _tell_issues(name, issues, language)
        if await read_document(site, app_key, DRAFT) != active.document:
            typer.echo(WORDS["draft"][language])
        if planned.plan.issues:
            return False
        if is_dry:
            typer.echo(WORDS["dry"][language])
            return True
        said = note or WORDS["note"][language].format(version=version)
        published = await roll_back(site, await acting(site, user), app_key, version, planned.revision, said, leaves_out)
        number = published.version
        if published.under_way is not None:
            number = await follow(site, opened.dsn, published.under_way)
        typer.echo(f"{app_key} {number}")
        return True


async def _retired(app_key: str, names: list[str], typed: str, language: str, user: str) -> None:
    from dougong.open_site import open_site
    from dougong.people.persons import acting
    from dougong.publishing.purge import purge
    from dougong.publishing.retired import read_retired
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        if names:
            for one in await purge(site, await acting(site, user), app_key, names, typed):
                typer.echo(WORDS["purged"][language].format(name=one.name, label=one.labels[language], count=one.count))
            return
        found = await read_retired(site.pool, site, app_key)
    for one in found:
        label = one.labels[language]
        typer.echo(WORDS["retired"][language].format(name=one.name, label=label, count=one.count, size=one.size, version=one.version))
    if not found:
        typer.echo(WORDS["none"][language])


def _tell(changes: Iterable[Change], language: str) -> None:
    told = False
    for change in changes:
        told = True
        typer.echo(change.text[language])
        for one in change.properties:
            before, after = (WORDS["nothing"][language] if side is None else side[language] for side in (one.before, one.after))
            values = {"added": after, "removed": before}.get(change.kind, f"{before} → {after}")
            typer.echo(f"    {one.name[language]}: {values}")
    if not told:
        typer.echo(WORDS["same"][language])


def _tell_issues(name: str, issues: Iterable[Issue], language: str) -> None:
    for number, found in enumerate(issues):
        if number == 0:
            typer.echo(WORDS[name][language])
        typer.echo(f"  {found.message[language]}")
