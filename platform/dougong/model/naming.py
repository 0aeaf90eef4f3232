"""A document in, what people call everything in it out: entities, fields on paths, options, roles; expressions with labels for keys.

A document whose shape is wrong is named as far as it goes; its expressions are told as they are written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import AppDefinition
from dougong.model.element_words import Labels, Names, called, dicts, field_names, key_of, labels_of
from dougong.model.parse import parse_definition
from dougong.model.resolve_expressions import FieldTypes
from dougong.model.resolve_fields import resolve_fields
from dougong.model.titles import Titles, titles
from engines.expression.check import text_to_typed
from engines.expression.references import calls_in
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.expression.write import write_name

LANGUAGES = ("zh-CN", "en")
_NO_TYPES = ("forms", "views", "menus", "roles", "policies", "seed", "demo")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Met:
    """Something of the document that an expression names: a field of an entity, an option of it, or a whole entity.

    field, option: None where it is the entity, or the field, that is named.
    """

    span: Span
    entity: str
    field: str | None = None
    option: str | None = None


class Naming:
    """The words of one document, with those of the organization it points into."""

    def __init__(self, document: Mapping[str, Any], organization: AppModel | None) -> None:
        """Read nothing before it is asked for."""
        self.document = document
        self._organization = organization
        self._by_key: dict[int, Mapping[str, Mapping[str, Any]]] = {}

    def named(self, elements: list[Any], key: str) -> Mapping[str, Any] | None:
        """Return the element of a key in one of its lists; where several have it, the first."""
        found = self._by_key.get(id(elements))
        if found is None:
            found = self._by_key[id(elements)] = {key_of(one): one for one in reversed(dicts(elements))}
        return found.get(key)

    @cached_property
    def types(self) -> FieldTypes | None:
        """The types of its fields, None where the shape of its entities is wrong; whatever else it has is not looked at."""
        definition = parse_definition({name: value for name, value in self.document.items() if name not in _NO_TYPES})
        if not isinstance(definition, AppDefinition):
            return None
        return FieldTypes(resolve_fields(definition, {}, self._organization)[0], self._organization)

    @cached_property
    def own_fields(self) -> Mapping[str, Names]:
        """The labels of the fields of each of its entities, by key."""
        return field_names(self.document)

    @cached_property
    def titles(self) -> Titles:
        """What each of its elements is called."""
        return titles(self.document, organization=None if self._organization is None else self._organization.document)

    @cached_property
    def elements(self) -> Mapping[str, Mapping[str, Labels]]:
        """The labels of the elements of each of its lists, by key."""
        return {
            name: {key_of(one): labels_of(one) for one in dicts(self.document.get(name))}
            for name in ("entities", "forms", "views", "roles", "menus")
        }

    def element(self, name: str, key: str) -> Labels:
        """Return what an element of one of its lists is called."""
        return called(self.elements.get(name, {}).get(key, {}), key)

    def entity(self, key: str) -> Labels:
        """Return what an entity is called: one of its own, rows of another (`order.lines`), or one of the organization."""
        own = self.elements["entities"].get(key)
        if own:
            return called(own, key)
        found = None if self.types is None else self.types.entity(key)
        return called({} if found is None else found.name, key)

    def field(self, entity: str, path: str) -> Labels:
        """Return what a field of an entity is called, or one that references lead to: `customer.city`."""
        if "." not in path and path in self.own_fields.get(entity, {}):
            return called(self.own_fields[entity][path], path)
        labels: list[Labels] = []
        here = entity
        for key in path.split("."):
            words = {} if self.types is None else self.types.words(here)
            labels.append(called(words[key].label if key in words else {}, key))
            kind = None if self.types is None else (self.types.of(here) or {}).get(key)
            here = "" if kind is None else (kind.of or kind).entity or ""
        return {language: " › ".join(label[language] for label in labels) for language in LANGUAGES}

    def option(self, entity: str, field: str, key: str) -> Labels:
        """Return what an option of a choice, or a state, is called."""
        words = {} if self.types is None else self.types.words(entity)
        return called(words[field].options.get(key, {}) if field in words else {}, key)

    def met(self, entity: str, text: str, target: str | None = None) -> tuple[Met, ...]:
        """Return what an expression over a record of an entity names, in the order of the text.

        target: the field of the entity its answer goes to, whose options it may name.
        """
        found = None if self.types is None else self.types.entity(entity)
        if self.types is None or found is None:
            return ()
        checked = text_to_typed(text, self.types.scope(found, of_filters=True))
        mets = [Met(named.span, named.key) if named.entity is None else Met(named.span, named.entity, named.key) for named in checked.named]
        if checked.tree is not None:
            mets += self._options(checked.tree, mets, entity, target)
        return tuple(sorted(mets, key=lambda one: one.span))

    def expression(self, entity: str, text: str, target: str | None = None) -> Labels:
        """Return an expression as people read it: labels in the place of keys, in braces where they are no plain names."""
        mets = self.met(entity, text, target)
        return {language: self._written(text, mets, language) for language in LANGUAGES}

    def _written(self, text: str, mets: tuple[Met, ...], language: str) -> str:
        written, end = "", 0
        for one in mets:
            if one.option is not None:
                label = '"' + self.option(one.entity, one.field or "", one.option)[language].replace('"', '""') + '"'
            elif one.field is not None:
                label = write_name(self.field(one.entity, one.field)[language], is_first=text[: one.span[0]][-1:] != ".")
            else:
                label = write_name(self.entity(one.entity)[language])
            written, end = written + text[end : one.span[0]] + label, one.span[1]
        return written + text[end:]

    def _options(self, tree: TypedTree, mets: list[Met], entity: str, target: str | None) -> list[Met]:
        """Return the options that are written in a tree: beside a choice they are compared with, or where the answer is a choice."""
        ends = {one.span[1]: one for one in mets}
        found: dict[Span, Met] = {}
        for call in calls_in(tree):
            choices = [ends[arg.span[1]] for arg in call.args if isinstance(arg, TypedPath) and _is_choice(arg) and arg.span[1] in ends]
            for choice in choices:
                self._take(call.args, choice.entity, choice.field or "", found)
        if target is not None:
            literals = (tree,) if isinstance(tree, TypedLiteral) else tuple(arg for call in calls_in(tree) for arg in call.args)
            self._take(tuple(one for one in literals if one.span not in found), entity, target, found)
        return list(found.values())

    def _take(self, nodes: tuple[TypedTree, ...], entity: str, field: str, found: dict[Span, Met]) -> None:
        words = {} if self.types is None else self.types.words(entity)
        known = words[field].options if field in words else {}
        for node in nodes:
            if isinstance(node, TypedLiteral) and isinstance(node.value, str) and node.value in known:
                found[node.span] = Met(node.span, entity, field, node.value)
            elif isinstance(node, TypedCall) and node.name == "list":
                self._take(node.args, entity, field, found)


def organization_key(entity: str) -> str | None:
    """Return the key of an entity of the organization that another app names, None for one of the app's own.

    >>> organization_key("organization.user"), organization_key("order")
    ('user', None)
    """
    start = f"{ORGANIZATION}."
    return entity.removeprefix(start) if entity.startswith(start) else None


def _is_choice(path: TypedPath) -> bool:
    return (path.type.of or path.type).name == "option"
