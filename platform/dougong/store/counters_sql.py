"""SQL text around gapless numbers: an entity in, the arms that count, and the statements that find out what was counted."""

from collections.abc import Mapping, Sequence

from dougong.store.names import quoted, table_name
from engines.entity.entity import Entity, Field
from engines.entity.sequence_pattern import RESETS, SequencePattern

TAKEN = (("scope", "text"), ("period", "text"), ("before", "text"), ("after", "text"), ("place", "bigint"))
"""What a record brings for each of its gapless numbers; place: how far its number is from the last of the block, 0 or less."""

_DIGITS: Mapping[str, str] = {"{yyyy}": "%Y", "{yyyyMM}": "%Y%m", "{yyyyMMdd}": "%Y%m%d", "{yy}": "%y", "{MM}": "%m", "{dd}": "%d"}


def taken_key(field: Field, use: str) -> str:
    """Return the name under which a record brings something for the number of a field."""
    return f"{field.key}__{use}"


def counting_arms(entity: Entity, fields: Sequence[Field], wanted: Sequence[str], after: str) -> list[str]:
    """Return an arm for each gapless field that moves its counters on, a block for all records at once.

    The lock on a counter is held until the transaction ends: `after` is what the arm reads, so that nothing that may wait is left
    to do. wanted: the parameter of each field with its counters, in the order in which everybody takes them.
    """
    arms = []
    for index, (field, given) in enumerate(zip(fields, wanted, strict=True)):
        assert field.pattern is not None
        before = "" if index == 0 else f" WHERE (SELECT count(*) FROM c{index - 1}) >= 0"
        arms.append(
            f"c{index} AS (INSERT INTO dougong.counter AS c (app, entity, field, scope, period, first, n)"
            f" SELECT $1, '{entity.key}', '{field.key}', w.scope, w.period, {field.pattern.start}, w.count + {field.pattern.start - 1}"
            f" FROM {after}, json_to_recordset({given}) AS w(scope text, period text, count bigint){before} ORDER BY w.scope, w.period"
            " ON CONFLICT (app, entity, field, scope, period)"
            f" DO UPDATE SET n = c.n + excluded.n - {field.pattern.start - 1} RETURNING c.scope, c.period, c.n)"
        )
    return arms


def counted_value(field: Field, index: int) -> str:
    """Return the number a record `x` gets."""
    assert field.pattern is not None
    before, after, place = (f"x.{quoted(taken_key(field, use))}" for use in ("before", "after", "place"))
    return f"dougong.number_text({before}, c{index}.n + {place}, {field.pattern.width}, {after})"


def counted_join(fields: Sequence[Field]) -> str:
    """Return what joins the counters to the records `x`."""
    return "".join(
        f" JOIN c{index} ON c{index}.scope = x.{quoted(taken_key(field, 'scope'))}"
        f" AND c{index}.period = x.{quoted(taken_key(field, 'period'))}"
        for index, field in enumerate(fields)
    )


def given_numbers(entity: Entity, field: Field) -> str:
    """Return a SELECT of the numbers given so far, also in the trash: scope, period and number of each.

    Numbers that are not written as the pattern says, from a time when it was another, are left out.
    """
    pattern = field.pattern
    assert pattern is not None
    per = [entity.fields[key] for key in pattern.per]
    scope = " || '|' || ".join(f"coalesce(t.{quoted(f.column or '')}::text, '')" for f in per) or "''"
    return (
        f"SELECT {scope} AS scope, {_period(pattern)} AS period, m[{pattern.groups.index('0') + 1}]::bigint AS number"
        f" FROM {table_name(entity)} AS t, regexp_match(t.{quoted(field.column or '')}, '{pattern.matcher.replace(chr(39), chr(39) * 2)}') AS m"
        " WHERE m IS NOT NULL"
    )


def highest_sql(entity: Entity, field: Field) -> str:
    """Return the query of the highest number of a period, `$1`, for a sequence that begins."""
    return f"SELECT max(number) FROM ({given_numbers(entity, field)}) AS g WHERE g.period = $1"


def gaps_sql(entity: Entity, field: Field) -> str:
    """Return the query of what is wrong with gapless numbers: counters between whose first and last number one is missing or twice."""
    return (
        f"WITH g AS ({given_numbers(entity, field)})"
        " SELECT c.scope, c.period, c.first, c.n, count(DISTINCT g.number) AS found, count(g.number) AS given,"
        " (SELECT max(number) FROM g WHERE g.scope = c.scope AND g.period = c.period) AS highest"
        " FROM dougong.counter AS c LEFT JOIN g ON g.scope = c.scope AND g.period = c.period AND g.number >= c.first"
        " WHERE c.app = $1 AND c.entity = $2 AND c.field = $3 GROUP BY c.scope, c.period, c.first, c.n"
        " HAVING count(DISTINCT g.number) <> c.n - c.first + 1 OR count(g.number) <> count(DISTINCT g.number) OR max(g.number) > c.n"
    )


def _period(pattern: SequencePattern) -> str:
    """Return the period of a number as `SequencePattern.period` writes it, out of the groups `m` of its text."""
    groups = [(part, f"m[{place}]") for place, part in enumerate(pattern.groups, 1) if part != "0"]
    if pattern.reset is None:
        return " || ".join(name for _, name in groups) or "''"
    found: dict[str, str] = {}
    for part, name in groups:
        at = 1
        for piece in ("%Y", "%y", "%m", "%d"):
            if piece in _DIGITS[part]:
                width = 4 if piece == "%Y" else 2
                text = f"substr({name}, {at}, {width})"
                found.setdefault("%Y" if piece == "%y" else piece, f"'20' || {text}" if piece == "%y" else text)
                at += width
    return " || ".join(found[piece] for piece in ("%Y", "%m", "%d") if piece in RESETS[pattern.reset]) or "''"
