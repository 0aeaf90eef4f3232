"""A question why somebody may or may not do something with a record in; the policies that speak of it, what of each holds there and why, out.

Everything is evaluated as the person asked about, and values are told as far as whoever asks may read them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, literal_column

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.expression_words import LANGUAGES, conditions_of, expression_words, part_words, path_words
from dougong.model.paths import Paths
from dougong.model.policy import Policy
from dougong.permissions.access import access_for, eyes_of, seen_by
from dougong.permissions.actor import SYSTEM, Actor
from dougong.permissions.grants import Condition
from dougong.permissions.question import (
    REASONS,
    WRITES,
    Question,
    field_reason,
    level_by,
    question_of,
    reason_of,
    speaks_of,
)
from dougong.sites import Site
from dougong.store.errors import EntityNotFound
from dougong.store.explain import UNKNOWN_WORDS, Look, explain_input
from dougong.store.read import known_access, read_record
from engines.entity.entity import SYSTEM_TYPES, Formula
from engines.expression.tree import TypedTree

Json = dict[str, Any]
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, about whom, and where. is_trusted: they may know of every record and policy that it is there, not what is in it."""

    site: Site
    model: AppModel
    asker: Actor
    target: Actor
    is_trusted: bool


@dataclass(slots=True)
class _Held:
    """The conditions of an answer, and which of them hold for the record; without a record nobody knows."""

    trees: list[TypedTree] = field(default_factory=list)
    found: Sequence[bool] | None = None

    def add(self, condition: Condition | bool) -> None:
        """Note a condition that is to be evaluated."""
        if condition is not None and not isinstance(condition, bool) and condition not in self.trees:
            self.trees.append(condition)

    def of(self, condition: Condition | bool) -> bool | None:
        """Return whether a condition holds, None where it depends on the record."""
        if condition is None or isinstance(condition, bool):
            return condition is not False
        return None if self.found is None else self.found[self.trees.index(condition)]


async def explain_access(asked: Asked, entity_key: str, record_id: UUID | None, action: str, path: str) -> Json:
    """Return why somebody may or may not; raises EntityNotFound, RecordNotFound, ActionUnknown, FieldOfQuestionUnknown."""
    site, model, target = asked.site, asked.model, asked.target
    question = _question(asked, entity_key, action, path)
    record = {} if record_id is None else await _record(asked, entity_key, record_id)
    policies = [policy for policy in model.policies.get(entity_key, ()) if speaks_of(policy, question)]
    rows = access_for(site, model, target, entity_key).rows
    allowed: Condition | bool = False if action not in rows else _tree(rows[action])
    levels = {} if question.field is None else _levels(asked, question)
    inputs = [] if question.field is None else list(_inputs(asked, question))
    held = _Held()
    for condition in (allowed, *levels.values(), *(shown for _, shown in inputs), *(tree for policy in policies for tree in _conditions(policy, question))):
        held.add(condition)
    if record_id is not None:
        held.found = await _evaluate(asked, entity_key, record_id, held.trees)
    verdict = _word(held.of(allowed))
    mine = [policy for policy in policies if policy.role in target.roles]
    reason = reason_of(target, question, mine, verdict, lambda policy: held.of(_rows(policy, question.action)))
    told: Json = {"user": await _user(asked), "roles": [_role(model, key) for key in sorted(target.roles)], "field": None, "would_allow": []}
    if question.field is not None:
        level = next((level for level, condition in levels.items() if held.of(condition) is not False), "hidden")
        hiding = [(read, held.of(shown)) for read, shown in inputs if shown is not None]
        told["field"] = {
            "path": path, "name": question.field.name, "level": level, "in_some": held.of(levels.get(level)) is None,
            "discloses": question.field.discloses, "inputs": [_input(asked, question, read, found) for read, found in hiding],
        }  # fmt: skip
        why = field_reason(question, level, any(found is not True for _, found in hiding))
        verdict, reason = ("no", why) if why and verdict != "no" else (verdict, reason)
        verdict, reason = ("some", "some") if verdict == "yes" and told["field"]["in_some"] else (verdict, reason)
    look = None if record_id is None else Look(site, model, seen_by(site, model, asked.asker).entity(entity_key), record_id)
    told["policies"] = [await _policy(asked, question, policy, held, look, record) for policy in mine]
    if asked.is_trusted:
        others = [p for p in policies if p not in mine and not p.is_deny and held.of(_rows(p, question.action)) is not False]
        told["would_allow"] = [_role(model, key) for key in dict.fromkeys(p.role for p in others)] if verdict != "yes" else []
    sentence = {language: REASONS[reason][language].format(user=target.name) for language in LANGUAGES}
    return {**told, "verdict": verdict, "reason": reason, "sentence": sentence, "action": action, "entity": entity_key, "record": record_id}


def _question(asked: Asked, entity_key: str, action: str, path: str) -> Question:
    model = asked.model
    if not asked.is_trusted:
        known_access(asked.site, model, asked.asker, entity_key)
    if entity_key not in model.entities or model.entities[entity_key].parent is not None:
        raise EntityNotFound(entity=entity_key)
    known = model if asked.is_trusted else seen_by(asked.site, model, asked.asker)
    question_of(known, known.entities[entity_key], action, path)
    return question_of(model, model.entities[entity_key], action, path)


async def _record(asked: Asked, entity_key: str, record_id: UUID) -> Json:
    """Return the record as whoever asks may read it, nothing of it where they may not; raises RecordNotFound."""
    try:
        return dict(orjson.loads(await read_record(asked.site, asked.model, asked.asker, entity_key, record_id)))
    except PlatformError:
        if not asked.is_trusted:
            raise
    await read_record(asked.site, asked.model, SYSTEM, entity_key, record_id)
    return {}


def _levels(asked: Asked, question: Question) -> Mapping[str, Condition | bool]:
    """Return where the field has each level, the highest first."""
    assert question.field is not None
    action = question.action if question.action in ("create", "update") else "update"
    found = eyes_of(asked.site, asked.model, asked.target).levels(question.entity, question.path, action)
    can_write = question.action in WRITES or question.action == "read"
    is_input = question.field.is_writable or question.field.lines is not None
    return {level: condition for level, condition in found.items() if level != "write" or can_write and is_input}


def _inputs(asked: Asked, question: Question) -> Iterator[tuple[Keys, Condition | bool]]:
    """Give what a computed field reads, with the records in which the person may read that."""
    assert question.field is not None
    if question.field.formula is not None and not question.field.discloses:
        yield from eyes_of(asked.site, asked.model, asked.target).inputs_shown(question.entity, question.path, question.field)


def _conditions(policy: Policy, question: Question) -> Iterator[Condition]:
    yield _rows(policy, question.action)
    for part in policy.parts:
        for one in conditions_of(part):
            yield one.formula.tree
    when = level_by(policy, question.path).when if question.path else None
    yield None if when is None else when.tree


async def _evaluate(asked: Asked, entity_key: str, record_id: UUID, trees: Sequence[TypedTree]) -> Sequence[bool]:
    """Return which conditions hold for the record, in the query the person's own questions are part of."""
    if not trees:
        return ()
    seen = access_for(asked.site, asked.model, asked.target, entity_key).seen
    look = Look(asked.site, asked.model, seen, record_id)
    rows = look.rows(asked.target)
    columns = [func.coalesce(rows.policy(tree), literal_column("false")).label(f"c{place}") for place, tree in enumerate(trees)]
    (row,) = await look.fetch(asked.target, rows, columns)
    return [bool(row[f"c{place}"]) for place in range(len(trees))]


async def _policy(asked: Asked, question: Question, policy: Policy, held: _Held, look: Look | None, record: Json) -> Json:
    """Return a policy with each of its conditions in words and whether it holds."""
    grant = level_by(policy, question.path) if question.path else None
    parts = []
    for one in (one for part in policy.parts for one in conditions_of(part)):
        reads = set(one.formula.reads)
        if one.word.startswith("department") and question.entity.app != ORGANIZATION:
            reads.add((*one.owner.split("."), "department"))
        told = _words(asked, question, one.formula) or {"word": one.word, "text": one.formula.text, "words": part_words(asked.model, question.entity, one)}
        facts = [] if look is None else [await _fact(asked, question, look, record, read) for read in sorted(reads)]
        parts.append({**told, "holds": held.of(one.formula.tree), "facts": [fact for fact in facts if fact is not None]})
    when = None if grant is None or grant.when is None else grant.when
    return {
        "key": policy.key, "role": _role(asked.model, policy.role), "deny": policy.is_deny, "holds": held.of(_rows(policy, question.action)), "conditions": parts,
        "level": None if grant is None else grant.level,
        "when": None if when is None else (_words(asked, question, when) or {"word": "", "text": when.text, "words": expression_words(asked.model, question.entity, when.text)})
        | {"holds": held.of(when.tree), "facts": []},
    }  # fmt: skip


def _words(asked: Asked, question: Question, formula: Formula) -> Json | None:
    """Return that a condition is not told where it names what whoever asks may not know of; None where it is."""
    if asked.is_trusted or all(_is_seen(asked, question, path) for path in formula.reads):
        return None
    return {"word": "", "text": "", "words": UNKNOWN_WORDS}


def _is_seen(asked: Asked, question: Question, path: Keys) -> bool:
    """Whether whoever asks may know every field a path goes over."""
    if path[0].startswith("@"):
        return asked.is_trusted
    seen = seen_by(asked.site, asked.model, asked.asker)
    for step in Paths(asked.model.app, asked.model.entities, asked.model.organization).steps(question.entity, path):
        entity = seen.entity(step.source)
        if any(key not in entity.fields and key not in SYSTEM_TYPES for key in step.fields or {step.key}) and step.kind != "members":
            return False
        if step.kind == "members" and step.key not in question.entity.fields.keys() | question.entity.inverses.keys():
            return False
    return True


async def _fact(asked: Asked, question: Question, look: Look, record: Json, path: Keys) -> Json | None:
    """Return the value a condition reads; hidden where whoever asks may not read it. None for lists and for what is of no record."""
    model = asked.model
    if path[0].startswith("@"):
        return None
    paths = Paths(model.app, model.entities, model.organization)
    steps = tuple(paths.steps(question.entity, path))
    if any(step.kind in ("list", "members") for step in steps) or not steps[-1].is_known:
        return None
    name = path_words(paths, question.entity, path)
    if not record or not _is_seen(asked, question, path):
        return {"path": list(path), "name": name, "value": None, "title": None, "hidden": True}
    found = await explain_input(look, paths, asked.asker, record, path, steps)
    title = found.get("title")
    if len(path) > 1 and found["value"] is not None and steps[-1].kind == "value":
        title = await _title(asked, steps[-1].source, steps[-1].key, found["value"])
    return {"path": list(path), "name": name, "value": found["value"], "title": title, "hidden": found["hidden"]}


async def _title(asked: Asked, source: str, key: str, value: object) -> str | None:
    """Return what a record is called that the last step of a path points to."""
    of = asked.model.entity(source).fields.get(key)
    if of is None or of.to is None or not isinstance(value, str):
        return None
    to = asked.model.entity(asked.model.entity(source).everywhere(of.to))
    home = asked.model.home(asked.model.entity(source).everywhere(of.to))
    try:
        record = orjson.loads(await read_record(asked.site, home, asked.asker, to.key, UUID(value)))
    except PlatformError:
        return None
    return str(record.get(to.title, ""))


def _input(asked: Asked, question: Question, path: Keys, shown: bool | None) -> Json:
    model = asked.model
    lines = question.path.rpartition(".")[0]
    start = model.entities[f"{question.entity.key}.{lines}"] if lines else question.entity
    begin, keys, prefix = start, path, None
    if path[0].startswith("@"):
        begin, keys = model.entity(path[0][1:]), path[1:]
        prefix = begin.name
    words = path_words(Paths(model.app, model.entities, model.organization), begin, keys)
    name = words if prefix is None else {language: f"{prefix.get(language, path[0])} › {words[language]}".removesuffix(" › ") for language in LANGUAGES}
    if not asked.is_trusted and shown is not True:
        return {"path": [], "name": {"zh-CN": "您不能查看的内容", "en": "what you may not read"}, "shown": _word(shown)}
    return {"path": list(path), "name": name, "shown": _word(shown)}


async def _user(asked: Asked) -> Json:
    """Return who is asked about, with their department as far as it may be read."""
    organization = asked.model.organization or asked.model
    try:
        user = orjson.loads(await read_record(asked.site, organization, asked.asker, "user", asked.target.id))
    except PlatformError:
        user = {}
    return {"id": asked.target.id, "name": asked.target.name, "department": user.get("department__title")}


def _role(model: AppModel, key: str) -> Json:
    app, _, own = key.partition(".")
    home = model if app == model.app else model.organization if app == ORGANIZATION else None
    role = None if home is None else home.roles.get(own)
    return {"key": key, "name": {"zh-CN": key, "en": key} if role is None else dict(role.name)}


def _tree(formula: Formula | None) -> Condition:
    return None if formula is None else formula.tree


def _rows(policy: Policy, action: str) -> Condition:
    return _tree(policy.condition(action))


def _word(found: bool | None) -> str:
    return "some" if found is None else "yes" if found else "no"
