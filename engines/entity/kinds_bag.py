"""Rows of the table of field kinds whose values have parts and are kept as JSON."""

from engines.entity.field_kind import COUNTED, SEARCHED, kind
from engines.values.value_types import TEXT

BAG_KINDS = (
    kind("address", ("地址", "Address"),
         ("国家、省、市、区、街道和邮编，中国的省市区逐级选择。列表的筛选把它当作一段文字。",
          "Country, province, city, district, street and postcode; the regions of China are chosen step by step. Filters of lists see it as one text."),
         TEXT, "jsonb", SEARCHED, COUNTED, read_by="filters"),
    kind("location", ("定位", "Location"),
         ("经纬度，填写或取自设备。列表的筛选把它当作文字“纬度, 经度”。",
          "Latitude and longitude, entered or taken from the device. Filters of lists see the text `latitude, longitude`."),
         TEXT, "jsonb", ("ISBLANK",), COUNTED, read_by="filters"),
    kind("json", ("JSON", "JSON"),
         ("任意 JSON 值，可按 JSON Schema 检查。列表的筛选看到的是它的文字。", "Any JSON value, checked by a JSON Schema if there is one. Filters of lists see its text."),
         TEXT, "jsonb", SEARCHED, COUNTED, read_by="filters"),
)  # fmt: skip
"""address, location, json."""
