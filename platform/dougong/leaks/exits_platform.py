"""The exits of the platform's own endpoints: how somebody asks there for records, or why there is nothing of records to be had."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace

from dougong.leaks.exits import Exit
from dougong.leaks.visit import Reply, Visit

Row = Exit | str
"""How an endpoint is asked, or the reason why it cannot carry what records hold."""

_SIGN_IN = "who somebody is and how they sign in: no record of an app is read"
_DESIGN = "the definition of an app, which holds no records"
_PACKAGES = "packages and versions of definitions, which hold no records"
_OWN = "one's own work on a draft or a publish, which holds no records"


def _get(*paths: str, **query: str) -> Exit:
    """Return an endpoint that is asked as it is, for one app."""

    async def ask(visit: Visit) -> AsyncIterator[Reply]:
        for path in paths:
            yield await visit.ask("GET", path.format(app=visit.stage.app), None, None, **query)

    return Exit(ask, "none")


async def _search(visit: Visit) -> AsyncIterator[Reply]:
    for entity in visit.stage.entities:
        for record in visit.some(list(visit.stage.world.records[entity.full_key].values())[:4], 1):
            for value in record.values():
                if isinstance(value, str) and value.startswith("mk"):
                    yield await visit.ask("GET", f"/api/apps/{visit.stage.app}/search", text=value[:-1])


async def _search_all(visit: Visit) -> AsyncIterator[Reply]:
    yield await visit.ask("GET", "/api/search", text="mk")
    for entity in visit.stage.entities:
        for record in visit.some(list(visit.stage.world.records[entity.full_key].values())[:3], 1):
            title = record.get(entity.title)
            if isinstance(title, str):
                yield await visit.ask("GET", "/api/search", text=title[:-1])


async def _change_sets(visit: Visit) -> AsyncIterator[Reply]:
    for whose in ("mine", "all"):
        yield await visit.ask("GET", f"/api/apps/{visit.stage.app}/change-sets", whose=whose)


async def _change_set_ids(visit: Visit) -> list[str]:
    rows = await visit.stage.site.pool.fetch("SELECT DISTINCT change_set FROM dougong.history WHERE app = $1 ORDER BY 1 LIMIT 40", visit.stage.app)
    return [str(row["change_set"]) for row in rows]


async def _change_set(visit: Visit) -> AsyncIterator[Reply]:
    for one in visit.some(await _change_set_ids(visit), 12):
        yield await visit.ask("GET", f"/api/apps/{visit.stage.app}/change-sets/{one}")


async def _undo(visit: Visit) -> AsyncIterator[Reply]:
    for one in (await _change_set_ids(visit))[:3]:
        yield await visit.ask("POST", f"/api/apps/{visit.stage.app}/change-sets/{one}/undo", {})


async def _file(visit: Visit) -> AsyncIterator[Reply]:
    for file_id, (name, _) in visit.some(visit.stage.files.items(), 30):
        yield await visit.ask("GET", f"/api/files/{file_id}/{name[:2]}")
    for full_key, records in visit.stage.world.records.items():
        if full_key.partition(".")[0] == visit.stage.app:
            for record_id in visit.some(list(records)[:4], 1):
                for file_id in visit.some(list(visit.stage.files)[:8], 4):
                    yield await visit.ask("GET", f"/api/files/{file_id}/x", record=f"{full_key.replace('.', '/', 1)}/{record_id}")


async def _access(visit: Visit) -> AsyncIterator[Reply]:
    """Ask why oneself, and others, may see records and fields of them."""
    for entity in visit.stage.entities:
        for record_id in visit.some(list(visit.stage.world.records[entity.full_key])[:3], 1):
            for key in ["", *visit.some(list(entity.fields)[:4], 2)]:
                for asked in ({}, {"user": visit.stage.others[0].id}):
                    query = {"entity": entity.key, "id": record_id, "field": key, **asked}
                    yield await visit.ask("GET", f"/api/apps/{visit.stage.app}/access/explain", None, None, **{name: value for name, value in query.items() if value})


async def _roles(visit: Visit) -> AsyncIterator[Reply]:
    for person in (visit.person, visit.stage.others[0]):
        yield await visit.ask("GET", f"/api/people/{person.id}/roles")


async def _handing_over(visit: Visit) -> AsyncIterator[Reply]:
    for person in (visit.person, visit.stage.others[0]):
        yield await visit.ask("POST", f"/api/people/{person.id}/hand-over/preview", {})


async def _upload(visit: Visit) -> AsyncIterator[Reply]:
    yield await visit.upload("/api/files", "page.txt", b"a page")


def _expression(path: str) -> Exit:
    async def ask(visit: Visit) -> AsyncIterator[Reply]:
        for entity in visit.stage.entities:
            for record_id in list(visit.stage.world.records[entity.full_key])[:1]:
                for key in visit.some(entity.fields, 4):
                    for text in (key, f"MAX(@{entity.key}.{key})"):
                        asked = {"entity": entity.key, "text": text, "use": "formula", **({"record": record_id} if path == "value" else {})}
                        yield await visit.ask("POST", f"/api/apps/{visit.stage.app}/expressions/{path}", asked)

    return Exit(ask, "none")


async def _imports(visit: Visit) -> list[str]:
    rows = await visit.stage.site.pool.fetch("SELECT id FROM dougong.import WHERE app = $1 ORDER BY 1 LIMIT 20", visit.stage.app)
    return [str(row["id"]) for row in rows]


async def _import(visit: Visit) -> AsyncIterator[Reply]:
    """Bring a sheet of records that are there, each found by its id or its unique texts; what is wrong with a row is told."""
    for entity in visit.some((entity for entity in visit.stage.entities if entity.kind == "record"), 1):
        texts = [one for one in entity.fields.values() if one.is_writable and one.kind.key == "text"][:3]
        rows = list(visit.stage.world.records[entity.full_key].values())[:4]
        lines = [",".join(["ID", *(one.name["en"] for one in texts)]), *(",".join([row["id"], *(visit.stage.marks.word() for _ in texts)]) for row in rows)]
        made = await visit.ask("POST", f"/api/apps/{visit.stage.app}/imports", "\n".join(lines).encode(), name="rows.csv", entity=entity.key)
        yield made
        if made.status == 202:
            path = f"/api/apps/{visit.stage.app}/imports/{made.json['id']}"
            yield await visit.ask("GET", path, wait="5")
            yield await visit.ask("POST", f"{path}/check", {})
            yield await visit.ask("GET", path, wait="5")
            yield await visit.ask("GET", f"{path}/issues")
            yield await visit.ask("GET", f"{path}/issues.xlsx")


def _of_imports(method: str, rest: str, body: object = None) -> Exit:
    async def ask(visit: Visit) -> AsyncIterator[Reply]:
        for one in visit.some(await _imports(visit), 4):
            yield await visit.ask(method, f"/api/apps/{visit.stage.app}/imports/{one}{rest}", body)

    return Exit(ask, "none", writes=method != "GET")


async def _public(visit: Visit) -> AsyncIterator[Reply]:
    """Make links of forms and records, and open them: what comes out is what whoever made them may see."""
    app = visit.stage.app
    for entity in visit.stage.entities:
        seen = [one async for one in replace(visit, entity=entity).visible()]
        wanted: list[dict[str, object]] = [{"kind": "read", "record": one} for one in visit.some(seen, 2)]
        lookups = [one.key for one in entity.fields.values() if one.to is not None]
        wanted += [{"kind": "fill", "lookups": lookups}]
        for opens in wanted:
            made = await visit.ask("POST", "/api/public-links", {"app": app, "entity": entity.key, "name": "link", **opens})
            yield made
            if made.status != 201:
                continue
            token = {"x-link-token": made.json["url"].partition("#")[2]}
            yield await visit.ask("POST", "/api/public/open", {}, token)
            for key in lookups if "record" not in opens else ():
                to, where = entity.fields[key].to, entity.fields[key].where
                yield await visit.ask("GET", f"/api/public/records/{to}", None, token, filter="" if where is None else where.text)


PLATFORM_EXITS: Mapping[tuple[str, str], Row] = {
    **dict.fromkeys((
        ("POST", "/api/session"), ("DELETE", "/api/session"), ("PATCH", "/api/session"), ("POST", "/api/session/code"), ("POST", "/api/links/check"),
        ("POST", "/api/links/use"), ("POST", "/api/resets"), ("POST", "/api/invitations"), ("GET", "/api/sign-in-options"), ("GET", "/api/oidc/{key}/start"),
        ("GET", "/api/oidc/{key}/return"), ("GET", "/api/oidc/sign-out"), ("PUT", "/api/providers/{key}"), ("DELETE", "/api/providers/{key}"), ("POST", "/api/providers/{key}/try"),
        ("PUT", "/api/account/password"), ("PUT", "/api/account/second-factor"),
        ("POST", "/api/account/second-factor"), ("POST", "/api/account/second-factor/removal"), ("POST", "/api/account/second-factor/recovery-codes"),
        ("DELETE", "/api/account/sessions"), ("DELETE", "/api/account/sessions/{session_id}"), ("POST", "/api/account/tokens"),
        ("DELETE", "/api/account/tokens/{token_id}"), ("DELETE", "/api/people/{user_id}/sessions"),
        ("DELETE", "/api/people/{user_id}/sessions/{session_id}"), ("DELETE", "/api/people/{user_id}/second-factor"), ("POST", "/api/people/{user_id}/tokens"),
        ("DELETE", "/api/people/{user_id}/tokens/{token_id}"), ("PUT", "/api/people/{user_id}/networks"), ("PUT", "/api/sign-in-rules"),
    ), _SIGN_IN),
    ("GET", "/api/session"): _get("/api/session"),
    ("GET", "/api/account"): _get("/api/account"),
    ("GET", "/api/account/sessions"): _get("/api/account/sessions"),
    ("GET", "/api/account/tokens"): _get("/api/account/tokens"),
    ("GET", "/api/apps/{app}/access/explain"): Exit(_access, "none"),
    ("GET", "/api/apps/{app}/access/lint"): _get("/api/apps/{app}/access/lint"),
    ("GET", "/api/apps/{app}/access/matrix"): _get("/api/apps/{app}/access/matrix"),
    ("GET", "/api/apps/{app}/access/matrix/export"): _get("/api/apps/{app}/access/matrix/export"),
    ("GET", "/api/people/{user}/roles"): Exit(_roles, "none"),
    ("POST", "/api/people/{user}/hand-over/preview"): Exit(_handing_over, "none"),
    ("POST", "/api/people/{user}/hand-over"): "for administrators; what it changes is told by its preview, and by change sets",
    ("POST", "/api/public/open"): Exit(_public, "none"),
    **dict.fromkeys((("POST", "/api/public-links"), ("GET", "/api/public/records/{entity}")), "asked with what opening a link answers"),
    ("GET", "/api/public-links"): _get("/api/public-links"),
    **dict.fromkeys((("PATCH", "/api/public-links/{link_id}"), ("DELETE", "/api/public-links/{link_id}")), "the bounds of a link, which hold nothing of records"),
    ("POST", "/api/public/records"): "what visitors send; nothing of it is answered",
    ("GET", "/api/invitations"): _get("/api/invitations"),
    ("GET", "/api/mail"): _get("/api/mail"),
    **dict.fromkeys((("POST", "/api/mail/test"), ("POST", "/api/mail/{mail}/again")), "whether mail goes out, for administrators; no mail is answered"),
    ("GET", "/api/providers"): _get("/api/providers"),
    ("GET", "/api/sign-in-rules"): _get("/api/sign-in-rules"),
    ("GET", "/api/apps"): _get("/api/apps"),
    ("GET", "/api/apps/{app}/model"): _get("/api/apps/{app}/model", "/api/apps/organization/model"),
    ("GET", "/api/apps/{app}/openapi.json"): _get("/api/apps/{app}/openapi.json"),
    ("GET", "/api/apps/{app}/package-records"): _get("/api/apps/{app}/package-records"),
    ("GET", "/api/apps/{app}/package"): _get("/api/apps/{app}/package"),
    ("GET", "/api/apps/{app}/export"): _get("/api/apps/{app}/export"),
    ("GET", "/api/apps/{app}/uninstall"): _get("/api/apps/{app}/uninstall"),
    ("GET", "/api/apps/{app}/draft/problems"): _get("/api/apps/{app}/draft/problems"),
    ("GET", "/api/apps/{app}/retired"): _get("/api/apps/{app}/retired"),
    ("GET", "/api/apps/{app}/publishes"): _get("/api/apps/{app}/publishes"),
    ("GET", "/api/audit"): _get("/api/audit"),
    ("GET", "/api/audit/export"): _get("/api/audit/export"),
    ("GET", "/api/audit/deeds"): _get("/api/audit/deeds"),
    ("POST", "/api/audit/verify"): "whether the chain of seals holds; no row of it is answered",
    ("GET", "/api/apps/{app}/search"): Exit(_search),
    ("GET", "/api/search"): Exit(_search_all),
    ("GET", "/api/apps/{app}/change-sets"): Exit(_change_sets, "none"),
    ("GET", "/api/apps/{app}/change-sets/{change_set}"): Exit(_change_set, "none"),
    ("GET", "/api/files/{file_id}/{name}"): Exit(_file, "files"),
    ("POST", "/api/files"): Exit(_upload, "none"),
    ("POST", "/api/apps/{app}/expressions/value"): _expression("value"),
    ("POST", "/api/apps/{app}/expressions/check"): _expression("check"),
    ("POST", "/api/apps/{app}/imports"): Exit(_import, "none"),
    ("GET", "/api/apps/{app}/imports"): _get("/api/apps/{app}/imports"),
    ("GET", "/api/apps/{app}/imports/{import_id}"): _of_imports("GET", ""),
    ("GET", "/api/apps/{app}/imports/{import_id}/issues"): _of_imports("GET", "/issues"),
    ("GET", "/api/apps/{app}/imports/{import_id}/issues.xlsx"): _of_imports("GET", "/issues.xlsx"),
    ("PATCH", "/api/apps/{app}/imports/{import_id}"): _of_imports("PATCH", "", {}),
    ("POST", "/api/apps/{app}/imports/{import_id}/check"): _of_imports("POST", "/check", {}),
    ("POST", "/api/apps/{app}/imports/{import_id}/run"): _of_imports("POST", "/run", {}),
    ("POST", "/api/apps/{app}/imports/{import_id}/cancel"): _of_imports("POST", "/cancel", {}),
    ("POST", "/api/apps/{app}/imports/{import_id}/entity"): _OWN,
    ("DELETE", "/api/apps/{app}/imports/{import_id}"): "answers nothing",
    ("POST", "/api/apps/{app}/change-sets/{change_set}/undo"): Exit(_undo, "none", writes=True),
    ("GET", "/api/people/{user_id}/account"): "how somebody signs in, for administrators",
    **dict.fromkeys((
        ("POST", "/api/apps"), ("GET", "/api/apps/{app}/draft"), ("PUT", "/api/apps/{app}/draft"), ("DELETE", "/api/apps/{app}/draft"), ("GET", "/api/apps/{app}/draft/changes"),
        ("POST", "/api/apps/{app}/draft/commands"), ("GET", "/api/apps/{app}/draft/gestures"), ("POST", "/api/apps/{app}/draft/presence"), ("POST", "/api/keys"),
        ("GET", "/api/apps/{app}/used-by"), ("GET", "/api/functions"), ("GET", "/schemas/app.json"), ("GET", "/api/health"),
        ("GET", "/api/calendar"), ("GET", "/api/calendar/{year}"), ("PUT", "/api/calendar/{year}"),
    ), _DESIGN),
    **dict.fromkeys((
        ("POST", "/api/apps/{app}/versions"), ("POST", "/api/apps/{app}/draft/rehearsal"), ("GET", "/api/apps/{app}/publishes/{publish}"),
        ("DELETE", "/api/apps/{app}/publishes/{publish}"),
    ), _OWN),
    **dict.fromkeys((
        ("GET", "/api/apps/{app}/versions"), ("GET", "/api/library"), ("POST", "/api/library"), ("GET", "/api/library/{key}"), ("GET", "/api/library/{key}/file"),
        ("DELETE", "/api/library/{key}/versions/{version}"), ("POST", "/api/apps/{app}/uninstall"), ("POST", "/api/apps/{app}/package-records/{part}"),
        ("DELETE", "/api/apps/{app}/package-records/{part}"), ("GET", "/api/apps/{app}/upgrade"), ("POST", "/api/apps/{app}/upgrade"),
        ("POST", "/api/apps/{app}/upgrade/plan"), ("POST", "/api/apps/{app}/packages/plan"), ("POST", "/api/apps/{app}/packages"), ("GET", "/api/apps/{app}/provenance"),
        ("GET", "/api/apps/{app}/provenance/packages"), ("POST", "/api/apps/{app}/packages/removal/plan"), ("POST", "/api/apps/{app}/packages/removal"),
        ("GET", "/api/apps/{app}/versions/{number}"), ("GET", "/api/apps/{app}/compare"), ("POST", "/api/apps/{app}/compare"),
        ("GET", "/api/apps/{app}/versions/{number}/restore/plan"), ("POST", "/api/apps/{app}/versions/{number}/restore"), ("POST", "/api/apps/{app}/retired/purge"),
    ), _PACKAGES),
}  # fmt: skip
"""Every endpoint of the platform itself, by method and path as its OpenAPI has them."""
