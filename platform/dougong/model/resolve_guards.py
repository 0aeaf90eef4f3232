"""Guards of an entity as they are written in, rules over its own fields out, and what is wrong with them."""

from collections.abc import Callable, Sequence

from dougong.model.definition_stock import GuardDefinition
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from engines.entity.entity import Entity, Formula, Rule
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL, ValueType

Judging = Callable[[str, str, ValueType], Formula | None]


def resolve_guards(
    written: Sequence[GuardDefinition], entity: Entity, at: str, judging: Judging, issues: list[Issue]
) -> tuple[Rule, ...]:
    """Return the guards of an entity; judging: reads a formula at a place that must give a type."""
    guards = []
    for guard in written:
        here = f"{at}/{guard.key}"
        check = judging(guard.check, f"{here}/check", BOOL)
        if not any(words.strip() for words in guard.message.values()):
            issues.append(issue(MESSAGES, "definition-rule-message", f"{here}/message"))
        if check is not None:
            issues += [issue(MESSAGES, "definition-guard-path", f"{here}/check", None, path=path) for path in beyond(check, entity)]
            guards.append(Rule(guard.key, check, None, labels(guard.message)))
    return tuple(guards)


def beyond(check: Formula, entity: Entity) -> list[str]:
    """Return the paths of a condition that leave the record's own fields, which alone are locked while it is judged."""
    return sorted(
        ".".join(path)
        for path in check.reads
        if len(path) > 1 or path[0].startswith("@") or (path[0] in entity.fields and entity.fields[path[0]].lines is not None)
    )
