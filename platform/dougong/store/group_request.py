"""The parameters of groups and facets of a list in; what is asked of the entity out, or every issue with them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.model.resolve_expressions import TYPE_NAMES, fits, scope_of
from dougong.store.errors import QueryInvalid
from dougong.store.messages import MESSAGES
from dougong.store.page_request import PageRequest, read_query
from engines.dataset.facets import KINDS, Facet, FacetQuery
from engines.dataset.groups import AGGREGATES, Group, GroupQuery, Measure
from engines.dataset.paths import path_of
from engines.entity.entity import Entity
from engines.expression.check import cannot_run, text_to_typed
from engines.expression.scope import Scope
from engines.expression.tree import TypedPath, TypedTree
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL, ValueType, entities_of

MOST_GROUPS = 3
MOST_MEASURES = 20
MOST_FACETS = 8
MOST_ROWS = 1000
_MEASURE = re.compile(r"\s*([A-Za-z]+)\s*\((.*)\)\s*", re.DOTALL)
_SUMMED = frozenset(("SUM", "AVERAGE"))
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class GroupRequest:
    """What a caller asks of groups, as text. of: filter and words, as of a list."""

    of: PageRequest
    by: str = ""
    measures: str = "COUNT()"
    having: str = ""
    sort: str = ""
    limit: int = 50
    offset: int = 0

    @property
    def shape(self) -> tuple[object, ...]:
        """What tells its statement from others."""
        return self.of.shape, self.by, self.measures, self.having, self.sort


@dataclass(frozen=True, slots=True)
class FacetRequest:
    """What a caller asks of facets. chosen: values by field, None for the blank."""

    of: PageRequest
    fields: tuple[str, ...] = ()
    chosen: Mapping[str, Sequence[str | None]] | None = None
    limit: int = 10

    @property
    def shape(self) -> tuple[object, ...]:
        """What tells its statement from others."""
        chosen = self.chosen or {}
        return self.of.shape, self.fields, tuple((key, None in values) for key, values in chosen.items())


def read_groups_query(
    model: AppModel, entity: Entity, request: GroupRequest, readable: TypedTree | None, is_known: Known
) -> GroupQuery:
    """Return what is asked, the condition of readable rows included; raises QueryInvalid with every issue."""
    query = read_query(model, entity, request.of, readable, is_known)
    issues: list[Issue] = []
    scope = scope_of(model, entity)
    by, figures = parts_of(request.by), parts_of(request.measures)
    for parameter, found, most in (("by", by, MOST_GROUPS), ("measures", figures, MOST_MEASURES)):
        if len(found) > most:
            issues.append(issue(MESSAGES, "request-too-many", f"/{parameter}", None, name=parameter, limit=most))
    groups = tuple(g for text in by if (g := _group(model, entity, scope, text, issues)) is not None)
    measures = tuple(m for text in figures if (m := _measure(scope, text, issues)) is not None)
    if issues:
        raise QueryInvalid(tuple(issues))
    names = {text.replace(" ", ""): f"m{n}" for n, text in enumerate(figures, 1)}
    names |= {text.replace(" ", ""): f"g{n}" for n, text in enumerate(by, 1)}
    having = _having(groups, measures, request.having, names, issues)
    sort = _sort(names, request.sort, issues)
    if issues:
        raise QueryInvalid(tuple(issues))
    given = dict(sort)
    sort += tuple((f"g{n}", False) for n in range(1, len(groups) + 1) if f"g{n}" not in given)
    return GroupQuery(entity, query.policies, query.conditions, query.search, groups, measures, having, sort)


def read_facets_query(
    model: AppModel, entity: Entity, request: FacetRequest, readable: TypedTree | None, is_known: Known
) -> FacetQuery:
    """Return what is asked, the condition of readable rows included; raises QueryInvalid with every issue."""
    query = read_query(model, entity, request.of, readable, is_known)
    issues: list[Issue] = []
    chosen = request.chosen or {}
    facets = []
    for key in dict.fromkeys(request.fields):
        path = path_of(entity, key, model.entity)
        if path is None or path.is_list or path.value_type.name not in KINDS or path.names[-1] == "id":
            issues.append(issue(MESSAGES, "request-facet-unknown", "/fields", None, name=key))
        else:
            facets.append(Facet(path, key in chosen, None in chosen.get(key, ())))
    if not request.fields or len(facets) > MOST_FACETS:
        issues.append(issue(MESSAGES, "request-too-many", "/fields", None, name="fields", limit=MOST_FACETS))
    for key in sorted(chosen.keys() - set(request.fields)):
        issues.append(issue(MESSAGES, "request-facet-unknown", "/chosen", None, name=key))
    if issues:
        raise QueryInvalid(tuple(issues))
    return FacetQuery(entity, query.policies, query.conditions, query.search, tuple(facets))


def parts_of(text: str) -> list[str]:
    """Return the parts between commas that stand outside brackets and texts.

    >>> parts_of('customer, IF(a, "x,y", b)')
    ['customer', 'IF(a, "x,y", b)']
    """
    parts, depth, is_text = [""], 0, False
    for letter in text:
        is_text ^= letter == '"'
        depth += 0 if is_text else (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0 and not is_text:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _typed(scope: Scope, text: str, parameter: str, issues: list[Issue]) -> TypedTree | None:
    checked = text_to_typed(text, scope)
    tree = checked.tree
    found = checked.issues if tree is None else (*checked.issues, *cannot_run(tree, "sql"))
    issues += [one.at(f"/{parameter}") for one in found]
    return None if found else tree


def _group(model: AppModel, entity: Entity, scope: Scope, text: str, issues: list[Issue]) -> Group | None:
    tree = _typed(scope, text, "by", issues)
    if tree is None:
        return None
    if tree.type.of is not None or tree.type.name in ("any", "blank") or entities_of(tree.type):
        issues.append(issue(MESSAGES, "request-group-type", "/by", None, name=text))
        return None
    path = path_of(entity, ".".join(tree.names), model.entity) if isinstance(tree, TypedPath) else None
    return Group(tree, None if path is None else path.to, path is not None and path.is_words)


def _measure(scope: Scope, text: str, issues: list[Issue]) -> Measure | None:
    written = _MEASURE.fullmatch(text)
    name = "" if written is None else written[1].upper()
    if written is None or name not in AGGREGATES or (not written[2].strip() and name != "COUNT"):
        issues.append(issue(MESSAGES, "request-measure-unknown", "/measures", None, name=text))
        return None
    if not written[2].strip():
        return Measure("COUNT", None)
    tree = _typed(scope, written[2], "measures", issues)
    if tree is None:
        return None
    kind = tree.type.name
    allowed = kind == "number" if name in _SUMMED else kind in ("number", "date", "datetime") or name == "COUNT"
    if not allowed or tree.type.of is not None:
        issues.append(issue(MESSAGES, "request-measure-type", "/measures", None, name=text, found=TYPE_NAMES.get(kind, kind)))
        return None
    return Measure(name, tree)


def _having(
    groups: Sequence[Group], measures: Sequence[Measure], text: str, names: Mapping[str, str], issues: list[Issue]
) -> TypedTree | None:
    """Return the condition on groups: measures and groups are written as they were asked for, or as `m1` and `g1`."""
    if not text:
        return None
    types: dict[str, ValueType] = {f"m{n}": measure.type for n, measure in enumerate(measures, 1)}
    types |= {f"g{n}": group.tree.type for n, group in enumerate(groups, 1) if group.to is None}
    pieces = text.split('"')
    for written in sorted(names, key=len, reverse=True):
        spaced = r"\s*".join(re.escape(letter) for letter in written)
        pattern = re.compile(rf"(?<![\w.]){spaced}(?![\w.(])")
        pieces[::2] = [pattern.sub(names[written], piece) for piece in pieces[::2]]
    tree = _typed(Scope(types, lambda _: None), '"'.join(pieces), "having", issues)
    if tree is not None and not fits(tree.type, BOOL):
        issues.append(issue(MESSAGES, "request-filter-type", "/having", None, found=TYPE_NAMES.get(tree.type.name, tree.type.name)))
        return None
    return tree


def _sort(names: Mapping[str, str], text: str, issues: list[Issue]) -> tuple[tuple[str, bool], ...]:
    sorts: dict[str, bool] = {}
    for part in parts_of(text):
        written = part.removeprefix("-").replace(" ", "")
        name = names.get(written, written)
        if name not in names.values():
            issues.append(issue(MESSAGES, "request-sort-unknown", "/sort", None, name=written))
        else:
            sorts.setdefault(name, part.startswith("-"))
    return tuple(sorts.items())


