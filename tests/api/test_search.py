"""Search: Chinese, pinyin and letters with a mistake find the records people mean, by an index; and Chinese is sorted by pinyin."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from engines.dataset.search import search_for
from tests.refusal import refused
from tests.workshop import Shop, element, entity, fetch_all, package, publish

BASE = "/api/apps/found/records"
NAMES = (
    "上海汽车制造有限公司", "上海机场", "海上花", "重庆长安", "银行行长", "张三", "张三丰", "李四", "Shanghai Motors", "Huawei 华为", "ＡＢＣ　公司",
    "SO-2026-00123", "SO-2026-00456", "100% a_b", "back\\slash", "it's", "café", "阿里", "北京", "长沙", "曾", "apple", "Banana", "cherry", "㐀",
)  # fmt: skip
DOCUMENT = package(
    "found",
    entity("partner", "name", element("name", "text", required=True), element("code", "text", indexed=True), element("remark", "long_text")),
    entity("deal", "number", element("number", "sequence", pattern="D-{yyyy}-{0000}"), element("partner", "reference", to="partner")),
    entity("paper", "name", element("name", "text"), element("body", "long_text"), search=["body"]),
)


@pytest.fixture(scope="module")
async def partners(shop: Shop) -> Sequence[str]:
    """Return the names of partners, each with a deal, installed with their app."""
    assert (await shop.install(DOCUMENT)).status_code == 201
    for n, name in enumerate(NAMES):
        made = await shop.admin.post(f"{BASE}/partner", {"name": name, "code": f"K{n:03}", "remark": f"hidden {name}"})
        assert made.status_code == 201, made.text
        await shop.admin.post(f"{BASE}/deal", {"partner": made.json()["id"]})
    return NAMES


async def ask(shop: Shop, kind: str = "partner", **query: str) -> dict[str, Any]:
    answer = await shop.admin.get(f"{BASE}/{kind}?{httpx.QueryParams({'limit': '200', **query})}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def shown(*places: int) -> set[str]:
    return {NAMES[place] for place in places}


@pytest.mark.parametrize(("words", "expected"), [
    ("上海", shown(0, 1)), ("海", shown(0, 1, 2)), ("公司", shown(0, 10)), ("汽车制造", shown(0)), ("汽制", set()),
    ("shqc", shown(0)), ("shanghaiqiche", shown(0)), ("shanghai", shown(0, 1, 8)), ("shangh", shown(0, 1, 2, 8)), ("haiqic", shown(0)),
    ("sh汽车", shown(0)), ("上海qc", shown(0)), ("cq", shown(3)), ("chongqing", shown(3)), ("zhongqing", set()), ("yhhz", shown(4)),
    ("zs", shown(5, 6)), ("zhangs", shown(5, 6)), ("zsf", shown(6)), ("zhsan", shown(5, 6)), ("hangsan", set()), ("li", shown(7, 17)), ("abc", shown(10)),
    ("ＡＢＣ", shown(10)), ("2026-00", shown(11, 12)), ("00123", shown(11)), ("so-2026 456", shown(12)), ("公司 上海", shown(0)), ("huawei", shown(9)),
    ("%", shown(13)), ("a_b", shown(13)), ("k\\s", shown(14)), ("it's", shown(15)), ("É", set()), ("é", shown(16)), ("K007", shown(7)),
    ("007 李", shown(7)), ("hidden", set()), ("motors SHANGHAI", shown(8)), ("㐀", shown(24)),
])  # fmt: skip
async def test_words_find(shop: Shop, partners: Sequence[str], words: str, expected: set[str]) -> None:
    page = await ask(shop, search=words, total="exact")
    assert ({record["name"] for record in page["records"]}, page["total"]) == (expected, len(expected))


@pytest.mark.parametrize(("words", "expected"), [
    ("hauwei", shown(9)), ("huaweo", shown(9)), ("huaawei", shown(9)), ("huavei", shown(9)), ("shanghai motros", shown(8)), ("上海气车", shown(0)),
    ("张山丰", shown(6)), ("重庆常安", shown(3)), ("bananna", shown(22)), ("xyzzy", set()), ("cat", set()), ("SO-2026-00124", set()), ("王五", set()),
])  # fmt: skip
async def test_a_letter_that_is_wrong_finds_what_is_meant(shop: Shop, partners: Sequence[str], words: str, expected: set[str]) -> None:
    page = await ask(shop, search=words, total="exact")
    assert ({record["name"] for record in page["records"]}, page["total"]) == (expected, len(expected))
    assert page.get("similar", False) == bool(expected)
    again = await ask(shop, search=words, similar="true", total="exact")
    assert again["records"] == page["records"]


@pytest.mark.parametrize("text", ["", " ", "x", "P1000123", "a b", "two words\tand\nmore", "é한글 x", "0123456789" * 3, "end \x01\x7f", "ＡＢ１", "a" * 40 + "b"])
async def test_an_index_has_the_pieces_from_each_place_of_a_text(shop: Shop, text: str) -> None:
    folded = "".join(letter.lower() if letter.isascii() else letter for letter in unicodedata.normalize("NFKC", text))
    padded = folded + "\n\n" if text.isascii() else f"{folded}\n{folded}\n\n"  # the second time with initials of what is Chinese
    pieces = {padded[at : at + (3 if letter.isascii() else 2)] for at, letter in enumerate(padded) if letter > " "}
    assert set(await shop.database.fetchval("SELECT tsvector_to_array(dougong.search_terms($1))", text)) == pieces


async def test_an_index_has_the_pinyin_of_a_text(shop: Shop) -> None:
    terms = await shop.database.fetchval("SELECT tsvector_to_array(dougong.search_terms($1))", "重庆a长")
    assert set(terms) == {"重庆", "庆a", "a长\n", "长\n", "cqa", "qaz", "az\n", "z\n\n", "~chong", "~qing", "~zhang"}


async def test_what_is_changed_is_found_by_its_new_words(shop: Shop, partners: Sequence[str]) -> None:
    made = (await shop.admin.post(f"{BASE}/partner", {"name": "南京路"})).json()
    await shop.admin.ask("PATCH", f"{BASE}/partner/{made['id']}", {"revision": 1, "name": "天津港"})
    assert (await ask(shop, search="njl"))["records"] == []
    assert [r["name"] for r in (await ask(shop, search="tjg"))["records"]] == ["天津港"]
    await shop.admin.ask("DELETE", f"{BASE}/partner/{made['id']}?revision=2")
    assert (await ask(shop, search="tjg"))["records"] == []


IN_ORDER = ["100% a_b", "apple", "back\\slash", "Banana", "café", "cherry", "Huawei 华为", "it's", "Shanghai Motors", "SO-2026-00123", "SO-2026-00456",
            "㐀", "阿里", "北京", "曾", "长沙", "海上花", "李四", "上海机场", "上海汽车制造有限公司", "银行行长", "张三", "张三丰", "重庆长安", "ＡＢＣ　公司"]  # fmt: skip


async def test_chinese_is_sorted_by_pinyin(shop: Shop, partners: Sequence[str]) -> None:
    listed = [record["name"] for record in (await ask(shop, sort="name"))["records"]]
    assert sorted(listed) == sorted(NAMES)
    chong = listed.index("重庆长安")
    assert listed[chong - 1] == "长沙"  # chang, chong: the readings the words have, not the characters alone
    assert [name for name in listed if name != "重庆长安"] == [name for name in IN_ORDER if name != "重庆长安"]
    for limit in (3, 7):
        for backwards in (False, True):
            for sort, expected in (("name", listed), ("-name", listed[::-1])):
                walked = await fetch_all(shop.admin, f"{BASE}/partner", limit, backwards, sort=sort)
                assert [record["name"] for record in walked] == expected
    titles = [record["partner__title"] for record in await fetch_all(shop.admin, f"{BASE}/deal", 4, sort="partner")]
    assert titles == listed
    jumped = [record["name"] for record in (await ask(shop, sort="name", **{"from": '"海"'}))["records"]]
    assert jumped == listed[listed.index("海上花") :]


async def test_only_the_fields_named_are_searched(shop: Shop, partners: Sequence[str]) -> None:
    await shop.admin.post(f"{BASE}/paper", {"name": "outside", "body": "深圳\ninside"})
    for words, count in (("inside", 1), ("sz", 1), ("outside", 0)):
        assert len((await ask(shop, "paper", search=words))["records"]) == count
    changed = {**DOCUMENT, "entities": [*DOCUMENT["entities"][:2], {**DOCUMENT["entities"][2], "search": ["name", "body"]}]}
    before = await indexes(shop, "paper")
    assert (await publish(shop.admin, "found", changed)).status_code == 201
    after = await indexes(shop, "paper")
    assert (len(before), len(after), len(before & after)) == (1, 1, 0)
    assert await shop.database.fetchval("SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = 'app_found.paper'::regclass") == 1
    assert len((await ask(shop, "paper", search="outside inside"))["records"]) == 1


async def indexes(shop: Shop, table: str) -> set[str]:
    """Return the names of the indexes of terms."""
    rows = await shop.database.fetch("SELECT indexname FROM pg_indexes WHERE schemaname = 'app_found' AND tablename = $1", table)
    return {row["indexname"] for row in rows if "__terms__" in row["indexname"]}


@pytest.mark.parametrize("search", [["colour"], ["partner"]], ids=["unknown", "no text"])
async def test_a_field_that_cannot_be_searched_is_refused(shop: Shop, partners: Sequence[str], search: list[str]) -> None:
    wrong = {**DOCUMENT, "entities": [*DOCUMENT["entities"][:1], {**DOCUMENT["entities"][1], "search": search}, DOCUMENT["entities"][2]]}
    refusal = await publish(shop.admin, "found", wrong)
    code = "definition-field-unknown" if search == ["colour"] else "definition-search-kind"
    assert [(e["code"], e["pointer"]) for e in refusal.json()["errors"]] == [(code, "/entities/deal/search")]


async def test_terms_are_found_by_the_index(shop: Shop, partners: Sequence[str]) -> None:
    await shop.database.execute(
        """INSERT INTO app_found.partner (id, revision, created_at, created_by, updated_at, updated_by, name)
           SELECT gen_random_uuid(), 1, now(), id, now(), id, '客户' || n
           FROM app_organization."user", generate_series(1, 4000) n WHERE email LIKE 'manager%'"""
    )
    await shop.database.execute("ANALYZE app_found.partner")
    made = search_for("上海")
    assert made is not None
    plan = await shop.database.fetch(
        """EXPLAIN SELECT id FROM app_found.partner WHERE deleted_at IS NULL
           AND dougong.search_terms(coalesce(name, '') || E'\\n' || coalesce(code, '')) @@ '""" + made.terms.replace("'", "''") + "'::tsquery"
    )  # fmt: skip
    assert "partner__terms__" in "".join(row[0] for row in plan)
    assert (await look(shop, "客户7"))[0] == ("partner", "客户7")  # which is not among the latest of so many
    counted = await shop.database.fetchval("SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = 'app_found.partner'::regclass")
    assert counted == 1  # how common a word is, so that a common one is looked for in the order of the list


async def test_similar_is_yes_or_no(shop: Shop, partners: Sequence[str]) -> None:
    path = f"{BASE}/partner?search=x&similar=perhaps"
    await refused(shop, shop.admin, "GET", path, None, 400, "request-query-invalid", ("request-parameter-invalid", "similar"))


async def look(shop: Shop, text: str, who: str = "admin", path: str = "/api/apps/found/search") -> list[tuple[str, str | None]]:
    """Return entity and title of what the whole app is searched for, best first."""
    answer = await getattr(shop, who).get(f"{path}?{httpx.QueryParams({'text': text})}")
    assert answer.status_code == 200, answer.text
    return [(hit["entity"], hit["title"]) for hit in answer.json()["hits"]]


async def test_an_app_is_searched_as_a_whole_the_best_first(shop: Shop, partners: Sequence[str]) -> None:
    for title, body in (("张三", "note"), ("论张三", ""), ("zhang", ""), ("Zhang San", ""), ("xzhang", "")):
        assert (await shop.admin.post(f"{BASE}/paper", {"name": title, "body": body})).status_code == 201
    document = {**DOCUMENT, "entities": [*DOCUMENT["entities"][:2], {**DOCUMENT["entities"][2], "search": ["name", "body"]}]}
    assert (await publish(shop.admin, "found", document)).status_code == 201
    assert await look(shop, "张三") == [("partner", "张三"), ("paper", "张三"), ("partner", "张三丰"), ("paper", "论张三")]
    found = [title for _, title in await look(shop, "zhang")]
    assert found[:2] == ["zhang", "Zhang San"]
    assert set(found[2:]) == {"xzhang", "张三", "张三丰", "论张三", "银行行长"}
    assert await look(shop, "zhang san") == [("paper", "Zhang San"), ("partner", "张三丰"), ("partner", "张三"), ("paper", "论张三"), ("paper", "张三")]
    number = (await ask(shop, "deal", sort="number", limit="1"))["records"][0]["number"]
    assert (await look(shop, number.lower()))[0] == ("deal", number)
    assert await look(shop, "") == await look(shop, "xyzzy") == []


async def test_a_hit_says_where_the_words_stand(shop: Shop, partners: Sequence[str]) -> None:
    await shop.admin.post(f"{BASE}/paper", {"name": "outer", "body": f"{'before ' * 9}needle{' after' * 20}"})
    hit = (await shop.admin.get("/api/apps/found/search?text=NEEDLE")).json()["hits"][0]
    assert hit["label"]["en"] == "paper" and hit["title"] == "outer" and hit["app"] == "found"
    assert hit["piece"].startswith("…") and hit["piece"].endswith("…") and "before needle after" in hit["piece"]
    near = (await shop.admin.get("/api/apps/found/search?text=hauwei")).json()
    assert (near["similar"], [one["title"] for one in near["hits"]]) == (True, ["Huawei 华为"])
    assert (await shop.admin.get("/api/apps/found/search?text=huawei")).json()["hits"][0]["piece"] is None


async def test_a_search_finds_only_what_somebody_may_read(shop: Shop, partners: Sequence[str]) -> None:
    mine = (await shop.worker.post("/api/apps/workshop/records/note", {"name": "quokka mine"})).json()
    await shop.other.post("/api/apps/workshop/records/note", {"name": "quokka others"})
    path = "/api/apps/workshop/search"
    answer = await shop.worker.get(f"{path}?text=quokka")
    assert [hit["id"] for hit in answer.json()["hits"]] == [mine["id"]]
    assert len(await look(shop, "quokka", "manager", path)) == 2
    assert len(await look(shop, "quokka", "manager", "/api/search")) == 2
    await refused(shop, shop.worker, "GET", "/api/apps/found/search?text=quokka", None, 404, "app-not-found")
    await shop.worker.ask("DELETE", f"/api/apps/workshop/records/note/{mine['id']}?revision=1")
    assert await look(shop, "quokka", "worker", "/api/search") == []
