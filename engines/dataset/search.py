"""Words somebody looks for in; the terms that an index finds texts by and the patterns a text must then match out.

The other side of `search_terms` and `search_text`, the database's functions: terms are what stands at each place of a text and of
its pinyin initials, two characters, or three where the first is ASCII, and `~` with each syllable; letters may be pinyin, spelt out or not.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from engines.expression.python_pinyin import readings

MOST_WORDS = 10
LONGEST_WORD = 60
_MOST_SPELLINGS = 8
"""Of the ways letters can be syllables the ones with the fewest are looked for."""
_RUNS = re.compile(r"[a-z]+(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[a-z]+|[^\x00-\x7f]+(?=[a-z])|(?<=[a-z])[^\x00-\x7f]+")
_LETTERS = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of the index and of the texts it finds.

    terms: a tsquery. likes: LIKE patterns that the text without width and case must match, which costs little; patterns: regular
    expressions for it and its pinyin. Neither has anything where the terms say it all.
    """

    terms: str
    likes: tuple[str, ...]
    patterns: tuple[str, ...]

    @property
    def bound(self) -> Mapping[str, object]:
        """The parameters of a statement that searches."""
        return {"terms": self.terms, "likes": list(self.likes), "patterns": list(self.patterns)}


def search_for(text: str) -> Search | None:
    """Return how texts are found that contain every word; letters may be pinyin. None when there is no word.

    >>> search_for("上海").terms
    "('上海')"
    >>> search_for("sh").terms
    "('sh':* | '~sh':*)"
    """
    words = words_of(text)
    if not words:
        return None
    terms, likes, patterns = [], [], []
    for word in words:
        grams = _grams(word)
        # One letter alone is found as an initial among the terms as it is.
        spellings = _spellings(word) if len(word) > 1 and _LETTERS.fullmatch(word) else []
        ways = [_all(grams), *(_of_syllables(pieces) for pieces in spellings)]
        terms.append(f"({' | '.join(dict.fromkeys(ways))})")
        is_certain = len(grams) == 1 and all(_is_certain(pieces) for pieces in spellings)
        if spellings and not is_certain:
            patterns.append(f"{literal(word)}|(^|[^a-z]){_spelt(word)}")
        elif not spellings and not (len(word) == 1 and _LETTERS.fullmatch(word)):
            likes.append(_like(word))
    return Search(" & ".join(terms), tuple(likes), tuple(patterns))


def search_near(text: str) -> Search | None:
    """Return how texts are found in which a letter of each longer word is wrong, missing, one too many or in its neighbour's place.

    None when every word is too short for that: two letters that differ are another word.
    """
    words = words_of(text)
    if all(_least(word) > len(word) for word in words):
        return None
    terms, likes, patterns = [], [], []
    for word in words:
        if _least(word) > len(word):
            terms.append(f"({_all(_grams(word))})")
            likes.append(_like(word))
            continue
        ways = []
        for place in range(len(word)):
            left, right = word[:place], word[place + 2 :]
            grams = [gram for part in (left, right) if len(part) > 1 or not part.isascii() for gram in _grams(part)]
            ways += [_all(grams)] if grams else []
        terms.append(f"({' | '.join(dict.fromkeys(ways))})")
        patterns.append("|".join(dict.fromkeys(_nearly(word))))
    return Search(" & ".join(terms), tuple(likes), tuple(patterns))


def words_of(text: str) -> list[str]:
    """Return the words without width and case, Chinese and letters that stand together apart: each may be found in its place."""
    words: list[str] = []
    for part in folded(text).split():
        place = 0
        for run in _RUNS.finditer(part):
            words += [part[place : run.start()], run[0]]
            place = run.end()
        words.append(part[place:])
    return [word[:LONGEST_WORD] for word in dict.fromkeys(words) if word][:MOST_WORDS]


def folded(text: str) -> str:
    """Return a text without width and case, as it is compared."""
    wide = unicodedata.normalize("NFKC", text.replace("\x00", " "))
    return "".join(letter.lower() if letter.isascii() else letter for letter in wide)


def _grams(word: str) -> list[str]:
    """Return the terms of a word, each as a text of a tsquery; a word shorter than a term is the beginning of one."""
    sizes = [3 if letter.isascii() else 2 for letter in word]
    whole = [word[place : place + size] for place, size in enumerate(sizes) if place + size <= len(word)]
    return [_quoted(gram) for gram in whole] if whole else [f"{_quoted(word)}:*"]


def _quoted(gram: str) -> str:
    return "'" + gram.replace("\\", "\\\\").replace("'", "''") + "'"


def _all(grams: Sequence[str]) -> str:
    return " & ".join(dict.fromkeys(grams))


def _is_certain(pieces: tuple[str, ...]) -> bool:
    """Whether the terms of syllables say all: one syllable, or up to three initials, stand among them as they are."""
    return len(pieces) == 1 or (len(pieces) <= 3 and all(len(piece) == 1 for piece in pieces))


def _like(word: str) -> str:
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def literal(word: str) -> str:
    """Return the regular expression that matches a word as it is."""
    return re.sub(r"([^\w])", r"\\\1", word, flags=re.ASCII) if word.isascii() else "".join(
        f"\\{letter}" if letter.isascii() and not letter.isalnum() and letter != "_" else letter for letter in word
    )


def _spelt(word: str) -> str:
    """Return the pattern of syllables that each begin with the next letters: a syllable may end after any of them."""
    return "([a-z]* )?".join(word)


def _nearly(word: str) -> Iterator[str]:
    for place in range(len(word)):
        before, letter, after = word[:place], word[place], word[place + 1 :]
        yield f"{literal(before)}[^\n]{literal(after)}"
        yield f"{literal(before)}{literal(after)}"
        yield f"{literal(before)}[^\n]{literal(letter + after)}"
        if after:
            yield f"{literal(before)}{literal(after[0] + letter + after[1:])}"


def _least(word: str) -> int:
    """Return how long a word like this must be at least to be looked for with a letter that is wrong; of numbers none is meant for another."""
    if any(letter.isdigit() for letter in word):
        return len(word) + 1
    return 5 if word.isascii() else 3


@cache
def _syllables() -> tuple[frozenset[str], frozenset[str]]:
    """Return the syllables, and all that one can begin with."""
    characters, _, _ = readings()
    syllables = frozenset(characters.values())
    return syllables, frozenset(syllable[:size] for syllable in syllables for size in range(1, len(syllable) + 1))


def _spellings(word: str) -> list[tuple[str, ...]]:
    """Return the syllables that letters can be: whole ones, initials, and at the end the beginning of one.

    >>> _spellings("zhangs")[0]
    ('zhang', 's')
    """
    syllables, beginnings = _syllables()
    ways: list[list[tuple[str, ...]]] = [[] for _ in word] + [[()]]
    for place in range(len(word) - 1, -1, -1):
        for end in range(min(len(word), place + 6), place, -1):
            piece = word[place:end]
            is_initial = piece in beginnings and (end == len(word) or len(piece) == 1 or piece in ("zh", "ch", "sh"))
            if piece in syllables or is_initial:
                ways[place] += [(piece, *rest) for rest in ways[end]]
        ways[place] = sorted(ways[place], key=len)[:_MOST_SPELLINGS]
    every = tuple(word)
    return ways[0] if every in ways[0] or not beginnings.issuperset(every) else [*ways[0], every]


def _of_syllables(pieces: tuple[str, ...]) -> str:
    """Return the terms of syllables in a row: each by its beginning, where that says more than its initial, and all initials."""
    initials = "".join(piece[0] for piece in pieces)
    terms = [f"'~{piece}':*" for piece in pieces if len(piece) > 1 or len(pieces) == 1]
    return _all([*terms, *(_grams(initials) if len(pieces) > 1 else [])])
