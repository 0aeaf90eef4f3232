"""The parameters of a list request in; a Query and the values of its cursor out, or every issue with them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson

from dougong.model.app_model import AppModel
from dougong.model.resolve_expressions import TYPE_NAMES, fits, scope_of
from dougong.store.errors import QueryInvalid
from dougong.store.messages import MESSAGES
from engines.dataset.paths import Path, path_of
from engines.dataset.query import Page, PageKind, Query, Sort, Total
from engines.dataset.search import Search, search_for, search_near
from engines.entity.entity import Entity
from engines.expression.check import cannot_run, text_to_typed
from engines.expression.tree import TypedTree
from engines.values.issue import Issue, issue
from engines.values.json_values import value_from_json
from engines.values.value_types import BOOL

MOST_RECORDS = 200
MOST_SORTS = 3


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a caller asks of a list, as text.

    filter: an expression. sort: `-date,number`. position: `start`, `end`, or `after`, `before` or `from` with its
    cursor: a JSON list of sort values ending in the id, for `from` one JSON value. similar: each longer word may have a letter that is wrong.
    trash: records in the trash instead, for those who may delete them.
    """

    filter: str = ""
    search: str = ""
    sort: str = ""
    fields: tuple[str, ...] = ()
    limit: int = 50
    position: PageKind = "start"
    cursor: str = ""
    total: Total = "none"
    similar: bool = False
    trash: bool = False

    @property
    def shape(self) -> tuple[object, ...]:
        """What tells its statement from others: all but the values of words, cursor and limit."""
        blanks = _blanks(self.cursor) if self.position in ("after", "before") else ()
        return self.filter, self.words is not None, self.sort, self.fields, self.position, blanks, self.total, self.trash

    @property
    def words(self) -> Search | None:
        """How texts with the words are found, None when there are none to look for."""
        return (search_near(self.search) if self.similar else None) or search_for(self.search) if self.search else None

    def bounds(self, query: Query) -> dict[str, Any]:
        """Return the values of the statement's parameters; raises QueryInvalid where the cursor does not fit the order."""
        values: dict[str, Any] = {"limit": self.limit}
        if self.words is not None:
            values |= self.words.bound
        if self.position in ("start", "end"):
            return values
        given = _cursor(self.cursor)
        wanted = query.sort[:1] if self.position == "from" else query.sort
        given = [given] if self.position == "from" and not isinstance(given, list) else given
        if not isinstance(given, list) or len(given) != len(wanted):
            raise QueryInvalid((issue(MESSAGES, "request-cursor-invalid", f"/{self.position}"),))
        for index, (raw, sort) in enumerate(zip(given, wanted, strict=True)):
            value_type = sort.path.order_type
            value = None if raw is None else value_from_json(raw, value_type)
            if isinstance(value, Issue) and self.position == "from":
                value = value_from_json(self.cursor, value_type)
            if isinstance(value, Issue) or (value is None and self.position == "from"):
                raise QueryInvalid((issue(MESSAGES, "request-cursor-invalid", f"/{self.position}"),))
            values[f"key_{index}"] = value
        return values


def read_query(
    model: AppModel, entity: Entity, request: PageRequest, readable: TypedTree | None, is_known: Callable[[str], bool]
) -> Query:
    """Return what is asked, the condition of readable rows included; raises QueryInvalid with every issue.

    is_known: whether an entity exists for who asks, by key; a filter may name no other.
    """
    issues: list[Issue] = []
    policies = () if readable is None else (readable,)
    conditions = _condition(model, entity, request.filter, is_known, issues) if request.filter else []
    fields = _fields(model, entity, request.fields, issues)
    sort = _sort(model, entity, request.sort, issues)
    if request.position in ("after", "before") and len(_blanks(request.cursor)) != len(sort):
        issues.append(issue(MESSAGES, "request-cursor-invalid", f"/{request.position}"))
    if issues:
        raise QueryInvalid(tuple(issues))
    page = Page(
        request.position, request.limit, _blanks(request.cursor) if request.position in ("after", "before") else ()
    )
    return Query(entity, fields, tuple(conditions), sort, page, request.words is not None, request.total, request.trash, policies)


def _condition(
    model: AppModel, entity: Entity, text: str, is_known: Callable[[str], bool], issues: list[Issue]
) -> list[TypedTree]:
    scope = scope_of(model, entity, of_filters=True)
    wholes = {key: words for key, words in scope.wholes.items() if is_known(key)} if "@" in text or "＠" in text else {}
    checked = text_to_typed(text, replace(scope, wholes=wholes))
    tree = checked.tree
    found_issues = checked.issues if tree is None else (*checked.issues, *cannot_run(tree, "sql"))
    issues += [found.at("/filter") for found in found_issues]
    if tree is None or found_issues:
        return []
    if not fits(tree.type, BOOL):
        found = TYPE_NAMES.get(tree.type.name, tree.type.name)
        issues.append(issue(MESSAGES, "request-filter-type", "/filter", None, found=found))
        return []
    return [tree]


def _fields(model: AppModel, entity: Entity, asked: tuple[str, ...], issues: list[Issue]) -> tuple[Path, ...]:
    first = ("id", "revision") if entity.parent is None else ("id", "parent")
    found = {}
    for key in (*first, *(asked or (f.key for f in entity.read_fields))):
        path = path_of(entity, key, model.entity)
        if path is None:
            issues.append(issue(MESSAGES, "request-field-unknown", "/fields", None, name=key))
        else:
            found[key] = path
    return tuple(found.values())


def _sort(model: AppModel, entity: Entity, text: str, issues: list[Issue]) -> tuple[Sort, ...]:
    last = path_of(entity, "id", model.entity)
    assert last is not None
    keys = [part.strip() for part in text.split(",") if part.strip()]
    sorts: list[Sort] = []
    for key in keys:
        path = path_of(entity, key.removeprefix("-"), model.entity)
        if path is None or path.is_list:
            issues.append(issue(MESSAGES, "request-sort-unknown", "/sort", None, name=key.removeprefix("-")))
        else:
            sorts.append(Sort(path, key.startswith("-")))
    if len(keys) > MOST_SORTS or len({s.path.key for s in sorts}) < len(sorts):
        issues.append(issue(MESSAGES, "request-sort-too-many", "/sort", None, limit=MOST_SORTS))
    if not sorts:
        return (Sort(last, True),)
    if any(s.is_id for s in sorts):
        return tuple(sorts[: [s.is_id for s in sorts].index(True) + 1])
    return (*sorts, Sort(last, sorts[0].descending))


def _cursor(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text or None


def _blanks(text: str) -> tuple[bool, ...]:
    given = _cursor(text)
    return tuple(value is None for value in given) if isinstance(given, list) else ()
