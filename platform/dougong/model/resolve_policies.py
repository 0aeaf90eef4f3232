"""Stage of resolve: entities and the policies of a document in, each policy with its expressions checked and its words spelled out, or Issues out."""

from collections.abc import Mapping, Sequence

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import AppDefinition
from dougong.model.definition_policy import PolicyDefinition
from dougong.model.messages import MESSAGES
from dougong.model.policy import LEVELS, FieldGrant, Policy, PolicyPart
from dougong.model.resolve_expressions import TYPE_NAMES, FieldTypes, fits, formula_of, misplaced
from engines.dataset.paths import path_of
from engines.entity.actions import denied, granted
from engines.entity.entity import Entity, Field, Formula
from engines.expression.check import cannot_run, text_to_typed
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL

Entities = Mapping[str, Entity]

_ROWS: Mapping[str, str] = {
    "own": "{owner} = CURRENTUSER()",
    "department": "INMYDEPARTMENT({owner})",
    "department_below": "INMYDEPARTMENT({owner}, TRUE)",
    "reports": "REPORTSTOME({owner})",
    "shared": 'SHAREDWITHME("{action}")',
}
"""What each word for rows means; `all` has no condition."""
_OF_USERS = frozenset({"own", "reports"})
_MASKED = ("text", "phone", "email", "sequence", "barcode", "url")
"""Kinds of fields of which a part can be shown."""


def resolve_policies(
    definition: AppDefinition, entities: Entities, organization: AppModel | None
) -> tuple[Mapping[str, tuple[Policy, ...]], list[Issue]]:
    """Return the policies of each entity by its key, and every issue with one."""
    issues: list[Issue] = []
    types = FieldTypes(entities, organization)
    own = {role.key for role in definition.roles}
    known = own if organization is None else own | {f"{ORGANIZATION}.{key}" for key in organization.roles}
    found: dict[str, list[Policy]] = {key: [] for key, entity in entities.items() if entity.parent is None}
    for policy in definition.policies:
        at = f"/policies/{policy.key}"
        if policy.role not in known:
            issues.append(issue(MESSAGES, "definition-role-unknown", f"{at}/role", None, name=policy.role))
        if policy.entity not in found:
            issues.append(issue(MESSAGES, "definition-entity-unknown", f"{at}/entity", None, name=policy.entity))
            continue
        made = _Reader(entities[policy.entity], entities, types, at, issues).policy(policy, definition.key)
        found[policy.entity].append(made)
    for part, offered in (("views", definition.views), ("forms", definition.forms), ("menus", definition.menus)):
        for one in offered:
            for role in one.offered_to or ():
                if role not in known:
                    issues.append(issue(MESSAGES, "definition-role-unknown", f"/{part}/{one.key}/offered_to", None, name=role))
    return {key: tuple(of) for key, of in found.items()}, issues


class _Reader:
    """One entity and where issues with a policy of it go."""

    def __init__(self, entity: Entity, entities: Entities, types: FieldTypes, at: str, issues: list[Issue]) -> None:
        self.entity, self.entities, self.types, self.at, self.issues = entity, entities, types, at, issues

    def policy(self, written: PolicyDefinition, app: str) -> Policy:
        """Return the policy; what is wrong with it is noted."""
        role = written.role if "." in written.role else f"{app}.{written.role}"
        actions, parts = self.actions(written), self.parts(written, "read")
        changing = self.rows(self.parts(written, "update")) if written.rows == "shared" else None
        return Policy(written.key, role, written.deny, actions, self.rows(parts), self.fields(written), self.others(written), parts, changing)

    def note(self, code: str, place: str, **parts: object) -> None:
        """Note what is wrong at a place of the policy."""
        self.issues.append(issue(MESSAGES, code, f"{self.at}/{place}", None, **parts))

    def actions(self, written: PolicyDefinition) -> frozenset[str]:
        """Return the actions one by one, those that it grants or those that it takes away."""
        transitions = tuple(self.entity.states.transitions) if self.entity.states is not None else ()
        for place, actions in (("actions", written.actions), ("without", written.without)):
            for action in actions:
                _, _, key = action.partition(".")
                if key and key not in transitions:
                    self.note("definition-policy-transition", place, name=key)
        return (denied if written.deny else granted)(written.actions, written.without, transitions)

    def others(self, written: PolicyDefinition) -> str:
        """Return the level of fields that are not named; a deny leaves them as they are."""
        return "write" if written.deny else written.others

    def parts(self, written: PolicyDefinition, action: str) -> tuple[PolicyPart, ...]:
        """Return the condition on records, to `read` or `update` them, part by part: whose they are, and which of those."""
        parts = (("rows", written.rows, written.owner, self.whose(written, action)), ("where", "", "", written.where))
        found = [(word, owner, self.formula(text, place)) for place, word, owner, text in parts if text]
        return tuple([PolicyPart(word, owner, formula) for word, owner, formula in found if formula is not None])

    def rows(self, parts: Sequence[PolicyPart]) -> Formula | None:
        """Return the condition on records as one."""
        return self.formula(" AND ".join(f"({part.formula.text})" for part in parts), "where") if parts else None

    def whose(self, written: PolicyDefinition, action: str) -> str:
        """Return the condition that a word for rows means."""
        word = written.rows
        if word in ("all", "shared"):
            return _ROWS.get(word, "").format(action=action)
        path = path_of(self.entity, written.owner, self.types.entity)
        to = None if path is None else path.to
        if to is None or to.app != ORGANIZATION or to.key not in (("user",) if word in _OF_USERS else ("user", "department")):
            self.note("definition-policy-owner", "owner", name=written.owner)
            return ""
        return _ROWS[word].format(owner=written.owner)

    def fields(self, written: PolicyDefinition) -> Mapping[str, FieldGrant]:
        """Return what is said of single fields."""
        found: dict[str, FieldGrant] = {}
        for one in written.levels:
            place = f"levels/{one.key}"
            field = self.field(one.key)
            if field is None:
                self.note("definition-field-unknown", place, name=one.key)
                continue
            if one.key in found:
                self.note("definition-key-taken", place, name=one.key)
            if one.level == "masked" and field.kind.key not in _MASKED:
                self.note("definition-policy-mask", place, name=field.name)
            found[one.key] = FieldGrant(one.level, None if one.when is None else self.formula(one.when, f"{place}/when"))
        return found

    def field(self, key: str) -> Field | None:
        """Return a field of the entity, or of its rows."""
        lines, _, inner = key.rpartition(".")
        entity: Entity | None = self.entity
        if lines:
            through = self.entity.fields.get(lines)
            entity = None if through is None or through.lines is None else self.entities[through.lines]
        return None if entity is None else entity.fields.get(inner)

    def formula(self, text: str, place: str) -> Formula | None:
        """Return a condition on a record of the entity, or note what is wrong with it."""
        at = f"{self.at}/{place}"
        checked = text_to_typed(text, self.types.scope(self.entity))
        found: Sequence[Issue] = checked.issues
        if checked.tree is not None:
            found = [*found, *cannot_run(checked.tree, "sql")]
        self.issues += [one.at(at) for one in found]
        if checked.tree is None or found:
            return None
        misplacements = misplaced(checked.tree, "condition", at)
        self.issues += misplacements
        if not fits(checked.tree.type, BOOL):
            names = {"wanted": TYPE_NAMES[BOOL.name], "found": TYPE_NAMES.get(checked.tree.type.name, checked.tree.type.name)}
            self.note("definition-formula-type", place, **names)
            return None
        return None if misplacements else formula_of(text, checked.tree)


def lowest(levels: Sequence[str]) -> str:
    """Return the least of some levels.

    >>> lowest(["write", "masked"])
    'masked'
    """
    return LEVELS[min(map(LEVELS.index, levels))]
