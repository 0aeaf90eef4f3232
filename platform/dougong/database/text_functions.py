"""The pinyin table in, the statements out that make PostgreSQL's functions of texts: `sort_key`, `search_text` and `search_terms`.

They depend on the text alone, so an index on one of them is right whoever writes the text: nothing is kept beside it, filled in or
forgotten. Whoever changes what they answer, or the table, must make the indexes on them anew in the same migration.
"""

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping

from engines.expression.python_pinyin import readings

_FIRST, _LAST = 0x4E00, 0x9FFF
_IN_PAIR = 0x8000
"""Marks a character that begins a pair with a reading of its own, such as 重 in 重庆."""
_UNREAD = 0x7FFF


def text_functions() -> tuple[str, ...]:
    """Return the statements that make the functions."""
    characters, phrases, _ = readings()
    pairs = {phrase: tuple(reading.split(" ")) for phrase, reading in phrases.items() if len(phrase) == 2}
    every = [chr(code) for code in range(_FIRST, _LAST + 1)]
    rank = {character: place for place, character in enumerate(sorted(every, key=lambda one: _place(one, characters)))}
    first: dict[str, int] = {}
    for character in sorted(every, key=rank.__getitem__):
        first.setdefault(characters.get(character, ""), rank[character])
    syllables = sorted({*characters.values(), *(syllable for pair in pairs.values() for syllable in pair)})
    number = {syllable: place for place, syllable in enumerate(syllables)}
    begins = {phrase[0] for phrase in pairs}

    def table(values: Iterable[int]) -> str:
        marked = (value | (_IN_PAIR if one in begins else 0) for one, value in zip(every, values, strict=True))
        return _bytes(b"".join(value.to_bytes(2, "big") for value in marked))

    def key(character: str, syllable: str) -> str:
        place = rank[character] if characters.get(character) == syllable else first.get(syllable, rank[character])
        return chr(_FIRST + place)

    keys = {phrase: "".join(key(*one) for one in zip(phrase, pair, strict=True)) for phrase, pair in pairs.items()}
    spelt = table(number.get(characters.get(one, ""), _UNREAD) for one in every)
    names = _bytes(b"".join(syllable.encode().ljust(6) for syllable in syllables))
    readings_of_pairs = _json({phrase: " ".join(pair) for phrase, pair in pairs.items()})
    letters = {"first": _FIRST, "count": len(every), "unread": _UNREAD}
    return (
        _SORT_KEY.format(table=table(rank[one] for one in every), pairs=_json(keys), **letters),
        _SEARCH_TEXT.format(table=spelt, names=names, pairs=readings_of_pairs, **letters),
        _SEARCH_TERMS.format(table=spelt, names=names, pairs=readings_of_pairs, **letters),
    )


def _place(character: str, characters: Mapping[str, str]) -> tuple[str, bytes, str]:
    """Return what a character is ordered by: its syllable; the commonest as GB 2312 has them, by tone and strokes; then the others."""
    common = character.encode("gb2312", "replace")
    return characters.get(character, "~"), common if b"\xb0\xa1" <= common <= b"\xd7\xf9" else b"\xff", character


def _bytes(table: bytes) -> str:
    return f"decode('{b64encode(table).decode()}', 'base64')"


def _json(table: Mapping[str, str]) -> str:
    return f"'{json.dumps(table, ensure_ascii=False, separators=(',', ':'))}'::jsonb"


def _walk(text: str, out: str, pair: str, letter: str) -> str:
    """Return the loop over the letters of a text: any other joins `out`; of a Chinese one `place` is its entry in the table, of two `pair` theirs.

    pair, letter: what is done with two that are read together, and with any other.
    """
    return _WALK.replace("{text}", text).replace("{out}", out).replace("{take_pair}", pair).replace("{take_letter}", letter)


# A loop of simple expressions: measured three times faster than set-returning parts inside, which start an executor each call.
_WALK = """FOREACH letter IN ARRAY string_to_array({text}, NULL) LOOP
        place := ascii(letter) - {first};
        IF place < 0 OR place >= {count} THEN
            {out} := {out} || letter;
            previous := NULL;
            CONTINUE;
        END IF;
        IF previous IS NOT NULL THEN
            pair := {pairs} ->> (previous || letter);
            IF pair IS NOT NULL THEN
                {take_pair}
                previous := NULL;
                CONTINUE;
            END IF;
        END IF;
        entry := substring({table} FROM place * 2 + 1 FOR 2);
        place := get_byte(entry, 0);
        previous := CASE WHEN place > 127 THEN letter END;
        place := place % 128 * 256 + get_byte(entry, 1);
        {take_letter}
    END LOOP;"""


def _spelt(text: str, out: str, pair: str, name: str) -> str:
    """Return the loop over the letters of a text in which `name` is the syllable of each Chinese one that has a reading; the others join `out`."""
    return _walk(text, out, pair, _SPELT.replace("{take_name}", name).replace("{out}", out))


_SPELT = """IF place < {unread} THEN
            name := rtrim(convert_from(substring({names} FROM place * 6 + 1 FOR 6), 'UTF8'));
            {take_name}
        ELSE
            {out} := {out} || letter;
            previous := NULL;
        END IF;"""

_SORT_KEY = """
CREATE OR REPLACE FUNCTION dougong.sort_key(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 20 AS $body$
DECLARE
    key text := '';
    letter text;
    previous text;
    pair text;
    entry bytea;
    place integer;
BEGIN
    IF octet_length(value) = length(value) THEN
        RETURN lower(left(value, 600) COLLATE "C");
    END IF;
    {walk}
    RETURN key;
END
$body$
""".replace("{walk}", _walk(
    text="""lower(left(value, 600) COLLATE "C")""", out="key", pair="key := left(key, -1) || pair;", letter="key := key || chr({first} + place);"
))  # fmt: skip
"""Order for people: ASCII letters alike, large or small; Chinese by pinyin, after all others. Of a text the first 600 characters count."""

_SEARCH_TEXT = """
CREATE OR REPLACE FUNCTION dougong.search_text(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 40 AS $body$
DECLARE
    folded text;
    spelt text := '';
    name text := '';
    letter text;
    previous text;
    pair text;
    entry bytea;
    place integer;
    is_chinese boolean := false;
BEGIN
    IF octet_length(value) = length(value) THEN
        RETURN lower(left(value, 20000) COLLATE "C");
    END IF;
    folded := lower(normalize(left(value, 20000), NFKC) COLLATE "C");
    {walk}
    RETURN CASE WHEN is_chinese THEN folded || E'\\n' || spelt ELSE folded END;
END
$body$
""".replace("{walk}", _spelt(
    text="left(folded, 400)", out="spelt", pair="spelt := left(spelt, -1 - length(name)) || pair || ' ';",
    name="spelt := spelt || name || ' '; is_chinese := true;",
))  # fmt: skip
"""What words are looked for in: the text without width and case, then its beginning with Chinese spelt in pinyin, a blank after each syllable."""

_AT_A_TIME = 8
_TERM = """CASE WHEN ascii(letters[{place}]) > 127 THEN letters[{place}] || letters[{place} + 1]
            WHEN ascii(letters[{place}]) > 32 THEN letters[{place}] || letters[{place} + 1] || letters[{place} + 2] END"""
# Eight places in one expression: a statement of PL/pgSQL costs as much as the term it makes.
_SEARCH_TERMS = """
CREATE OR REPLACE FUNCTION dougong.search_terms(value text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $body$
DECLARE
    folded text;
    initials text := '';
    terms text[] := '{{}}';
    letters text[];
    letter text;
    previous text;
    pair text;
    entry bytea;
    place integer;
    name text;
    ends integer := 0;
BEGIN
    IF octet_length(value) = length(value) THEN
        folded := lower(left(value, 20000) COLLATE "C");
    ELSE
        folded := lower(normalize(left(value, 20000), NFKC) COLLATE "C");
        {walk}
        folded := folded || E'\\n' || initials;
    END IF;
    letters := string_to_array(folded || E'\\n\\n', NULL);
    FOR spot IN 1..cardinality(letters) - 2 BY {at_a_time} LOOP
        terms := terms || ARRAY[{several}];
    END LOOP;
    RETURN array_to_tsvector(array_remove(terms, NULL));
END
$body$
""".replace("{walk}", _spelt(
    text="left(folded, 400)", out="initials",
    pair="""name := split_part(pair, ' ', 2);
                initials := left(initials, -1) || left(pair, 1) || left(name, 1);
                terms[ends] := '~' || split_part(pair, ' ', 1);
                ends := ends + 1;
                terms[ends] := '~' || name;""",
    name="initials := initials || left(name, 1); ends := ends + 1; terms[ends] := '~' || name;",
)).replace("{at_a_time}", str(_AT_A_TIME)).replace("{several}", ", ".join(_TERM.replace("{place}", f"spot + {place}") for place in range(_AT_A_TIME)))  # fmt: skip
"""What an index finds a text by: from each place of it, and of its pinyin initials, two characters, or three where the first is ASCII; and `~` with each syllable."""
