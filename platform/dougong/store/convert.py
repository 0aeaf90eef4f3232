"""A field of one kind and its successor of another in, SQL that takes values over and back out; what no rule of this table knows stays behind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dougong.store.names import quoted
from engines.entity.entity import Field

_DIGITS = r"^[+-]?[0-9]{1,38}([.][0-9]{1,20})?$"
_GROUPED = r"^[+-]?[0-9]{1,3}(,[0-9]{3}){1,12}([.][0-9]{1,20})?$"
_DAY = r"^[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}$"
_TRUE, _FALSE = ("true", "t", "yes", "y", "1", "是", "真", "✓"), ("false", "f", "no", "n", "0", "否", "假")

Make = Callable[[str, Field, str], str]
"""SQL of a value, the field it is made for, and the name of the site's time zone in; SQL of the value as that field keeps it out."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """How the values of a field go over to its successor. old, new: their columns; forth, back: SQL over them, NULL for what has no equal.

    What comes back to a column that was retired must not be lost there: a value is taken over only where it is not what the
    one that is there already came to, so text that was no number is found again unless somebody wrote a number meanwhile. And
    what has no equal takes the place of a value only where the record was changed since.
    """

    old: str
    new: str
    forth: str
    back: str

    def is_due(self, is_changed: str) -> str:
        """Return of which records the value is still to be taken over, as SQL over the table; is_changed: which were since the last version."""
        return (
            f"({quoted(self.old)} IS DISTINCT FROM {self.back} AND {quoted(self.new)} IS DISTINCT FROM {self.forth}"
            f" AND ({self.forth} IS NOT NULL OR {is_changed}))"
        )

    @property
    def is_lost(self) -> str:
        """Which records have a value that the successor cannot keep."""
        return f"({quoted(self.old)} IS NOT NULL AND {self.forth} IS NULL)"


def conversion(before: Field, after: Field, zone: str) -> Conversion | None:
    """Return how values go from one column to the other, None where their kinds have nothing in common."""
    if before.column is None or after.column is None or before.to or after.to or before.any_of or after.any_of:
        return None
    forth, back = (_makers(one, other) for one, other in ((before, after), (after, before)))
    if forth is None or back is None:
        return None
    old, new = quoted(before.column), quoted(after.column)
    return Conversion(before.column, after.column, forth(old, after, zone), back(new, before, zone))


def _makers(before: Field, after: Field) -> Make | None:
    return _MAKERS.get((_kind(before), _kind(after)))


def _kind(field: Field) -> str:
    if field.pattern is not None or field.kind.key in ("secret", "json", "address", "location", "signature", "time", "duration"):
        return field.kind.key
    return (field.kind.column_type or "").split(" ")[0]


def _text_to_number(value: str, to: Field, _zone: str) -> str:
    plain = f"CASE WHEN btrim({value}) ~ '{_DIGITS}' THEN btrim({value}) WHEN btrim({value}) ~ '{_GROUPED}' THEN replace(btrim({value}), ',', '') END"
    return f"{_rounded(f'({plain})::numeric', to)}"


def _rounded(value: str, to: Field) -> str:
    return value if to.scale is None else f"round({value}, {to.scale})"


def _number_to_text(value: str, _to: Field, _zone: str) -> str:
    return f"trim_scale({value})::text COLLATE \"C\""


def _text_to_day(value: str, _to: Field, _zone: str) -> str:
    return f"CASE WHEN btrim({value}) ~ '{_DAY}' THEN dougong.day_of(btrim({value})) END"


def _to_text(value: str, _to: Field, _zone: str) -> str:
    return f"{value}::text COLLATE \"C\""


def _day_to_moment(value: str, _to: Field, zone: str) -> str:
    return f"({value}::timestamp AT TIME ZONE '{zone}')"


def _moment_to_day(value: str, _to: Field, zone: str) -> str:
    return f"(({value} AT TIME ZONE '{zone}')::date)"


def _moment_to_text(value: str, _to: Field, zone: str) -> str:
    return f"to_char({value} AT TIME ZONE '{zone}', 'YYYY-MM-DD HH24:MI:SS') COLLATE \"C\""


def _text_to_moment(value: str, _to: Field, zone: str) -> str:
    day = f"dougong.day_of(split_part(btrim({value}), ' ', 1))"
    time = f"substring(btrim({value}) from ' ([0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)$')::time"
    return (
        f"CASE WHEN btrim({value}) ~ '{_DAY}' THEN (dougong.day_of(btrim({value}))::timestamp AT TIME ZONE '{zone}')"
        f" WHEN btrim({value}) ~ '^[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}} ([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$'"
        f" THEN (({day} + {time}) AT TIME ZONE '{zone}') END"
    )


def _text_to_boolean(value: str, _to: Field, _zone: str) -> str:
    yes, no = (", ".join(f"'{word}'" for word in words) for words in (_TRUE, _FALSE))
    return f"CASE WHEN lower(btrim({value})) IN ({yes}) THEN true WHEN lower(btrim({value})) IN ({no}) THEN false END"


def _number_to_boolean(value: str, _to: Field, _zone: str) -> str:
    return f"CASE {value} WHEN 1 THEN true WHEN 0 THEN false END"


def _boolean_to_number(value: str, _to: Field, _zone: str) -> str:
    return f"({value}::integer)::numeric"


def _text_to_texts(value: str, _to: Field, _zone: str) -> str:
    return f"CASE WHEN {value} IS NOT NULL THEN ARRAY[{value}] END"


def _texts_to_text(value: str, _to: Field, _zone: str) -> str:
    return f"CASE WHEN cardinality({value}) = 1 THEN ({value})[1] END"


_MAKERS: Mapping[tuple[str, str], Make] = {
    ("text", "numeric"): _text_to_number,
    ("numeric", "text"): _number_to_text,
    ("text", "date"): _text_to_day,
    ("date", "text"): _to_text,
    ("text", "timestamptz"): _text_to_moment,
    ("timestamptz", "text"): _moment_to_text,
    ("date", "timestamptz"): _day_to_moment,
    ("timestamptz", "date"): _moment_to_day,
    ("text", "boolean"): _text_to_boolean,
    ("boolean", "text"): _to_text,
    ("numeric", "boolean"): _number_to_boolean,
    ("boolean", "numeric"): _boolean_to_number,
    ("text", "text[]"): _text_to_texts,
    ("text[]", "text"): _texts_to_text,
}
"""What becomes of a value, by the SQL types of the two columns."""
