"""Whoever may write users and is no administrator gives no role they lack, and takes nobody over who has more than they have."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.api.browser import Browser, problem_of
from tests.workshop import Shop, browser_of, publish
from tests.workshop import _ticket as ticket

pytestmark = pytest.mark.anyio

PEOPLE = "/api/apps/organization/records"
ADMINISTRATOR, MEMBER, CLERK = "organization.administrator", "organization.member", "organization.clerk"


async def role(shop: Shop, key: str) -> dict[str, str]:
    return {"role": str(await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = $1", key))}


async def made(shop: Shop, entity: str, /, **values: object) -> dict[str, Any]:
    answer = await shop.admin.post(f"{PEOPLE}/{entity}", values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def beyond(answer: httpx.Response) -> list[tuple[str, str]]:
    """Return code and place of what a change is refused with."""
    return [(one["code"], one["pointer"]) for one in problem_of(answer, 422, "record-invalid")["errors"]]


@pytest.fixture(scope="module")
async def clerk(shop: Shop) -> Browser:
    """Return somebody who looks after people and is no administrator."""
    document = (await shop.admin.get("/api/apps/organization/draft")).json()["document"]
    document["roles"].append({"key": "clerk", "name": {"zh-CN": "人事", "en": "Clerk"}})
    actions = ["create", "read", "update", "delete", "restore"]
    for entity in ("user", "position", "group"):
        document["policies"].append({"key": f"clerk_{entity}", "role": "clerk", "entity": entity, "actions": actions, "rows": "all"})
    document["policies"].append({"key": "clerk_role", "role": "clerk", "entity": "role", "actions": ["read"], "rows": "all"})
    answer = await publish(shop.admin, "organization", document)
    assert answer.status_code == 201, answer.text
    roles = [await role(shop, CLERK), await role(shop, MEMBER)]
    person = await made(shop, "user", name="Clerk", email="clerk@giving.example.com", roles=roles)
    return browser_of(shop.app, await ticket(shop.database, shop.app, person["id"]))


async def test_what_a_sign_in_goes_by_of_who_has_more_is_for_administrators(shop: Shop, clerk: Browser) -> None:
    vice = (await made(shop, "user", name="Vice", email="vice@giving.example.com", roles=[await role(shop, ADMINISTRATOR)]))["id"]
    admin = f"{PEOPLE}/user/{vice}"
    for key, value in (("email", "clerk@evil.example.com"), ("kind", "service"), ("active", False), ("left_on", "2099-01-31")):
        assert beyond(await clerk.ask("PATCH", admin, {key: value})) == [("access-person-beyond-own", f"/{key}")]
    bulk = {"changes": [{"action": "update", "id": vice, "values": {"email": "clerk@evil.example.com"}}]}
    assert [code for code, _ in beyond(await clerk.post(f"{PEOPLE}/user/bulk", bulk))] == ["access-person-beyond-own"]
    assert (await clerk.ask("PATCH", admin, {"name": "The vice"})).status_code == 200
    assert beyond(await clerk.ask("DELETE", admin)) == [("access-person-beyond-own", "")]
    gone = await clerk.post(f"{PEOPLE}/user/bulk", {"mode": "each", "changes": [{"action": "delete", "id": vice}]})
    assert [one["code"] for one in gone.json()["results"][0]["errors"]] == ["access-person-beyond-own"]
    assert (await shop.admin.ask("DELETE", admin)).status_code == 204
    assert beyond(await clerk.post(f"{PEOPLE}/user/{vice}/restore", {}))[0] == ("access-role-beyond-own", "/roles")
    like = await made(shop, "user", name="Like", email="like@giving.example.com", roles=[await role(shop, MEMBER)])
    assert (await clerk.ask("PATCH", f"{PEOPLE}/user/{like['id']}", {"email": "likes@giving.example.com", "active": False})).status_code == 200
    for left in ("2099-01-31", None):
        assert (await clerk.ask("PATCH", f"{PEOPLE}/user/{like['id']}", {"left_on": left})).status_code == 200
    assert (await clerk.ask("DELETE", f"{PEOPLE}/user/{like['id']}")).status_code == 204
    assert (await clerk.post(f"{PEOPLE}/user/{like['id']}/restore", {})).status_code == 200
    post = await made(shop, "position", name="Boss", roles=[await role(shop, ADMINISTRATOR)])
    assert (await shop.admin.ask("PATCH", f"{PEOPLE}/user/{like['id']}", {"main_position": post["id"]})).status_code == 200
    assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/user/{like['id']}", {"active": True})) == [("access-person-beyond-own", "/active")]


async def test_nobody_gives_or_takes_roles_they_lack(shop: Shop, clerk: Browser) -> None:
    """By a user's roles, by a position and by a group, as they are made, changed, joined, left, deleted or taken from the trash."""
    own, more = await role(shop, MEMBER), await role(shop, ADMINISTRATOR)
    new = {"name": "Eve", "email": "eve@giving.example.com"}
    assert beyond(await clerk.post(f"{PEOPLE}/user", {**new, "roles": [more]})) == [("access-role-beyond-own", "/roles")]
    eve = (await clerk.post(f"{PEOPLE}/user", {**new, "roles": [own]})).json()["id"]
    for kind, values in (("position", {"name": "Head"}), ("group", {"name": "Heads"})):
        assert beyond(await clerk.post(f"{PEOPLE}/{kind}", {**values, "roles": [more]})) == [("access-role-beyond-own", "/roles")]
        mine = (await clerk.post(f"{PEOPLE}/{kind}", {**values, "roles": [own]})).json()["id"]
        assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/{kind}/{mine}", {"roles": [more]})) == [("access-role-beyond-own", "/roles")]
    post = (await made(shop, "position", name="Chief", roles=[more]))["id"]
    group = (await made(shop, "group", name="Chiefs", roles=[more]))["id"]
    home = (await made(shop, "department", name="Home"))["id"]
    assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/user/{eve}", {"main_position": post})) == [("access-role-beyond-own", "/main_position")]
    rows = [{"department": home, "other_position": post}]
    assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/user/{eve}", {"other_positions": rows})) == [("access-role-beyond-own", "/other_positions")]
    assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/group/{group}", {"members": [eve]})) == [("access-role-beyond-own", "/members")]
    assert (await clerk.ask("PATCH", f"{PEOPLE}/group/{group}", {"description": "Who leads"})).status_code == 200
    assert (await shop.admin.ask("PATCH", f"{PEOPLE}/group/{group}", {"members": [eve]})).status_code == 200
    assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/group/{group}", {"members": []})) == [("access-role-beyond-own", "/members")]
    for kind, one in (("group", group), ("position", post)):
        assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/{kind}/{one}", {"roles": []})) == [("access-role-beyond-own", "/roles")]
        assert beyond(await clerk.ask("DELETE", f"{PEOPLE}/{kind}/{one}")) == [("access-role-beyond-own", "")]
    assert (await shop.admin.ask("PATCH", f"{PEOPLE}/group/{group}", {"members": []})).status_code == 200
    given = {"roles": [more], "main_position": post, "other_positions": rows}
    assert (await shop.admin.ask("PATCH", f"{PEOPLE}/user/{eve}", given)).status_code == 200
    for key, value in (("roles", [own]), ("main_position", None), ("other_positions", [])):
        assert beyond(await clerk.ask("PATCH", f"{PEOPLE}/user/{eve}", {key: value})) == [("access-role-beyond-own", f"/{key}")]
    assert (await shop.admin.ask("DELETE", f"{PEOPLE}/user/{eve}")).status_code == 204


async def test_a_program_is_no_administrator_who_is_left(shop: Shop) -> None:
    """Neither one there is beside, nor what the last would become."""
    own, roles = f"{PEOPLE}/user/{shop.tickets['admin'].user_id}", [await role(shop, ADMINISTRATOR)]
    robot = await made(shop, "user", name="Robot", email="robot@giving.example.com", kind="service", roles=roles)
    ways: tuple[dict[str, object], ...] = ({"active": False}, {"roles": []}, {"kind": "service"})
    for values in ways:
        problem_of(await shop.admin.ask("PATCH", own, values), 409, "access-last-administrator")
    assert (await shop.admin.ask("DELETE", f"{PEOPLE}/user/{robot['id']}")).status_code in (200, 204)


async def test_of_two_administrators_who_end_each_other_one_stays(shop: Shop) -> None:
    roles = [await role(shop, ADMINISTRATOR)]
    for place in range(4):
        other = await made(shop, "user", name="Other", email=f"other{place}@giving.example.com", roles=roles)
        browser = browser_of(shop.app, await ticket(shop.database, shop.app, other["id"]))
        mine, theirs = f"{PEOPLE}/user/{shop.tickets['admin'].user_id}", f"{PEOPLE}/user/{other['id']}"
        answers = await asyncio.gather(shop.admin.ask("PATCH", theirs, {"roles": []}), browser.ask("PATCH", mine, {"roles": []}))
        assert 200 in {answer.status_code for answer in answers}
        left = await shop.database.fetchval(
            "SELECT count(*) FROM app_organization.user u JOIN app_organization.user__roles r ON r.parent = u.id WHERE u.active AND u.deleted_at IS NULL AND r.role = $1",
            roles[0]["role"],
        )
        assert left == 1, [answer.text for answer in answers]
        if answers[1].status_code == 200:
            assert (await browser.ask("PATCH", mine, {"roles": roles})).status_code == 200
            await shop.sign_in_again("admin")
            assert (await shop.admin.ask("PATCH", theirs, {"roles": []})).status_code == 200
