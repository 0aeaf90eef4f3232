"""A realistic large app out: a document of 80 entities with 1,500 fields and 300 formulas, forms, views, rules, states, policies and menus.

Flows do not exist yet, so the app has none. Everything is made by counting, nothing by chance: the same key gives the same document.
"""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]

MASTERS, PAPERS, LOGS = 30, 40, 10
ALL = ["create", "read", "update", "delete"]
_AREAS = (
    ("sales", "销售", "Sales"), ("buying", "采购", "Buying"), ("stock", "库存", "Stock"), ("making", "生产", "Making"),
    ("money", "财务", "Money"), ("people", "人事", "People"), ("quality", "质量", "Quality"), ("service", "服务", "Service"),
)  # fmt: skip
_ROLES = ("clerk", "lead", "controller", "auditor", "guest")
_OPTIONS = (("new", "新", "New"), ("normal", "普通", "Normal"), ("good", "良好", "Good"), ("vip", "重要", "Important"), ("gone", "流失", "Gone"))


def large_app(key: str = "large") -> Document:
    """Return the app under a key."""
    entities = [
        *(_master(number) for number in range(MASTERS)),
        *(_paper(number) for number in range(PAPERS)),
        *(_log(number) for number in range(LOGS)),
    ]
    roles = [{"key": "chief", "name": _label("主管", "Chief"), "installer": True, "may": ["design", "publish"]}]
    roles += [{"key": role, "name": _label(role, role.capitalize())} for role in _ROLES]
    return {
        "format": "dougong.app/1", "key": key, "version": "1.0.0", "name": _label("大型应用", "Large app"), "icon": "shop",
        "languages": ["zh-CN", "en"], "requires": [{"package": "organization", "version": ">=1.0,<2"}],
        "entities": entities, "forms": [_form(one) for one in entities],
        "views": [view for one in entities for view in _views(one)], "menus": _menus(entities), "roles": roles,
        "policies": [policy for one in entities for policy in _policies(one)], "seed": [], "demo": [],
    }  # fmt: skip


def counts(document: Document) -> dict[str, int]:
    """Return how many entities, fields (those of rows too) and formulas a document has."""
    fields = [field for entity in document["entities"] for field in _all_fields(entity)]
    return {"entities": len(document["entities"]), "fields": len(fields), "formulas": sum("formula" in field for field in fields)}


def _all_fields(entity: Document) -> list[Document]:
    return [one for field in entity["fields"] for one in (field, *field.get("fields", ()))]


def _label(zh: str, en: str) -> Document:
    return {"zh-CN": zh, "en": en}


def _field(key: str, kind: str, zh: str, en: str, **others: object) -> Document:
    return {"key": key, "kind": kind, "name": _label(zh, en), **others}


def _named(key: str, number: int) -> tuple[str, Document]:
    area, zh, en = _AREAS[number % len(_AREAS)]
    words = {"master": ("资料", "master"), "paper": ("单据", "paper"), "log": ("日志", "log")}[key]
    return f"{area}_{key}_{number}", _label(f"{zh}{words[0]} {number}", f"{en} {words[1]} {number}")


def _choice(key: str, zh: str, en: str) -> Document:
    return _field(key, "choice", zh, en, options=[{"key": k, "name": _label(z, e)} for k, z, e in _OPTIONS], default='"normal"')


def _master(number: int) -> Document:
    key, name = _named("master", number)
    upper = _named("master", (number + 1) % MASTERS)[0]
    return {
        "key": key, "name": name, "title": "name",
        "fields": [
            _field("name", "text", "名称", "Name", required=True, unique=True, indexed=True),
            _field("code", "sequence", "编号", "Code", pattern="M-{0000}"),
            _choice("level", "级别", "Level"),
            _field("active", "boolean", "启用", "Active", default="TRUE"),
            _field("upper", "reference", "上级", "Upper", to=upper, inverse={"key": "lower", "name": _label("下级", "Lower")}),
            _field("price", "money", "价格", "Price", min="0"),
            _field("cost", "money", "成本", "Cost", min="0"),
            _field("rate", "percent", "折扣率", "Discount"),
            _field("limit", "money", "信用额度", "Credit limit", min="0"),
            _field("since", "date", "建立日期", "Since", default="TODAY()"),
            _field("phone", "phone", "电话", "Phone"),
            _field("owner", "member", "负责人", "Owner"),
            _field("margin", "percent", "毛利率", "Margin", formula="(price - cost) / price"),
            _field("turnover", "money", "交易额", "Turnover", formula="SUM(papers.total)"),
        ],
        "rules": [_rule("cost_below", "ISBLANK(price) OR cost <= price", "cost", "成本高于价格", "The cost is above the price")],
        "unique": [{"key": "one_code", "fields": ["code"]}],
    }  # fmt: skip


def _paper(number: int) -> Document:
    key, name = _named("paper", number)
    partner, item = _named("master", number % MASTERS)[0], _named("master", (number * 7 + 3) % MASTERS)[0]
    backs = {"key": "papers" if number < MASTERS else f"papers_{number}", "name": _label("单据", "Papers")}
    rows = [
        _field("item", "reference", "物料", "Item", to=item, required=True, where="active"),
        _field("quantity", "number", "数量", "Quantity", scale=3, required=True, default="1"),
        _field("price", "money", "单价", "Unit price", copy="item.price"),
        _field("rate", "percent", "税率", "Tax rate", default="0.13"),
        _field("amount", "money", "金额", "Amount", formula="ROUND(quantity * price, 2)"),
        _field("tax", "money", "税额", "Tax", formula="ROUND(amount * rate, 2)"),
        _field("note", "text", "备注", "Note"),
    ]
    return {
        "key": key, "name": name, "title": "number",
        "fields": [
            _field("number", "sequence", "单号", "Number", pattern="P-{yyyyMM}-{0000}", indexed=True),
            _field("partner", "reference", "往来单位", "Partner", to=partner, required=True, where="active", inverse=backs),
            _field("on", "date", "日期", "Date", default="TODAY()", required=True, indexed=True),
            _field("due", "date", "到期日", "Due"),
            _field("owner", "member", "经办人", "Owner", default="CURRENTUSER()"),
            _field("department", "department", "部门", "Department"),
            _choice("priority", "优先级", "Priority"),
            _field("urgent", "boolean", "加急", "Urgent", default="FALSE"),
            _field("discount", "percent", "折扣率", "Discount", copy="partner.rate"),
            _field("paid", "money", "已付", "Paid", min="0"),
            _field("address", "text", "地址", "Address"),
            _field("remark", "long_text", "备注", "Remark"),
            _field("lines", "lines", "明细", "Lines", fields=rows),
            _field("total", "money", "合计", "Total", formula="SUM(lines.amount)"),
            _field("tax", "money", "税额合计", "Total tax", formula="SUM(lines.tax)"),
            _field("net", "money", "应付", "Payable", formula="ROUND((total + tax) * (1 - discount), 2) - paid"),
            _field("rank", "text", "等级", "Rank",
                   formula='IF(net > 100000, "A", IF(net > 10000 AND partner.active, "B", IF(urgent, "C", "D")))'),
        ],
        "rules": [
            _rule("has_lines", "COUNT(lines) > 0", "lines", "至少一行明细", "At least one line"),
            _rule("in_limit", "ISBLANK(partner.limit) OR net <= partner.limit", "total", "超过信用额度", "Above the credit limit"),
        ],
        "states": {
            "key": "state", "name": _label("状态", "State"), "start": "draft",
            "states": [{"key": k, "name": _label(z, e)} for k, z, e in
                       (("draft", "草稿", "Draft"), ("confirmed", "已确认", "Confirmed"), ("closed", "已关闭", "Closed"))],
            "transitions": [
                {"key": "confirm", "name": _label("确认", "Confirm"), "from": ["draft"], "to": "confirmed", "when": "total > 0"},
                {"key": "close", "name": _label("关闭", "Close"), "from": ["confirmed"], "to": "closed"},
            ],
        },
        "unique": [{"key": "one_number", "fields": ["number"]}],
    }  # fmt: skip


def _log(number: int) -> Document:
    key, name = _named("log", number)
    paper = _named("paper", number)[0]
    texts = (("subject", "主题", "Subject"), ("place", "地点", "Place"), ("cause", "原因", "Cause"), ("answer", "答复", "Answer"),
             ("source", "来源", "Source"), ("channel", "渠道", "Channel"), ("tag", "标签", "Tag"), ("remark", "备注", "Remark"))  # fmt: skip
    return {
        "key": key, "name": name, "title": "subject",
        "fields": [
            *(_field(field, "text", zh, en) for field, zh, en in texts),
            _field("paper", "reference", "单据", "Paper", to=paper),
            _field("at", "datetime", "时间", "Time"),
            _field("minutes", "number", "分钟", "Minutes", scale=0),
            _field("owner", "member", "记录人", "Owner"),
        ],
        "rules": [_rule("some_time", "ISBLANK(minutes) OR minutes >= 0", "minutes", "时间不能为负", "No negative time")],
    }  # fmt: skip


def _rule(key: str, check: str, at: str, zh: str, en: str) -> Document:
    return {"key": key, "check": check, "at": at, "message": _label(zh, en)}


def _form(entity: Document) -> Document:
    inputs = [{"kind": "input", "key": field["key"], "field": field["key"]} for field in entity["fields"]]
    half = len(inputs) // 2
    parts = (("main", "基本信息", "Basics", inputs[:half]), ("more", "更多", "More", inputs[half:]))
    sections = [{"kind": "section", "key": key, "name": _label(zh, en), "columns": 2, "nodes": nodes} for key, zh, en, nodes in parts]
    return {"key": entity["key"], "entity": entity["key"], "name": entity["name"], "nodes": sections}


def _views(entity: Document) -> list[Document]:
    plain = [field["key"] for field in entity["fields"] if field["kind"] != "lines"][:8]
    key, name = entity["key"], entity["name"]
    view = {"kind": "list", "entity": key, "form": key, "columns": [{"key": one, "width": 120} for one in plain]}
    found = [{"key": key, "name": name, **view, "sort": [{"key": plain[0], "order": "descending"}]}]
    if "states" in entity:
        mine = _label(f"我的{name['zh-CN']}", f"My {name['en']}")
        found.append({"key": f"{key}_mine", "name": mine, **view, "filter": 'owner = CURRENTUSER() AND priority <> "gone"'})
    return found


def _menus(entities: list[Document]) -> list[Document]:
    return [
        {"key": area, "name": _label(zh, en), "icon": "shop",
         "items": [{"key": one["key"], "view": one["key"]} for one in entities if one["key"].startswith(f"{area}_")]}
        for area, zh, en in _AREAS
    ]  # fmt: skip


def _policies(entity: Document) -> list[Document]:
    key = entity["key"]
    acts = {"chief": ALL, "clerk": ALL, "lead": ["create", "read", "update"], "controller": ["read", "update"], "auditor": ["read"]}
    return [
        {"key": f"{role}_{key}"[:40], "role": role, "entity": key, "actions": actions, "rows": "own" if role == "clerk" else "all"}
        for role, actions in acts.items()
    ]
