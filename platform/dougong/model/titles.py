"""Documents of an app in, what each of their elements is called out: by its name, else by what it stands for, else by its key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dougong.model.element_words import Labels, Names, called, dicts, field_names, key_of, labels_of, word_of
from engines.entity.field_kinds import FIELD_KINDS

Document = Mapping[str, Any]
_OF_FIELDS = ("nodes", "columns", "sort", "inputs", "levels")
_STANDS_FOR = {"items": "views", "projections": "entities"}
"""Elements that stand for one of another list where they have no name: for a view, for the entity they add up in."""
_SEEDS = ("seed", "demo")


@dataclass(frozen=True, slots=True)
class Titles:
    """What others of the documents stand for is called: fields by entity, the others by the name of their list. targets: where references lead."""

    fields: Mapping[str, Names]
    lists: Mapping[str, Names]
    targets: Mapping[str, Mapping[str, str]]

    def title(self, name: str, element: Document, entity: str) -> Labels:
        """Return what an element of a list is called, with the kind of element before it. entity: whose fields it speaks of."""
        word, own = word_of(name), self.own(name, element, entity)
        return {"zh-CN": f"{word['zh-CN']}“{own['zh-CN']}”", "en": f"{word['en']} “{own['en']}”"}

    def own(self, name: str, element: Document, entity: str) -> Labels:
        """Return what an element of a list is called."""
        labels, key = labels_of(element), key_of(element)
        if labels:
            return called(labels, key)
        if name in _OF_FIELDS:
            return self.field(entity, str(element.get("field") or element.get("from") or element.get("to") or key))
        if name == "unique":
            return self._fields(entity, element.get("fields"), key)
        stands = element.get("view" if name == "items" else "entity") if name in _STANDS_FOR else None
        key = stands if isinstance(stands, str) else key
        return called(self.lists.get(_STANDS_FOR.get(name, name), {}).get(key, {}), key)

    def field(self, entity: str, path: str) -> Labels:
        """Return what a field of an entity is called, or one that references lead to."""
        found: list[Labels] = []
        for key in path.split("."):
            found.append(called(self.fields.get(entity, {}).get(key, {}), key))
            entity = self.targets.get(entity, {}).get(key, "")
        return {language: " › ".join(one[language] for one in found) for language in ("zh-CN", "en")}

    def _fields(self, entity: str, paths: object, key: str) -> Labels:
        found = [self.field(entity, path) for path in paths if isinstance(path, str)] if isinstance(paths, list) else []
        return {language: joint.join(one[language] for one in found) or key for language, joint in (("zh-CN", "、"), ("en", ", "))}


def titles(*documents: Document, organization: Document | None = None) -> Titles:
    """Return what elements of documents are called; the last one has the last word."""
    fields: dict[str, dict[str, Labels]] = {}
    lists: dict[str, dict[str, Labels]] = {}
    targets: dict[str, dict[str, str]] = {}
    for prefix, document in (("organization.", organization or {}), *(("", one) for one in documents)):
        for entity, names in field_names(document).items():
            fields.setdefault(f"{prefix}{entity}", {}).update(names)
        for entity, leads in _targets(document).items():
            targets.setdefault(f"{prefix}{entity}", {}).update({key: to if "." in to else f"{prefix}{to}" for key, to in leads.items()})
        for name in ("entities", "views") if not prefix else ():
            lists.setdefault(name, {}).update({key_of(one): labels_of(one) for one in dicts(document.get(name))})
        for name in _SEEDS if not prefix else ():
            lists.setdefault(name, {}).update(_seeds(document, name))
    return Titles(fields, lists, targets)


def _targets(document: Document) -> Mapping[str, Mapping[str, str]]:
    """Return the entities that references lead to, those of rows too; rows themselves are such an entity."""
    found: dict[str, Mapping[str, str]] = {}
    for entity in dicts(document.get("entities")):
        key, fields = key_of(entity), dicts(entity.get("fields"))
        found[key] = {key_of(one): _target(key, one) for one in fields}
        found |= {f"{key}.{key_of(one)}": {key_of(inner): _target(key, inner) for inner in dicts(one["fields"])} for one in fields if "fields" in one}
    return found


def _target(entity: str, field: Document) -> str:
    if field.get("kind") == "lines":
        return f"{entity}.{key_of(field)}"
    kind, to = FIELD_KINDS.get(str(field.get("kind"))), field.get("to")
    return to if isinstance(to, str) else (kind.to or "") if kind is not None else ""


def _seeds(document: Document, name: str) -> Names:
    """Return what records that come with a package are called: by the field that is the title of their entity."""
    title_of = {key_of(one): str(one.get("title")) for one in dicts(document.get("entities"))}
    found = {}
    for record in dicts(document.get(name)):
        values = record.get("values")
        title = values.get(title_of.get(str(record.get("entity")), "name")) if isinstance(values, Mapping) else None
        if isinstance(title, str) and title:
            found[key_of(record)] = {"zh-CN": title, "en": title}
    return found
