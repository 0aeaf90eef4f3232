"""The commands `dougong app why` and `dougong app lint`: a question about permissions in, the answer and an exit code out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

access = typer.Typer()

App = Annotated[str, typer.Argument(metavar="APP")]
Language = Annotated[str, typer.Option(help="zh-CN or en; without it the language of the environment.")]

WORDS: Mapping[str, Mapping[str, str]] = {
    "roles": {"zh-CN": "角色：{names}", "en": "Roles: {names}"},
    "none": {"zh-CN": "（无）", "en": "none"},
    "grants": {"zh-CN": "策略 {key}（{role}）允许", "en": "Policy {key} ({role}) allows it"},
    "denies": {"zh-CN": "策略 {key}（{role}）禁止", "en": "Policy {key} ({role}) forbids it"},
    "level": {"zh-CN": "字段：{level}", "en": "field: {level}"},
    "input": {"zh-CN": "计算所用的“{name}”：{shown}", "en": "computed from {name}: {shown}"},
    "would": {"zh-CN": "以下角色可以：{names}", "en": "Would be allowed by: {names}"},
    "yes": {"zh-CN": "是", "en": "yes"},
    "no": {"zh-CN": "否", "en": "no"},
    "some": {"zh-CN": "视记录而定", "en": "depends on the record"},
}


@access.command()
def why(
    app_key: App,
    user: Annotated[str, typer.Argument(help="E-mail of the user.")],
    entity: Annotated[str, typer.Argument(help="Key of the entity.")],
    record: Annotated[UUID | None, typer.Option(help="Id of a record; without it records of the entity.")] = None,
    action: Annotated[str, typer.Option(help="An action: read, update, transition.confirm and so on.")] = "read",
    field: Annotated[str, typer.Option(help="A field, of rows as lines.price.")] = "",
    language: Language = "",
) -> None:
    """Say why a user may or may not do something; the exit code is 1 where they may not."""
    import asyncio

    raise typer.Exit(asyncio.run(_why(app_key, user, entity, record, action, field, language)))


@access.command()
def lint(app_key: App, draft: Annotated[bool, typer.Option("--draft", help="The draft, not the version in use.")] = False, language: Language = "") -> None:
    """Say what in the policies of an app works and yet may not be what was meant; the exit code is 1 if there is anything."""
    import asyncio

    raise typer.Exit(asyncio.run(_lint(app_key, draft, language)))


async def _why(app_key: str, user: str, entity: str, record: UUID | None, action: str, field: str, language: str) -> int:
    from dougong.open_site import open_site
    from dougong.people.persons import acting
    from dougong.permissions.actor import SYSTEM
    from dougong.settings import read_settings
    from dougong.speech import spoken
    from dougong.store.explain_access import Asked, explain_access

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        asked = Asked(site, await site.app(app_key), SYSTEM, await acting(site, user), is_trusted=True)
        found = await explain_access(asked, entity, record, action, field)
    for line in _lines(found, spoken(language)):
        typer.echo(line)
    return 1 if found["verdict"] == "no" else 0


async def _lint(app_key: str, draft: bool, language: str) -> int:
    from dougong.open_site import open_site
    from dougong.permissions.lint import lint as look
    from dougong.registry.draft_problems import draft_model
    from dougong.settings import read_settings
    from dougong.speech import spoken

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        found = look(await draft_model(site, app_key) if draft else await site.app(app_key))
    for one in found:
        typer.echo(f"{one.pointer}  {one.code}  {one.message[spoken(language)]}")
    return 1 if found else 0


def _lines(found: Mapping[str, Any], language: str) -> Iterator[str]:
    def say(word: str, **parts: object) -> str:
        return WORDS[word][language].format(**parts)

    def names(roles: list[Mapping[str, Any]]) -> str:
        return ", ".join(str(role["name"].get(language, role["key"])) for role in roles) or say("none")

    yield found["sentence"][language]
    yield say("roles", names=names(found["roles"]))
    for policy in found["policies"]:
        yield say("denies" if policy["deny"] else "grants", key=policy["key"], role=names([policy["role"]]))
        for condition in policy["conditions"]:
            yield f"    {_mark(condition['holds'])} {condition['words'][language]}"
            for fact in condition["facts"]:
                yield f"        {fact['name'][language]}: {fact['title'] or fact['value'] or '–'}"
        if policy["level"] is not None:
            yield f"    {say('level', level=policy['level'])}"
    for one in () if found["field"] is None else found["field"]["inputs"]:
        yield "    " + say("input", name=one["name"][language], shown=say(one["shown"]))
    if found["would_allow"]:
        yield say("would", names=names(found["would_allow"]))


def _mark(holds: bool | None) -> str:
    return "?" if holds is None else "✓" if holds else "✗"
