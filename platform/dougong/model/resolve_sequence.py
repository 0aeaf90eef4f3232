"""Sequence fields as they are written in, their patterns out, and what is wrong with how they count."""

from collections.abc import Mapping

from dougong.model.definition import EntityDefinition
from dougong.model.definition_fields import SequenceField
from dougong.model.messages import MESSAGES
from dougong.model.property_words import words_of
from engines.entity.entity import Field
from engines.entity.sequence_pattern import SequencePattern, parse_pattern
from engines.values.issue import Issue, issue


def resolve_sequence(definition: SequenceField, at: str, issues: list[Issue]) -> SequencePattern | None:
    """Return the pattern of a field, None with an issue when it cannot be read."""
    parsed = parse_pattern(definition.pattern)
    if parsed is None:
        issues.append(issue(MESSAGES, "definition-pattern-invalid", f"{at}/pattern"))
        return None
    pattern = SequencePattern(
        parsed.text, parsed.before, parsed.after, parsed.width, definition.reset, definition.start,
        definition.mode == "gapless", tuple(definition.per), definition.date,
    )  # fmt: skip
    if not pattern.tells_apart:
        issues.append(issue(MESSAGES, "definition-sequence-reset", f"{at}/reset"))
    if not pattern.is_gapless:
        for name, value in (("per", pattern.per), ("date", pattern.day_of)):
            if value:
                issues.append(issue(MESSAGES, "definition-sequence-gapless", f"{at}/{name}", None, name=words_of(name)))
    return pattern


def sequence_issues(entry: EntityDefinition, fields: Mapping[str, Field]) -> list[Issue]:
    """Return what is wrong with the fields that sequences of an entity count by."""
    issues = []
    for key, pattern in [(f.key, f.pattern) for f in fields.values() if f.pattern is not None]:
        at = f"/entities/{entry.key}/fields/{key}"
        for kinds, code, where, names in (
            (("reference", "choice"), "definition-sequence-per", "per", pattern.per),
            (("date",), "definition-sequence-date", "date", (pattern.day_of,) if pattern.day_of else ()),
        ):
            for name in names:
                if name not in fields:
                    issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/{where}", None, name=name))
                elif fields[name].kind.key not in kinds:
                    issues.append(issue(MESSAGES, code, f"{at}/{where}", None, name=fields[name].name))
    return issues
