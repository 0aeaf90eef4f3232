"""The SQL of functions over citizens' numbers and phone numbers; never an error of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Date, Integer, Text, and_, case, cast, extract, func

from engines.expression.python_china import PROVINCES
from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, text
from engines.expression.tree import TypedCall

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_CARD = f"^({PROVINCES})[0-9]{{15}}[0-9Xx]$"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _digits(card: Column, start: int, count: int) -> Column:
    return cast(func.substr(card, integer(start), integer(count), type_=Text()), Integer())


def _birthday_of(card: Column) -> Column:
    """Return the date of birth in a text that has the form of a citizen's number, NULL when there is no such day."""
    year, month, day = _digits(card, 7, 4), _digits(card, 11, 2), _digits(card, 13, 2)

    def made(year: Column, month: Column, day: Column) -> Column:
        first = func.make_date(year, month, integer(1), type_=Date())
        moved: Column = first + day - integer(1)
        fits = and_(year >= integer(1), month.between(integer(1), integer(12)), day.between(integer(1), integer(31)))
        return case((fits, case((extract("month", moved) == month, moved))))

    result = once(made, year, month, day)
    result.type = Date()
    return result


def _check_fits(card: Column) -> Column:
    total: Column = _digits(card, 1, 1) * integer(_WEIGHTS[0])
    for place, weight in enumerate(_WEIGHTS[1:], 2):
        total = total + _digits(card, place, 1) * integer(weight)
    wanted = func.substr(text("10X98765432"), total % integer(11) + integer(1), integer(1), type_=Text())
    given: Column = func.upper(func.substr(card, integer(18), integer(1), type_=Text()), type_=Text())
    return given == wanted


def _if_card(card: Column, make: Callable[[Column], Column]) -> Column:
    """Return what is made of a text that is a citizen's number but for its date, NULL of any other.

    The check digit is looked at in a CASE of its own: only there are all others known to be digits.
    """
    has_form = card.op("~", return_type=Boolean())(text(_CARD))
    return case((has_form, case((_check_fits(card), make(card)))))


def _birthday(compiler: SqlCompiler, node: TypedCall, card: Column) -> Column:
    result = once(lambda card: _if_card(card, _birthday_of), card)
    result.type = Date()
    return result


def _gender(compiler: SqlCompiler, node: TypedCall, card: Column) -> Column:
    def made(card: Column) -> Column:
        is_man = _digits(card, 17, 1) % integer(2) == integer(1)
        return case((_birthday_of(card).is_not(None), case((is_man, text("男")), else_=text("女"))))

    result = once(lambda card: _if_card(card, made), card)
    result.type = Text()
    return result


def _mobile(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return value.op("~", return_type=Boolean())(text("^1[3-9][0-9]{9}$"))


CHINA_VALUES: Mapping[str, Callable[..., Column]] = {
    "IDCARDBIRTHDAY": _birthday,
    "IDCARDGENDER": _gender,
    "MOBILEVALID": _mobile,
}
