"""Formulas over people and over what a record was, on each PostgreSQL at hand: defaults, rules, filters, and what publishing refuses."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.runtime.cards import cards, change, create, installed
from tests.workshop import Document, Shop, element, entity, label, package

ORGANIZATION = "/api/apps/organization/records"


def rule(key: str, check: str, at: str) -> Document:
    return {"key": key, "check": check, "at": at, "message": label(key)}


@pytest.fixture(scope="module")
async def people(shop: Shop) -> dict[str, str]:
    """Put the administrator in a department below the one that another person leads; return ids by name."""
    async def department(**values: object) -> str:
        answer = await shop.admin.post(f"{ORGANIZATION}/department", values)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    admin, boss, chief = (shop.tickets[name].user_id for name in ("admin", "manager", "reader"))
    top = await department(name="Head office", manager=chief)
    sales = await department(name="Sales", parent_department=top, manager=boss)
    east = await department(name="Sales East", parent_department=sales, manager=admin)
    other = await department(name="Other")
    for user, home in ((admin, east), (boss, sales)):
        answer = await shop.admin.ask("PATCH", f"{ORGANIZATION}/user/{user}", {"department": home})
        assert answer.status_code == 200, answer.text
    return {"admin": admin, "boss": boss, "chief": chief, "top": top, "sales": sales, "east": east, "other": other}


@pytest.fixture(scope="module")
async def cases(shop: Shop, people: dict[str, str]) -> Document:
    """Return an app whose formulas ask about people."""
    fields = [
        element("owner", "reference", to="organization.user", default="CURRENTUSER()"),
        element("by", "text", default="CURRENTUSER().name"),
        element("home", "text", default="CURRENTUSER().department.name"),
        element("department", "reference", to="organization.department", default="CURRENTUSER().department"),
        element("path", "text", default="DEPTPATH(CURRENTUSER().department)"),
        element("boss", "reference", to="organization.user", default="MANAGEROF(CURRENTUSER())"),
        element("chief", "reference", to="organization.user", default="MANAGEROF(CURRENTUSER(), 2)"),
        element("leader", "reference", to="organization.user", default="LEADEROF(department)"),
        element("code", "text", default="UUID()"),
        element("duties", "number", scale=0, default="COUNT(CURRENTUSER().roles)"),
        element("status", "text"),
        element("n", "number", scale=2),
    ]  # fmt: skip
    rules = [
        rule("closed_stays", 'NOT (CHANGED(status) && OLD(status) = "closed")', "status"),
        rule("only_up", "ISBLANK(OLD(n)) OR n >= OLD(n)", "n"),
        rule("by_manager", 'ISBLANK(n) OR n < 100 OR HASROLE("manager")', "n"),
        rule("by_auditor", 'ISBLANK(n) OR n < 1000 OR HASROLE("auditor") OR HASROLE("cases.auditor")', "n"),
        rule("in_sales", 'status <> "secret" OR INDEPARTMENT("Sales")', "status"),
        rule("in_other", 'status <> "other" OR INDEPARTMENT("Other")', "status"),
        rule("named", 'status <> "named" OR CONTAINS(CURRENTUSER().roles.role.key, "cases.manager")', "status"),
    ]
    return await installed(shop, "cases", *fields, rules=rules)


async def test_defaults_know_the_user_and_who_leads_them(shop: Shop, people: dict[str, str], cases: Document) -> None:
    card = await create(shop, cases, name="first")
    wanted = {
        "owner": people["admin"], "home": "Sales East", "department": people["east"], "path": "Head office/Sales/Sales East",
        "boss": people["boss"], "chief": people["chief"], "leader": people["admin"],
    }  # fmt: skip
    assert {key: card[key] for key in wanted} == wanted
    assert card["by"] and len(card["code"]) == 36
    assert int(card["duties"]) >= 1
    assert (await create(shop, cases, name="second"))["code"] != card["code"]


async def test_rules_know_what_was_and_what_the_user_may(shop: Shop, cases: Document) -> None:
    card = await create(shop, cases, name="ruled", status="open", n="5")
    await change(shop, cases, card, n="6")
    await change(shop, cases, card, n="500")
    for values, broken in (
        ({"n": "4"}, ["only_up"]), ({"n": "5000"}, ["by_auditor"]), ({"status": "other"}, ["in_other"]),
    ):  # fmt: skip
        answer = await shop.admin.ask("PATCH", f"{cards(cases)}/{card['id']}", values)
        assert answer.status_code == 422, answer.text
        assert [found["detail"] for found in answer.json()["errors"]] == broken
    for status in ("secret", "named", "closed"):
        await change(shop, cases, card, status=status)
    await change(shop, cases, card, name="still closed")
    answer = await shop.admin.ask("PATCH", f"{cards(cases)}/{card['id']}", {"status": "open"})
    assert [found["detail"] for found in answer.json()["errors"]] == ["closed_stays"]


FILTERS = [
    ("owner = CURRENTUSER()", True), ('CURRENTUSER().department.name = "Sales East"', True), ("home = CURRENTUSER().department.name", True),
    ("department = CURRENTUSER().department", True), ("boss = MANAGEROF(owner)", True), ("chief = MANAGEROF(CURRENTUSER(), 2)", True),
    ("ISBLANK(MANAGEROF(owner, 3))", True), ("leader = LEADEROF(department)", True), ("path = DEPTPATH(department)", True),
    ("MANAGEROF(owner, duties - duties + 1) = boss", True), ("INDEPARTMENT(department)", True), ('INDEPARTMENT("Head office")', True),
    ('INDEPARTMENT("Other")', False), ('HASROLE("manager")', True), ('HASROLE("cases.manager")', True), ('HASROLE("auditor")', False),
    ('CONTAINS(CURRENTUSER().roles.role.key, "cases.manager")', True), ("COUNT(CURRENTUSER().roles) = duties", True),
    ("RECORDID() = \"\" ", False), ("LEN(RECORDID()) = 36", True), ("CURRENTUSER().name = by", True),
    ("IFERROR(MANAGEROF(owner, 0) = boss, TRUE)", True), ("IN(CURRENTUSER(), owner, boss)", True), ("IN(CURRENTUSER(), [boss, chief])", False),
]  # fmt: skip


async def test_filters_compute_the_same_in_the_database(shop: Shop, cases: Document) -> None:
    card = await create(shop, cases, name="filtered")
    for text, holds in FILTERS:
        asked = quote(f'name = "filtered" && ({text})')
        answer = await shop.admin.get(f"{cards(cases)}?filter={asked}")
        assert answer.status_code == 200, (text, answer.text)
        assert [found["id"] for found in answer.json()["records"]] == ([card["id"]] if holds else []), text
    for text in ('OLD(status) = "a"', "CHANGED(status)", 'FLOWSTATE() = "x"', 'UUID() = "x"'):
        answer = await shop.admin.get(f"{cards(cases)}?filter={quote(text)}")
        assert answer.status_code == 400 or answer.status_code == 422, (text, answer.text)
        assert answer.json()["errors"], text


async def test_publishing_refuses_what_a_place_cannot_know(shop: Shop) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"default": 'SEQ("NO-{0000}")'}, "definition-formula-misplaced"),
        ({"default": "OLD(name)"}, "definition-formula-misplaced"),
        ({"formula": "CURRENTUSER().name"}, "definition-formula-volatile"),
        ({"formula": "OLD(name)"}, "definition-formula-volatile"),
        ({"formula": "UUID()"}, "definition-formula-volatile"),
    ]
    for others, code in wrong:
        answer = await shop.install(package("refused", entity("card", "name", element("name", "text"), element("x", "text", **others))))
        assert answer.status_code == 422, answer.text
        assert code in {found["code"] for found in answer.json()["errors"]}, answer.text
    by = element("by", "reference", to="organization.user")
    for check in ('FLOWSTATE() = "x"', 'SEQ("N-{0}") = "1"', 'OLD(by.name) = "x"'):
        answer = await shop.install(package("refused", entity("card", "name", element("name", "text"), by, rules=[rule("r", check, "name")])))
        assert answer.status_code == 422, (check, answer.text)
