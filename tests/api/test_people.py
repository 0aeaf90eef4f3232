"""The organization as an app: roles of positions and groups count, departments make no circle, deputies stand in, whoever has left is nobody."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from dougong.app import open_application
from dougong.model.app_model import ORGANIZATION
from dougong.open_site import open_site
from dougong.packages.install import install
from dougong.packages.installed import read_installed, version_of
from dougong.packages.library import read_package
from dougong.people.persons import find_person
from dougong.permissions.actor import SYSTEM
from dougong.publishing.publish import publish
from dougong.registry.drafts import read_draft, write_draft
from dougong.settings import read_settings
from dougong.work.perform import perform
from dougong.work.request import Create, Request
from tests.api.browser import Browser, problem_of
from tests.api.command import command_for
from tests.workshop import RECORDS, Document, Shop, element, with_fields

PEOPLE = "/api/apps/organization/records"
OLD = Path(__file__).resolve().parents[1] / "formats" / "organization-1.0.0.json"


async def made(shop: Shop, kind: str, **values: object) -> dict[str, Any]:
    answer = await shop.admin.post(f"{PEOPLE}/{kind}", values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def changed(shop: Shop, kind: str, record: str, **values: object) -> httpx.Response:
    return await shop.admin.ask("PATCH", f"{PEOPLE}/{kind}/{record}", values)


async def role(shop: Shop, key: str) -> str:
    return str(await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = $1", key))


async def roles_of(browser: Browser) -> set[str]:
    return set((await browser.get("/api/session")).json()["user"]["roles"])


async def test_roles_of_groups_and_positions_are_added_to_ones_own(shop: Shop) -> None:
    guest, browser = shop.tickets["guest"].user_id, shop.guest
    assert await roles_of(browser) == {"organization.member"}
    post = await made(shop, "position", name="Clerk", roles=[{"role": await role(shop, "workshop.reader")}])
    group = await made(shop, "group", name="Helpers", members=[guest], roles=[{"role": await role(shop, "workshop.worker")}])
    assert await roles_of(browser) == {"organization.member", "workshop.worker"}
    assert (await changed(shop, "user", guest, main_position=post["id"])).status_code == 200
    assert await roles_of(browser) == {"organization.member", "workshop.worker", "workshop.reader"}
    assert (await browser.get(f"{RECORDS}/order")).status_code == 200
    assert (await changed(shop, "group", group["id"], members=[])).status_code == 200
    assert (await changed(shop, "user", guest, main_position=None)).status_code == 200
    assert await roles_of(browser) == {"organization.member"}
    home = await made(shop, "department", name="Elsewhere")
    rows = [{"department": home["id"], "other_position": post["id"]}]
    assert (await changed(shop, "user", guest, other_positions=rows)).status_code == 200
    assert await roles_of(browser) == {"organization.member", "workshop.reader"}
    assert (await shop.admin.ask("DELETE", f"{PEOPLE}/position/{post['id']}")).status_code == 409  # somebody holds it
    assert (await changed(shop, "user", guest, other_positions=[])).status_code == 200
    assert await roles_of(browser) == {"organization.member"}


async def test_a_department_comes_to_lie_below_itself_at_no_depth(shop: Shop) -> None:
    a = await made(shop, "department", name="A")
    b = await made(shop, "department", name="B", parent_department=a["id"])
    c = await made(shop, "department", name="C", parent_department=b["id"])
    for target in (b, c):
        problem = problem_of(await changed(shop, "department", a["id"], parent_department=target["id"]), 422, "record-invalid")
        assert [(one["code"], one["pointer"]) for one in problem["errors"]] == [("record-below-itself", "/parent_department")]
    bulk = {"changes": [{"action": "update", "id": a["id"], "values": {"parent_department": c["id"]}}]}
    assert problem_of(await shop.admin.post(f"{PEOPLE}/department/bulk", bulk), 422, "record-invalid")["errors"][0]["code"] == "record-below-itself"
    assert (await changed(shop, "department", c["id"], parent_department=a["id"])).status_code == 200


async def test_of_two_moves_that_make_a_circle_together_one_is_refused(shop: Shop) -> None:
    for _ in range(4):
        one, other = await made(shop, "department", name="One"), await made(shop, "department", name="Other")
        answers = await asyncio.gather(
            changed(shop, "department", one["id"], parent_department=other["id"]), changed(shop, "department", other["id"], parent_department=one["id"])
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422]


@pytest.fixture(scope="module")
async def asking(shop: Shop) -> Document:
    """Return an app whose records say who manages their user, worked out when they are saved and by a filter."""
    from tests.runtime.cards import installed

    user = element("who", "reference", to="organization.user")
    return await installed(shop, "asking", user, element("boss", "reference", to="organization.user", default="MANAGEROF(who)"),
                           element("home", "reference", to="organization.department"),
                           element("leader", "reference", to="organization.user", default="LEADEROF(home)"))  # fmt: skip


async def test_deputies_stand_in_for_a_manager_who_is_not_at_work_and_a_manager_of_ones_own_comes_first(shop: Shop, asking: Document) -> None:
    people = {}
    for name in ("chief", "first", "second", "clerk", "mentor"):
        people[name] = (await made(shop, "user", name=name, email=f"{name}@people.example.com"))["id"]
    home = await made(shop, "department", name="Led", manager=people["chief"], deputies=[people["first"], people["second"]])
    assert (await changed(shop, "user", people["clerk"], department=home["id"])).status_code == 200

    async def seen() -> list[str | None]:
        card = (await shop.admin.post("/api/apps/asking/records/card", {"name": "x", "who": people["clerk"], "home": home["id"]})).json()
        found = [key for key in ("boss", "leader") for name, value in people.items() if value == card[key]]
        assert len(found) <= 2
        for key, call in (("boss", "MANAGEROF(who)"), ("leader", "LEADEROF(home)")):  # SQL says the same
            condition = f'id = "{card["id"]}" && ({key} = {call} OR (ISBLANK({key}) && ISBLANK({call})))'
            told = await shop.admin.get(f"/api/apps/asking/records/card?{httpx.QueryParams(filter=condition)}")
            assert len(told.json()["records"]) == 1, told.text
        names = {value: name for name, value in people.items()}
        return [names.get(card[key]) for key in ("boss", "leader")]

    assert await seen() == ["chief", "chief"]
    assert (await changed(shop, "user", people["chief"], active=False)).status_code == 200
    assert await seen() == ["first", "first"]
    assert (await changed(shop, "user", people["first"], active=False)).status_code == 200
    assert await seen() == ["second", "second"]
    assert (await changed(shop, "user", people["clerk"], manager=people["mentor"])).status_code == 200
    assert await seen() == ["mentor", "second"]
    assert (await changed(shop, "user", people["mentor"], active=False)).status_code == 200
    assert (await changed(shop, "user", people["second"], active=False)).status_code == 200
    assert await seen() == [None, None]
    problem = problem_of(await changed(shop, "user", people["clerk"], manager=people["clerk"]), 422, "record-invalid")
    assert problem["errors"][0]["code"] == "record-rule-broken"


async def test_whoever_has_left_is_out_at_once_and_their_records_keep_their_name(shop: Shop) -> None:
    other, browser = shop.tickets["other"].user_id, shop.other
    note = (await browser.post(f"{RECORDS}/note", {"name": "kept"})).json()
    problem = problem_of(await changed(shop, "user", other, left_on="2026-01-31"), 422, "record-invalid")
    assert problem["errors"][0]["pointer"] == "/active"
    assert (await changed(shop, "user", other, left_on="2026-01-31", active=False)).status_code == 200
    problem_of(await browser.get("/api/session"), 401, "access-not-signed-in")
    seen = (await shop.manager.get(f"{RECORDS}/note/{note['id']}")).json()
    assert seen["created_by"] == other and seen["created_by__title"] == "other"
    assert (await changed(shop, "user", other, left_on=None, active=True)).status_code == 200
    await shop.sign_in_again("other")


async def test_a_last_day_that_is_over_ends_what_somebody_may_though_nobody_turned_them_off(shop: Shop) -> None:
    today = datetime.now(UTC).date()
    other = shop.tickets["other"].user_id
    assert (await changed(shop, "user", other, left_on=str(today + timedelta(days=2)))).status_code == 200
    browser = shop.other
    assert (await browser.get("/api/session")).status_code == 200
    await shop.database.execute('UPDATE app_organization."user" SET left_on = $1 WHERE id = $2', today - timedelta(days=2), UUID(other))
    assert (await changed(shop, "group", (await made(shop, "group", name="again"))["id"], description="so that sessions are read anew")).status_code == 200
    problem_of(await browser.get("/api/session"), 401, "access-not-signed-in")
    assert (await changed(shop, "user", other, left_on=None)).status_code == 200
    await shop.sign_in_again("other")


async def test_the_last_administrator_cannot_leave(shop: Shop) -> None:
    admin = shop.tickets["admin"].user_id
    day = str(datetime.now(UTC).date() + timedelta(days=30))
    for values in ({"active": False}, {"left_on": day}, {"left_on": "2026-01-01", "active": False}):
        problem_of(await changed(shop, "user", admin, **values), 409, "access-last-administrator")


async def test_people_delegate_for_themselves_alone(shop: Shop) -> None:
    worker, other, manager = (shop.tickets[name].user_id for name in ("worker", "other", "manager"))
    span = {"first_day": "2026-10-01", "last_day": "2026-10-08", "reason": "Holidays"}
    answer = await shop.worker.post(f"{PEOPLE}/delegation", {"from_user": worker, "to_user": other, **span})
    assert answer.status_code == 201, answer.text
    for wrong, at in (({"from_user": manager, "to_user": other}, "/from_user"), ({"from_user": worker, "to_user": worker}, "/to_user"),
                      ({"from_user": worker, "to_user": other, "last_day": "2026-09-01"}, "/last_day")):  # fmt: skip
        problem = problem_of(await shop.worker.post(f"{PEOPLE}/delegation", {**span, **wrong}), 422, "record-invalid")
        assert problem["errors"][0]["pointer"] == at
    assert (await shop.admin.post(f"{PEOPLE}/delegation", {"from_user": manager, "to_user": other, **span})).status_code == 201
    assert len((await shop.worker.get(f"{PEOPLE}/delegation")).json()["records"]) == 1


def settings(dsn: str) -> Mapping[str, str]:
    return {"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "4", "DOUGONG_STARTER": "none"}


@pytest.mark.parametrize("case", ["as it came", "changed", "draft"])
async def test_a_site_of_an_older_release_has_the_new_organization_after_the_start(database: str, case: str) -> None:
    old = orjson.loads(OLD.read_bytes())
    async with open_site(read_settings(settings(database))) as opened:
        await install(opened.site, SYSTEM, old, False)
        values = {"name": "Ann", "email": "ann@old.example.com", "roles": [{"role": str(await opened.site.pool.fetchval(
            "SELECT id FROM app_organization.role WHERE key = 'organization.member'"))}]}  # fmt: skip
        await perform(opened.site, Request(ORGANIZATION, SYSTEM, (Create("user", values),), "test"))
        more = with_fields(old, "user", element("x_shelf", "text"))
        if case == "changed":
            await publish(opened.site, SYSTEM, ORGANIZATION, {**more, "name": {"zh-CN": "人员", "en": "People"}}, "")
        if case == "draft":
            async with opened.site.pool.acquire() as connection, connection.transaction():
                await write_draft(connection, SYSTEM, ORGANIZATION, more)
    async with open_application(read_settings(settings(database))):
        pass
    async with open_site(read_settings(settings(database))) as opened:
        site = opened.site
        installed = (await read_installed(site.pool, ORGANIZATION))[ORGANIZATION]
        model = await site.app(ORGANIZATION)
        person = await find_person(site, "ann@old.example.com")
        assert person is not None and person.actor.roles == {"organization.member"}
        if case == "draft":
            assert version_of(installed) == "1.0.0" and "position" not in model.entities
            assert (await read_draft(site, ORGANIZATION)).document == more
            return
        assert version_of(installed) == version_of(read_package(ORGANIZATION)) and "position" in model.entities
        deeds = await site.pool.fetch("SELECT deed, details->>'from' AS old FROM dougong.audit WHERE deed = 'upgrade'")
        assert [(row["deed"], row["old"]) for row in deeds] == [("upgrade", "1.0.0")]
        if case == "changed":
            assert model.definition.name["en"] == "People" and "x_shelf" in model.entities["user"].fields


async def test_users_come_from_a_spreadsheet_with_department_position_and_roles_by_name(shop: Shop, tmp_path: Path) -> None:
    home, post = await made(shop, "department", name="Imported"), await made(shop, "position", name="Importer")
    member = await role(shop, "organization.member")
    names = {key: await shop.database.fetchval("SELECT name FROM app_organization.role WHERE key = $1", key) for key in ("organization.member", "organization.auditor")}
    template = (await shop.admin.get(f"{PEOPLE}/user/template?format=csv")).content.decode("utf-8-sig")
    headers = {header.rstrip(" *").rpartition("/")[2].strip(): header for header in next(csv.reader(io.StringIO(template)))}
    roles = next(header for header in next(csv.reader(io.StringIO(template))) if header.startswith("Roles"))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([headers["Name"], headers["E-mail"], "Department", "Position", roles])
    writer.writerow(["Ida", "ida@import.example.com", "Imported", "Importer", names["organization.member"]])
    writer.writerow(["", "", "", "", names["organization.auditor"]])
    writer.writerow(["Ivo", "ivo@import.example.com", "Imported", "", names["organization.member"]])
    file = tmp_path / "users.csv"
    file.write_text(out.getvalue(), encoding="utf-8")
    answer = await asyncio.to_thread(command_for(shop.dsn), "records", "import", "organization", "user", str(file))
    assert answer.exit_code == 0, answer.output
    found = {one["name"]: one for one in (await shop.admin.get(f"{PEOPLE}/user?limit=200")).json()["records"]}
    ida, ivo = [(await shop.admin.get(f"{PEOPLE}/user/{found[name]['id']}")).json() for name in ("Ida", "Ivo")]
    assert (ida["department"], ida["main_position"], len(ida["roles"])) == (home["id"], post["id"], 2)
    assert (ivo["department"], ivo["main_position"], [row["role"] for row in ivo["roles"]]) == (home["id"], None, [member])


async def test_pickers_offer_active_users_and_records_keep_others(shop: Shop) -> None:
    model = (await shop.manager.get("/api/apps/workshop/model")).json()
    order = next(one for one in model["entities"] if one["key"] == "order")
    reviewer = next(one for one in order["fields"] if one["key"] == "reviewer")
    assert (reviewer["to"], reviewer["where"]) == ("organization.user", "active")
    gone = await made(shop, "user", name="Gone", email="gone@people.example.com")
    kept = await shop.order(reviewer=gone["id"])
    assert (await changed(shop, "user", gone["id"], active=False)).status_code == 200
    answer = await shop.manager.ask("PATCH", f"{RECORDS}/order/{kept['id']}", {"remark": "still"})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["reviewer"], answer.json()["remark"]) == (gone["id"], "still")
