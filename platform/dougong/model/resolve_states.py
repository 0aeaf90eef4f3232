"""Stage of resolve: the states of an entity as they are written in, its field that keeps them and its checked transitions out."""

from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from dougong.model.definition import EntityDefinition
from dougong.model.definition_element import Language, OptionDefinition, Words
from dougong.model.definition_fields import ChoiceField, FieldDefinition, ReferenceField
from dougong.model.definition_states import StatesDefinition, TransitionDefinition
from dougong.model.messages import MESSAGES
from engines.entity.entity import Entity, Field, Formula, State, States, Transition
from engines.expression.check import cannot_run
from engines.expression.entity_queries import whole_entities
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL, ValueType

STATE_LABEL: Words = {"zh-CN": "状态", "en": "Status"}
Check = Callable[[str, str, ValueType], Formula | None]
"""An expression, where it stands and the type it must have; None where something is wrong with it."""


REVERSES = "reverses"
REVERSES_LABEL: Words = {"zh-CN": "冲销", "en": "Reverses"}


def fields_of(entry: EntityDefinition) -> Sequence[FieldDefinition]:
    """Return the fields of an entity with those the platform adds: a choice of its states, the entry that one of a ledger takes back."""
    written: list[FieldDefinition] = [*entry.fields]
    if entry.kind == "ledger":
        # By this an entry names the one it takes back: no two take back the same.
        written.append(
            ReferenceField(key=REVERSES, kind="reference", name=REVERSES_LABEL, to=entry.key, read_only=True, unique=True)
        )
    if entry.states is None:
        return written
    states = entry.states
    options = [OptionDefinition(key=s.key, name=_named(s.name, s.key), color=s.color) for s in states.states]
    name = states.name or STATE_LABEL
    field = ChoiceField(
        key=states.key, kind="choice", name=name, options=options, default=f'"{states.start}"', indexed=True, locked=states.locked
    )
    return [*written, field]


def resolve_states(entry: EntityDefinition, entity: Entity, check: Check, issues: list[Issue]) -> States | None:
    """Return the states with their transitions; what is wrong with them is added to the issues."""
    written = entry.states
    if written is None:
        return None
    at = f"/entities/{entry.key}/states"
    states = {s.key: State(s.key, _labels(s.name, s.key), s.color, s.read_only, s.can_delete) for s in written.states}
    issues += _unknown(written, states, at)
    issues += _twice(written, at)
    transitions = {t.key: _transition(t, entity, written.key, check, f"{at}/transitions/{t.key}", issues) for t in written.transitions}
    return States(written.key, written.start, states, transitions)


def _unknown(written: StatesDefinition, states: Mapping[str, State], at: str) -> list[Issue]:
    named = [(f"{at}/start", written.start)]
    for transition in written.transitions:
        here = f"{at}/transitions/{transition.key}"
        named += [(f"{here}/from", key) for key in transition.from_] + [(f"{here}/to", transition.to)]
    return [issue(MESSAGES, "definition-state-unknown", where, None, name=key) for where, key in named if key not in states]


def _twice(written: StatesDefinition, at: str) -> list[Issue]:
    keys = [t.key for t in written.transitions]
    return [
        issue(MESSAGES, "definition-key-taken", f"{at}/transitions/{key}", None, name=key)
        for place, key in enumerate(keys)
        if key in keys[:place]
    ]


def _transition(
    written: TransitionDefinition, entity: Entity, state: str, check: Check, at: str, issues: list[Issue]
) -> Transition:
    when = None if not written.when else check(written.when, f"{at}/when", BOOL)
    if when is not None:
        issues += [found.at(f"{at}/when") for found in cannot_run(when.tree, "sql")]
    sets = []
    for key, text in written.set_.items():
        field = entity.fields.get(key)
        if field is None:
            issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/set/{key}", None, name=key))
        elif not _may_be_set(field, state):
            issues.append(issue(MESSAGES, "definition-transition-field", f"{at}/set/{key}", None, name=field.name))
        else:
            formula = check(text, f"{at}/set/{key}", field.value_type)
            if formula is not None:
                issues += [
                    issue(MESSAGES, "definition-formula-no-entity", f"{at}/set/{key}", None, name=name)
                    for name in whole_entities(formula.tree)
                ]
                sets.append((field, formula))
    message = _labels(written.message, "") if any(words.strip() for words in written.message.values()) else None
    confirm = None if written.confirm is None else _labels(written.confirm, "")
    return Transition(
        written.key, _labels(written.name, written.key), tuple(written.from_), written.to, when, message, tuple(sets), confirm
    )


def _may_be_set(field: Field, state: str) -> bool:
    return field.formula is None and field.kind.is_input and field.lines is None and field.key != state


def _named(words: Words, key: str) -> Words:
    found: Words = {language: text for language, text in words.items() if text}
    return found or {"en": key}


def _labels(words: Words, key: str) -> Mapping[str, str]:
    found = _named(words, key)
    first = next(iter(found.values()))
    return {language: found.get(language, first) for language in get_args(Language)}
