"""A row of the audit log in, the sentence it reads as out; names of apps and entities are those of today, keys where they are gone."""

from collections.abc import Callable
from string import Formatter

from dougong.audit.deeds import DEEDS
from dougong.audit.read import Entry

Names = Callable[[str, str], str]
"""App and entity (blank for the app itself) in, what it is called out."""

ACTIONS = {
    "create": {"zh-CN": "新建", "en": "Create"},
    "update": {"zh-CN": "修改", "en": "Change"},
    "delete": {"zh-CN": "删除", "en": "Delete"},
    "restore": {"zh-CN": "恢复", "en": "Restore"},
}


def name_of(deed: str, language: str) -> str:
    """Return what a deed is called; one this release does not know keeps its key."""
    return DEEDS[deed].name[language] if deed in DEEDS else deed


def sentence_of(entry: Entry, names: Names, language: str) -> str:
    """Return what a row says, in `zh-CN` or `en`; what it does not say is left blank."""
    deed = DEEDS.get(entry.deed)
    if deed is None:
        return f"{entry.deed} {entry.subject}".strip()
    template = deed.sentence[language]
    parts = {key: _part(entry, key, names, language) for _, key, _, _ in Formatter().parse(template) if key}
    return template.format(**parts)


def _part(entry: Entry, key: str, names: Names, language: str) -> str:
    if key == "app":
        return names(entry.app, "") if entry.app else ""
    if key == "entity":
        return names(entry.app, entry.entity) if entry.entity else ""
    if key == "subject":
        return entry.subject or str(entry.record_id or "")
    value = entry.details.get(key)
    if key == "action":
        return ACTIONS.get(str(value), {}).get(language, str(value))
    return "" if value is None else str(value)
