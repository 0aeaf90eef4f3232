"""The site's calendar over HTTP: announced days are there from the start, administrators change them, formulas count by them at once."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest

from dougong.workdays.announced import read_announced
from tests.api.browser import Browser, problem_of
from tests.workshop import Shop, element, entity, package

YEAR = "/api/calendar/2031"


def holiday(day: str, name: str = "") -> dict[str, str]:
    return {"day": day, "kind": "holiday", "name": name}


def workday(day: str) -> dict[str, str]:
    return {"day": day, "kind": "workday", "name": ""}


@pytest.mark.parametrize(("year", "free"), [(2019, 1 + 7 + 1 + 4 + 1 + 1 + 7), (2020, 1 + 10 + 3 + 5 + 3 + 8), (2024, 1 + 8 + 3 + 5 + 1 + 3 + 7), (2026, 3 + 9 + 3 + 5 + 3 + 3 + 7)])
def test_the_announced_years_have_as_many_free_days_as_their_notices_say(year: int, free: int) -> None:
    assert sum(day.kind == "holiday" for day in read_announced()[year].days) == free


def test_announced_working_days_are_days_of_a_weekend() -> None:
    for year in read_announced().values():
        assert "国办发明电" in year.source
        assert all(day.day.weekday() > 4 for day in year.days if day.kind == "workday"), year.year
        assert len({day.day for day in year.days}) == len(year.days)
    assert [year for year in read_announced() if year > 2018] == list(range(2019, 2027))


async def test_the_announced_days_are_there_from_the_start(shop: Shop) -> None:
    calendar = (await shop.manager.get("/api/calendar")).json()
    assert "2024-10-01" in calendar["holidays"] and "2024-10-12" in calendar["workdays"]
    assert calendar["years"][-1] == {"year": 2026, "source": "国办发明电〔2025〕7号", "holidays": 33, "workdays": 6}
    found = (await shop.manager.get("/api/calendar/2024")).json()
    assert (found["revision"], len(found["days"])) == (0, 36)
    assert {"day": "2024-02-04", "kind": "workday", "name": "春节"} in found["days"]


async def test_administrators_alone_change_a_year_and_only_the_one_they_have_read(shop: Shop) -> None:
    sent = {"revision": 0, "source": "ours", "days": [holiday("2031-05-01", "Labour Day"), workday("2031-05-03")]}
    problem_of(await shop.manager.ask("PUT", YEAR, sent), 403, "access-calendar-denied")
    kept = await shop.admin.ask("PUT", YEAR, sent)
    assert (kept.status_code, kept.json()["revision"], kept.json()["days"]) == (200, 1, sent["days"])
    problem_of(await shop.admin.ask("PUT", YEAR, sent), 409, "calendar-conflict")
    assert (await shop.manager.get(YEAR)).json() == kept.json()
    emptied = await shop.admin.ask("PUT", YEAR, {"revision": 1, "days": []})
    assert (emptied.json()["revision"], emptied.json()["days"]) == (2, [])


async def test_of_several_who_change_a_year_at_once_one_is_heard(shop: Shop) -> None:
    body = {"revision": 0, "days": [holiday("2032-01-01")]}
    answers = await asyncio.gather(*[shop.admin.ask("PUT", "/api/calendar/2032", body) for _ in range(4)])
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_each_wrong_day_is_named(shop: Shop) -> None:
    days = [holiday("2031-02-30"), holiday("2031-05-01"), workday("2030-05-01"), workday("2031-05-01"), holiday("20310501")]
    answer = await shop.admin.ask("PUT", YEAR, {"revision": 0, "days": days})
    found = [(one["pointer"], one["code"]) for one in problem_of(answer, 422, "request-invalid")["errors"]]
    assert found == [
        ("/days/0/day", "calendar-day-invalid"), ("/days/2/day", "calendar-day-outside"),
        ("/days/3/day", "calendar-day-repeated"), ("/days/4/day", "calendar-day-invalid"),
    ]  # fmt: skip
    assert "2031-02-30" in answer.json()["errors"][0]["detail"]
    wrong: tuple[Any, ...] = ({"revision": 0}, {"revision": 0, "days": [{"day": "2031-05-01", "kind": "feast"}]}, {"days": []})
    for body in wrong:
        problem_of(await shop.admin.ask("PUT", YEAR, body), 422, "request-invalid")
    problem_of(await shop.admin.get("/api/calendar/123"), 422, "request-invalid")


async def test_nobody_reads_it_without_signing_in(browser: Browser) -> None:
    problem_of(await browser.get("/api/calendar"), 401, "access-not-signed-in")


async def test_formulas_count_by_the_calendar_as_it_is_now(shop: Shop) -> None:
    job = entity(
        "job", "name", element("name", "text", required=True),
        element("begins", "date"),
        element("due", "date", default="WORKDAY(#2033-05-02#, 1, calendar.holidays, calendar.workdays)"),
        rules=[{"key": "worked", "check": "ISBLANK(begins) OR ISWORKDAY(begins, calendar.holidays, calendar.workdays)", "at": "begins",
                "message": {"zh-CN": "不是工作日", "en": "No working day"}}],
    )  # fmt: skip
    answer = await shop.install(package("jobs", job))
    assert answer.status_code == 201, answer.text
    path = "/api/apps/jobs/records/job"

    async def due() -> str:
        made = await shop.admin.ask("POST", path, {"name": "x"})
        assert made.status_code == 201, made.text
        return str(made.json()["due"])

    assert await due() == "2033-05-03"
    kept = await shop.admin.ask("PUT", "/api/calendar/2033", {"revision": 0, "days": [holiday("2033-05-03"), workday("2033-05-07")]})
    assert kept.status_code == 200
    assert await due() == "2033-05-04"
    free = await shop.admin.ask("POST", path, {"name": "x", "begins": "2033-05-03"})
    assert problem_of(free, 422, "record-invalid")["errors"][0]["pointer"] == "/begins"
    worked = await shop.admin.ask("POST", path, {"name": "late", "begins": "2033-05-07"})
    assert worked.status_code == 201, worked.text
    wanted = "NETWORKDAYS(begins, begins, calendar.holidays, calendar.workdays) = 1"
    rows = (await shop.admin.get(f"{path}?{urlencode({'filter': wanted})}")).json()["records"]
    assert [row["name"] for row in rows] == ["late"]
    preview = await shop.admin.ask("POST", f"{path}/preview", {"name": "y"})
    assert preview.json()["due"] == "2033-05-04"


async def test_a_stored_formula_may_not_read_the_calendar(shop: Shop) -> None:
    days = element("days", "number", formula="NETWORKDAYS(#2033-01-01#, #2033-12-31#, calendar.holidays)")
    answer = await shop.install(package("plans", entity("plan", "name", element("name", "text"), days)))
    problem = problem_of(answer, 422, "definition-invalid")
    assert [one["code"] for one in problem["errors"]] == ["definition-formula-volatile"]
    assert "calendar.holidays" in problem["errors"][0]["detail"]


def test_every_announced_day_lies_in_its_year() -> None:
    assert all(day.day.year == year.year for year in read_announced().values() for day in year.days)
    assert read_announced()[2018].days[0].day == date(2018, 12, 29)
