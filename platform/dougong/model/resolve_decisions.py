"""Decision tables as they are written in, checked against the fields of their entities, out; rows are not looked at."""

from collections.abc import Mapping
from dataclasses import replace

from dougong.model.definition import AppDefinition, EntityDefinition
from dougong.model.definition_decision import DecisionDefinition, DecisionInputDefinition
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from dougong.model.property_words import words_of
from engines.entity.entity import Entity, Field
from engines.expression.decision import MATCHES, OF_NUMBERS, ORDERED, POLICIES, Decision, Input, Match
from engines.values.issue import Issue, issue

_NUMBERS = frozenset({"number", "money", "percent", "quantity", "rating", "duration"})
_POINTS = _NUMBERS | {"date", "datetime"}
_TEXTS = frozenset({"text", "sequence", "phone", "email", "barcode"})
_ONE = frozenset({"choice", "tree_choice", "reference", "member", "department", "boolean", "date"}) | _NUMBERS | _TEXTS
_SEVERAL = frozenset({"choices", "references", "members", "departments"})
_KINDS: Mapping[Match, frozenset[str]] = {"eq": _ONE, "range": _POINTS, "in": _SEVERAL, "prefix": _TEXTS, "contains": _TEXTS}
"""The kinds of fields an input can be matched with."""


def resolve_decisions(definition: AppDefinition, entities: dict[str, Entity]) -> list[Issue]:
    """Put entities that decide in their places anew, and return what is wrong with how they do."""
    issues: list[Issue] = []
    for owner in definition.entities:
        if not isinstance(owner, EntityDefinition):
            continue
        at = f"/entities/{owner.key}/decision"
        if owner.decision is None:
            if owner.kind == "decision":
                issues.append(issue(MESSAGES, "definition-decision-missing", at))
        elif owner.kind != "decision":
            issues.append(issue(MESSAGES, "definition-decision-only", at))
        else:
            before = len(issues)
            found = _Reading(entities[owner.key], at, issues).decision(owner.decision)
            if len(issues) == before:
                entities[owner.key] = replace(entities[owner.key], decision=found)
    return issues


class _Reading:
    """Reads one table; notes what is wrong."""

    def __init__(self, entity: Entity, at: str, issues: list[Issue]) -> None:
        self.entity, self.at, self.issues = entity, at, issues

    def note(self, code: str, where: str, **parts: object) -> None:
        self.issues.append(issue(MESSAGES, code, f"{self.at}/{where}", None, **parts))

    def field(self, where: str, key: str) -> Field | None:
        found = self.entity.fields.get(key)
        if found is None:
            self.note("definition-field-unknown", where, name=key)
        return found

    def decision(self, written: DecisionDefinition) -> Decision:
        keys = [one.key for one in written.inputs]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                self.note("definition-key-taken", f"inputs/{key}", name=key)
        inputs = tuple(self.input(one) for one in written.inputs)
        for key in written.outputs:
            self.output(key, written)
        self.day("first", written.first)
        self.day("last", written.last)
        self.order(written)
        is_refused = written.overlap == "refuse"
        found = Decision(inputs, tuple(written.outputs), written.policy, written.order, written.first, written.last, is_refused)
        for one in inputs if is_refused else ():
            self.overlap(one)
        if written.policy == "cumulative" and not self.has_bands(found):
            self.note("definition-decision-bands", "policy")
        return found

    def input(self, written: DecisionInputDefinition) -> Input:
        at = f"inputs/{written.key}"
        ends = {"from": written.start, "to": written.end}
        if written.match == "range":
            if written.field is not None or not any(ends.values()):
                self.note("definition-decision-ends", at, name=written.key)
            for name, key in ends.items():
                if key is not None:
                    self.matched(f"{at}/{name}", key, written.match)
            start, end = (self.entity.fields.get(key or "") for key in ends.values())
            if start is not None and end is not None and {start.kind.key, end.kind.key} <= _POINTS and start.value_type != end.value_type:
                self.note("definition-decision-kinds", at, one=start.name, other=end.name)
        elif written.field is None or any(ends.values()):
            self.note("definition-decision-field", at, name=written.key)
        else:
            self.matched(f"{at}/field", written.field, written.match)
        told = labels(written.name) if any(words.strip() for words in written.name.values()) else self.name_of(written)
        return Input(written.key, told, written.match, written.field, written.start, written.end)

    def name_of(self, written: DecisionInputDefinition) -> Mapping[str, str]:
        """Return what an input without a name of its own is called: as its field."""
        found = self.entity.fields.get(written.field or written.start or written.end or "")
        return {"zh-CN": written.key, "en": written.key} if found is None else found.name

    def matched(self, where: str, key: str, match: Match) -> None:
        found = self.field(where, key)
        if found is not None and (found.is_virtual or found.kind.key not in _KINDS[match]):
            self.note("definition-decision-match", where, name=found.name, match=MATCHES[match])

    def output(self, key: str, written: DecisionDefinition) -> None:
        found = self.field(f"outputs/{key}", key)
        if found is None:
            return
        is_fit = found.lines is None and found.kind.read_by == "all"
        if written.policy in OF_NUMBERS:
            is_fit = found.kind.key in _NUMBERS
        elif written.policy not in ORDERED:
            is_fit = found.kind.key in _POINTS
        elif written.policy == "all":
            is_fit = is_fit and (found.value_type.of is None)
        if not is_fit:
            self.note("definition-decision-output", f"outputs/{key}", name=found.name, policy=POLICIES[written.policy])

    def day(self, name: str, key: str | None) -> None:
        found = None if key is None else self.field(name, key)
        if found is not None and (found.kind.key != "date" or found.is_virtual):
            self.note("definition-decision-day", name, name=found.name)

    def order(self, written: DecisionDefinition) -> None:
        found = None if written.order is None else self.field("order", written.order)
        if written.order is not None and written.policy not in ORDERED:
            self.note("definition-decision-order", "order", property=words_of("order"), policy=POLICIES[written.policy])
        elif found is not None and (found.kind.key not in _NUMBERS or found.is_virtual):
            self.note("definition-decision-number", "order", name=found.name)

    def overlap(self, one: Input) -> None:
        """Note an input of which nobody can tell, from two rows alone, whether both match some value."""
        field = self.entity.fields.get(one.field or "")
        if one.match == "contains" or (one.match == "in" and field is not None and field.column is None):
            self.note("definition-decision-overlap", f"inputs/{one.key}/match", name=one.name, match=MATCHES[one.match])

    def has_bands(self, found: Decision) -> bool:
        """Whether there is one range of numbers, and one alone, with both ends."""
        starts = [(one, self.entity.fields.get(one.fields[0])) for one in found.inputs if one.match == "range" and one.fields]
        ranges = [one for one, start in starts if start is not None and start.kind.key in _NUMBERS]
        return len(ranges) == 1 and len(ranges[0].fields) == 2
