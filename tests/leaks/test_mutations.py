"""The audit sees what it looks for: with one place of the compiler of permissions put out of action, it finds leaks; whole again, it finds none.

This is the one place where our own code is replaced by a test: to show that the tests beside it could fail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import true

from dougong.leaks.audit import audit
from dougong.leaks.stage import Stage
from dougong.permissions.eyes import Eyes
from dougong.store import file_access, history, history_words, read
from dougong.work import carry_out_each, changes, perform
from engines.dataset import sql
from engines.dataset.rows import Rows

Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Mutation:
    """One place put out of action, and where the audit must see it: whose requests and which exits."""

    patch: Patch
    people: tuple[str, ...]
    exits: tuple[str, ...]


def _rows_are_all(patch: pytest.MonkeyPatch) -> None:
    rows = Eyes.rows
    patch.setattr(Eyes, "rows", lambda self, entity: dict.fromkeys(rows(self, entity)))


def _fields_are_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Eyes, "_narrowed", lambda self, whole: whole)


def _some_records_is_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rows, "shown", lambda self, names: None)


def _every_policy_holds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Rows, "policy", lambda self, tree: true())


def _targets_are_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(read, "_readable", lambda site, model, actor: lambda key: None)


def _inputs_do_not_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Eyes, "_inputs_shown", lambda self, entity, path, field: None)


def _others_are_one(patch: pytest.MonkeyPatch) -> None:
    step = Eyes._step_shown
    patch.setattr(Eyes, "_step_shown", lambda self, source, keys, is_virtual, is_own: step(self, source, keys, is_virtual, is_own or source == "case"))


def _answers_are_whole(patch: pytest.MonkeyPatch) -> None:
    async def whole(executor: Any, site: Any, model: Any, actor: Any, pairs: Any, is_judged: bool = True) -> Any:  # noqa: ANN401 – what stands in its place
        return [saved for _, saved in pairs]

    for module in (perform, changes, carry_out_each):
        patch.setattr(module, "as_seen", whole)


def _history_is_whole(patch: pytest.MonkeyPatch) -> None:
    told = history_words.told

    def all_told(seen: Any, access: Any, *others: Any) -> Any:  # noqa: ANN401 – what stands in its place
        return told(_whole_model(seen), replace(access, seen=access.entity), *others)

    patch.setattr(history, "told", all_told)


def _whole_model(seen: Any) -> Any:  # noqa: ANN401 – a model
    """Return the model behind what somebody sees of it."""
    return replace(seen, entities=seen.entities._model.entities)


def _files_are_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(file_access, "live", lambda rows: true())
    patch.setattr(Rows, "shown", lambda self, names: None)
    patch.setattr(Rows, "policy", lambda self, tree: true())


def _terms_are_of_all_texts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sql, "_is_all_shown", lambda rows: True)


def _every_record_shows(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Eyes, "shows", lambda self, entity: {})


MUTATIONS = {
    "rows of records": Mutation(_rows_are_all, ("own",), ("GET set", "GET one")),
    "fields of records": Mutation(_fields_are_all, ("own",), ("GET one",)),
    "fields of some records": Mutation(_some_records_is_all, ("desk",), ("GET one",)),
    "conditions of policies": Mutation(_every_policy_holds, ("house",), ("GET set",)),
    "records that references lead to": Mutation(_targets_are_all, ("desk",), ("GET set",)),
    "what is computed": Mutation(_inputs_do_not_count, ("own",), ("GET one",)),
    "what is computed from records of the same kind": Mutation(_others_are_one, ("own",), ("GET one",)),
    "answers to changes": Mutation(_answers_are_whole, ("clerk", "own"), ("POST set", "PATCH one")),
    "history": Mutation(_history_is_whole, ("own",), ("GET one/history",)),
    "files": Mutation(_files_are_all, ("own", "leader"), ("GET /api/files/{file_id}/{name}",)),
    "what a public link opens": Mutation(_fields_are_all, ("own",), ("POST /api/public/open",)),
    "what can be found out": Mutation(_rows_are_all, ("own",), ("oracle",)),
    "words of hidden texts": Mutation(_terms_are_of_all_texts, ("reader",), ("oracle",)),
    "guesses at what some records hide": Mutation(_every_record_shows, ("leader",), ("oracle",)),
}


@pytest.mark.parametrize("name", MUTATIONS)
async def test_the_audit_sees_that_it_is_missing(stage: Stage, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    mutation = MUTATIONS[name]
    mutation.patch(monkeypatch)
    _forget(stage)
    try:
        report = await audit(stage, mutation.people, mutation.exits)
    finally:
        monkeypatch.undo()
        _forget(stage)
    assert report.leaks


async def test_whole_again_there_is_nothing_to_see(stage: Stage) -> None:
    report = await audit(stage, ("own",), ("GET set", "GET one", "GET one/history"))
    assert report.leaks == []


def _forget(stage: Stage) -> None:
    """Let what was compiled be compiled anew."""
    stage.site.compiled.clear()
    stage.site.accesses.clear()
