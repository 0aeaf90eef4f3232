"""Expressions, paths and policies of an app in, what people read of them out: with labels in the place of keys, in each language."""

from collections.abc import Iterator, Mapping, Sequence

from dougong.model.app_model import AppModel
from dougong.model.field_words import field_words
from dougong.model.paths import Paths
from dougong.model.policy import PolicyPart
from dougong.model.resolve_expressions import formula_of, scope_of
from engines.entity.entity import Entity, Formula
from engines.expression.check import text_to_typed
from engines.expression.tree import TypedCall, TypedTree

LANGUAGES = ("zh-CN", "en")
Text = Mapping[str, str]

ROWS: Mapping[str, Text] = {
    "own": {"zh-CN": "“{owner}”是本人", "en": "{owner} is oneself"},
    "department": {"zh-CN": "“{owner}”属于本人的部门", "en": "{owner} is of one's department"},
    "department_below": {"zh-CN": "“{owner}”属于本人的部门或其下级部门", "en": "{owner} is of one's department or one below it"},
    "reports": {"zh-CN": "“{owner}”由本人领导", "en": "{owner} is led by oneself"},
    "shared": {"zh-CN": "已共享给本人", "en": "shared with oneself"},
}
"""What people read for the words that say whose records a policy is for."""


def expression_words(model: AppModel, entity: Entity, text: str) -> Text:
    """Return an expression over a record with labels in the place of keys."""
    scope = scope_of(model, entity)
    met = {place: (key, of) for place, key, of, *_ in text_to_typed(text, scope).met}
    found = {}
    for language in LANGUAGES:
        said = text
        for (start, end), (key, of) in sorted(met.items(), reverse=True):
            words = {} if of is None or scope.words is None else scope.words(of)
            said = said[:start] + (words[key].label.get(language, key) if key in words else key) + said[end:]
        found[language] = said
    return found


def path_words(paths: Paths, entity: Entity, path: Sequence[str]) -> Text:
    """Return what people call a path."""
    labels: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    steps = tuple(paths.steps(entity, tuple(path)))
    here: Entity | None = entity
    for key, step in zip(path, steps, strict=False):
        words = {} if here is None else field_words(here)
        for language in LANGUAGES:
            labels[language].append(words[key].label.get(language, key) if key in words else key)
        here = None if step.end is None else paths.entity(step.end)
    return {language: " › ".join(found) for language, found in labels.items()}


def part_words(model: AppModel, entity: Entity, part: PolicyPart) -> Text:
    """Return what people read for a part of what a policy says of records."""
    if not part.word:
        return expression_words(model, entity, part.formula.text)
    owner = path_words(Paths(model.app, model.entities, model.organization), entity, part.owner.split("."))
    return {language: ROWS[part.word][language].format(owner=owner[language]) for language in LANGUAGES}


def conditions_of(part: PolicyPart) -> list[PolicyPart]:
    """Return a part of a policy as the conditions that must all hold, each with its own text."""
    if part.word:
        return [part]
    text = part.formula.text
    trees = list(_all_of(part.formula.tree))
    return [part] if len(trees) == 1 else [PolicyPart("", "", _formula(text, tree)) for tree in trees]


def _all_of(tree: TypedTree) -> Iterator[TypedTree]:
    if isinstance(tree, TypedCall) and tree.name == "and" and all(arg.span != (0, 0) for arg in tree.args):
        for arg in tree.args:
            yield from _all_of(arg)
    else:
        yield tree


def _formula(text: str, tree: TypedTree) -> Formula:
    start, end = tree.span
    return formula_of(text[start:end], tree)
