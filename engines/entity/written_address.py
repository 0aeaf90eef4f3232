"""An address as one text in, its parts out, by the table of China's regions; and the other way."""

import re
from collections.abc import Mapping
from functools import cache

from engines.expression.data_file import read_data

_POSTCODE = re.compile(r"(?:^|[\s,，(（])([0-9]{6})[)）]?\s*$")
_NO_CITY = re.compile(r"市辖区|县|(?:省|自治区)直辖县级行政(?:单位|区划)")
_PERIOD = re.compile(r"\[[0-9]*-([0-9]*)\](.*)")
_BETWEEN = " \t,，、/-"

Regions = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Districts by province and city."""


@cache
def regions() -> Regions:
    """Return the regions of China as they are today: districts by province and city.

    What a province administers without a city between, and the districts of a municipality, stand under the province's own name.

    >>> "西湖区" in regions()["浙江省"]["杭州市"], "海淀区" in regions()["北京市"]["北京市"]
    (True, True)
    """
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for written in read_data("regions")["provinces"].values():
        names = {entry[:4]: name for entry in written.split(" ") if entry and (name := _present(entry[4:])) is not None}
        province = names.get("0000")
        if province is None:
            continue
        cities: dict[str, tuple[str, ...]] = {}
        for code, name in names.items():
            if code.endswith("00") and code != "0000":
                city = province if _NO_CITY.fullmatch(name) else name
                inner = tuple(n for c, n in names.items() if c[:2] == code[:2] and not c.endswith("00") and n != "市辖区")
                cities[city] = cities.get(city, ()) + inner
        found[province] = cities
    return found


def address_text(parts: Mapping[str, str]) -> str:
    """Return an address as one text, the largest part first.

    >>> address_text({"province": "浙江省", "city": "杭州市", "district": "西湖区", "street": "文三路 1 号", "postcode": "310000"})
    '浙江省杭州市西湖区文三路 1 号 310000'
    >>> address_text({"country": "France", "city": "Paris", "street": "1 rue X"})
    'France, Paris, 1 rue X'
    """
    order = [parts[key] for key in ("country", "province", "city", "district", "street") if parts.get(key)]
    is_chinese = all(ord(part[0]) > 0x2E80 for part in order[:-1]) and len(order) > 1
    city, province = parts.get("city"), parts.get("province")
    if city is not None and city == province:
        order.remove(city)
    main = ("" if is_chinese else ", ").join(order)
    return " ".join(part for part in (main, parts.get("postcode")) if part)


def address_from_text(text: str) -> dict[str, str]:
    """Return the parts of an address written as one text; what is no region of China that is known is the street.

    >>> address_from_text("浙江省杭州市西湖区文三路 1 号 310000")["street"], address_from_text("北京海淀区中关村")["city"]
    ('文三路 1 号', '北京市')
    """
    parts: dict[str, str] = {}
    rest = text.strip()
    if (found := _POSTCODE.search(rest)) is not None:
        parts["postcode"], rest = found[1], rest[: found.start()].strip()
    if rest.startswith("中国"):
        parts["country"], rest = "中国", rest.removeprefix("中国").lstrip(_BETWEEN)
    province, after = _first(regions(), rest)
    if province is not None:
        parts["province"], rest = province, after
        cities = regions()[province]
        city, after = _first(cities, rest)
        if city is None and province in cities:
            city, after = province, rest
        if city is not None:
            parts["city"], rest = city, after
            district, after = _first(cities[city], rest)
            if district is not None:
                parts["district"], rest = district, after
    if rest:
        parts["street"] = rest
    return parts


def _first(names: Mapping[str, object] | tuple[str, ...], text: str) -> tuple[str | None, str]:
    """Return the longest of the names a text begins with, its ending left out or not, and what follows."""
    for name in sorted(names, key=len, reverse=True):
        if text.startswith(name):
            return name, text[len(name) :].lstrip(_BETWEEN)
    for name in sorted(names, key=len, reverse=True):
        short = re.sub(r"(?:省|市|维吾尔自治区|壮族自治区|回族自治区|自治区|特别行政区)$", "", name)
        if len(short) > 1 and text.startswith(short):
            return name, text[len(short) :].lstrip(_BETWEEN)
    return None, text


def _present(names: str) -> str | None:
    """Return the name a region has today, None for one that is no more."""
    for name in names.split(","):
        period = _PERIOD.fullmatch(name)
        if period is None:
            return name
        if not period[1]:
            return period[2]
    return None
