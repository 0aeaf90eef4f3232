"""Judges and reads what is written in China: citizens' numbers, credit codes, phone numbers, e-mail addresses, bank cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache

from engines.expression.data_file import read_data
from engines.expression.failure import Failure

# The first two digits of a citizen's number: the provinces, and those whose people have a residence permit of its form.
PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]"

_CARD = re.compile(rf"(?:{PROVINCES})[0-9]{{15}}[0-9Xx]")
_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD_CHECKS = "10X98765432"
_CREDIT = re.compile("[1-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy][0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy][0-9]{6}[0-9A-HJ-NPQRTUWXYa-hj-npqrtuwxy]{10}")
_CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MOBILE = re.compile("1[3-9][0-9]{9}")
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{1,58}}[A-Za-z0-9])")
_BANK_CARD = re.compile("[1-9][0-9]{9,18}")
_NAME_OF_TIME = re.compile(r"\[([0-9]*)-([0-9]*)\](.*)")
# What stands where a province's own counties have no city above them.
_NO_NAME = re.compile("市辖区|县|(?:省|自治区)直辖县级行政(?:单位|区划)")


def card_birthday(card: str) -> date | None:
    """Return the date of birth in a citizen's number (GB 11643), None when it is not valid.

    >>> card_birthday("11010519491231002x"), card_birthday("110105194912310021")
    (datetime.date(1949, 12, 31), None)
    """
    if _CARD.fullmatch(card) is None:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(card, _CARD_WEIGHTS, strict=False))
    if card[17].upper() != _CARD_CHECKS[total % 11]:
        return None
    try:
        return date(int(card[6:10]), int(card[10:12]), int(card[12:14]))
    except ValueError:
        return None


def _gender(card: str) -> str | None:
    if card_birthday(card) is None:
        return None
    return "男" if int(card[16]) % 2 else "女"


def _age(card: str, on: date) -> Decimal | None:
    birth = card_birthday(card)
    if birth is None:
        return None
    if on < birth:
        raise Failure("NUM")
    return Decimal(on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day)))


def _region(card: str) -> str | None:
    return None if card_birthday(card) is None else card[:6]


def region_name(card: str) -> str | None:
    """Return the region in a citizen's number, from the province down, by the names in use when the person was born."""
    birth = card_birthday(card)
    regions = _regions(card[:2]) if birth is not None else {}
    if birth is None or "0000" not in regions:
        return None
    parts = [regions[code] for code in dict.fromkeys(("0000", card[2:4] + "00", card[2:6])) if code in regions]
    if len(parts) == 1 and card[2:6] != "0000":
        return None
    names = [_name_in(part, birth.year) for part in parts]
    return "".join(name for name in names if _NO_NAME.fullmatch(name) is None)


@cache
def _regions(province: str) -> dict[str, str]:
    entries = read_data("regions")["provinces"].get(province, "").split(" ")
    return {entry[:4]: entry[4:] for entry in entries if entry}


def _name_in(names: str, year: int) -> str:
    """Return the name in use in a year, else the next one, else the last."""
    found = ""
    for name in names.split(","):
        period = _NAME_OF_TIME.fullmatch(name)
        if period is None:
            return name
        found = period[3]
        if not period[2] or year <= int(period[2]):
            return found
    return found


def is_credit_code(text: str) -> bool:
    """Tell whether a text is a unified social credit code (GB 32100): its check character must be right.

    >>> is_credit_code("91110000600037341L"), is_credit_code("91110000600037341A")
    (True, False)
    """
    if _CREDIT.fullmatch(text) is None:
        return False
    values = [_CREDIT_CHARACTERS.index(character) for character in text.upper()]
    return (sum(value * pow(3, place, 31) for place, value in enumerate(values[:17])) + values[17]) % 31 == 0


def is_email(text: str) -> bool:
    """Tell whether a text is written like an e-mail address: ASCII, a domain with an ending, none of it too long."""
    return len(text) <= 254 and text.find("@") <= 64 and _EMAIL.fullmatch(text) is not None


def is_bank_card(text: str) -> bool:
    """Tell whether a text has the digits of a bank card, the last of which checks the others (Luhn)."""
    if _BANK_CARD.fullmatch(text) is None:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(text))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


CHINA_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "IDCARDVALID": lambda card: card_birthday(card) is not None,
    "IDCARDBIRTHDAY": card_birthday,
    "IDCARDGENDER": _gender,
    "IDCARDAGE": _age,
    "IDCARDREGION": _region,
    "IDCARDREGIONNAME": region_name,
    "USCCVALID": is_credit_code,
    "MOBILEVALID": lambda text: _MOBILE.fullmatch(text) is not None,
    "EMAILVALID": is_email,
    "BANKCARDVALID": is_bank_card,
}
