"""docs/security.md answers every requirement of its chapters once, and names tests and files that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
PLACES = (ROOT, ROOT / "tests", ROOT / "platform/dougong", ROOT / "web_designer/src")

# OWASP ASVS 4.0.3: how many requirements each section has that levels 1 and 2 ask for, and numbers that are left out:
# those of level 3 alone, and 4.1.4, which the standard took back.
SECTIONS = {
    "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 6, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1,
    "4.1": 5, "4.2": 2, "4.3": 3,
    "5.1": 5, "5.2": 8, "5.3": 10, "5.4": 3, "5.5": 4,
}  # fmt: skip
TAKEN_BACK = {"4.1.4"}
REQUIREMENTS = [f"{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)]
ROWS = [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in PAGE.splitlines() if re.match(r"\| \d+\.\d+\.\d+ ", line)]
ANSWERS = ("met", "partly", "not met", "not applicable")


def test_every_requirement_is_answered_once_in_its_order() -> None:
    assert [row[0] for row in ROWS] == [number for number in REQUIREMENTS if number not in TAKEN_BACK]


def test_every_answer_is_one_of_four_and_what_is_met_names_what_does_it_and_what_shows_it() -> None:
    for number, asked, answer, how in ROWS:
        assert asked and answer in ANSWERS and how, number
        if answer == "met":
            assert "`" in how and ("::test_" in how or "No test" in how), f"{number}: neither a test nor a word that there is none"


def test_the_numbers_that_are_counted_are_those_of_the_rows() -> None:
    counted = {answer: int(count) for count, answer in re.findall(r"\*\*(\d+) ([a-z ]+)\*\*", PAGE)}
    assert counted == {answer: sum(row[2] == answer for row in ROWS) for answer in ANSWERS}


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)
    assert len(named) > 50
    for file, name in named:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {name}\(", text, re.MULTILINE), f"{file}::{name}"


def test_every_file_that_is_named_exists() -> None:
    named = re.findall(r"`([\w./-]+/[\w.-]+\.(?:py|tsx?|md|gz))(?:::\w+)?`", PAGE)
    assert len(named) > 50
    assert not [file for file in named if not any((place / file).is_file() for place in PLACES)]
