"""Requests that schemathesis makes from the OpenAPI documents, fitting and not, sent by nobody, a token, a member and the administrator: no fault, no leak."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest

from dougong.api.platform_app import build_platform_app
from dougong.leaks.stage import Stage
from tests.leaks.conftest import OpenStage
from tests.leaks.fuzz import Findings, Fuzz, Operation, document_operations, known_of, people_of
from tests.leaks.vault import vault

EXAMPLES = 1
"""Requests that fit, and requests that do not, to each operation; `python -m tests.leaks.long_fuzz` sends many."""

LEFT_OUT: dict[Operation, str] = {
    ("POST", "/api/providers/{key}/try"): "calls whatever server it is told to: what it may call is in runtime/test_outgoing.py",
    ("PUT", "/api/providers/{key}"): "as whom it keeps is called by whoever signs in afterwards: api/test_oidc.py",
}
"""What the administrator does not send: nothing here may call a server outside."""

LAST: dict[Operation, str] = {
    ("PUT", "/api/apps/{app}/draft"): "what is published afterwards may be another app",
    ("POST", "/api/apps/{app}/draft/commands"): "what is published afterwards may be another app",
    ("POST", "/api/apps/{app}/versions"): "publishes whatever the draft is",
    ("POST", "/api/apps/{app}/versions/{number}/restore"): "publishes an earlier version",
    ("POST", "/api/apps/{app}/upgrade"): "publishes another version",
    ("POST", "/api/apps/{app}/packages"): "publishes with another package",
    ("POST", "/api/apps/{app}/packages/removal"): "publishes without a package",
    ("POST", "/api/apps/{app}/retired/purge"): "takes data away for good",
    ("POST", "/api/people/{user}/hand-over"): "gives records to somebody else",
    ("POST", "/api/apps/{app}/uninstall"): "the app is gone afterwards",
    ("PUT", "/api/people/{user_id}/networks"): "whoever it is comes in from nowhere afterwards",
    ("PUT", "/api/sign-in-rules"): "nobody comes in afterwards",
}
"""What the administrator sends last, in this order, because of what it does to everything after it.

What ends sessions or changes passwords is sent with the rest: whoever is not known any more gets a new session.
"""


@pytest.fixture(scope="module")
async def small_stage(new_stage: OpenStage) -> AsyncIterator[Stage]:
    """Return a stage of few records of its own: what is changed here disturbs no audit."""
    async with new_stage(vault(), 3) as opened:
        yield opened


@pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")
async def test_no_request_makes_the_server_fail_or_tells_what_is_hidden(small_stage: Stage) -> None:
    findings = await fuzz(small_stage, EXAMPLES, 6, some=True)
    assert not findings.wrong, "\n\n".join(f"{kind}\n{shown}" for kind, shown in findings.wrong.items())[:20_000]
    assert {"nobody", "token", "member", "administrator"} == findings.statuses.keys()
    for name in ("token", "member", "administrator"):
        assert any(status < 300 for status in findings.statuses[name]), "some requests get through"


async def fuzz(stage: Stage, examples: int, start: int, some: bool) -> Findings:
    """Send requests to every operation of the platform and of the app, by whom they may do little first.

    some: of entities but the first only every fourth operation, as all have the same, and the organization not as an app.
    """
    findings, known, loop, chance = Findings(), await known_of(stage), asyncio.get_running_loop(), random.Random(start)
    async with people_of(stage, "own", "vault.party.read") as (few, many):
        documents: list[dict[str, Any]] = [build_platform_app().openapi()]
        for app in (stage.app,) if some else (stage.app, "organization"):
            answer = await many.client.get(f"/api/apps/{app}/openapi.json")
            assert answer.status_code == 200, answer.text
            documents.append(answer.json())
        runs: list[tuple[Fuzz, list[Operation]]] = []
        for document in documents:
            operations = [one for one in document_operations(document) if not some or _is_chosen(one, chance)]
            chance.shuffle(operations)
            runs.append((Fuzz(stage, document, known, findings, loop), operations))
            await asyncio.to_thread(runs[-1][0].run, operations, few, examples, start)
        for fuzzed, operations in reversed(runs[:2]):
            theirs = sorted((one for one in operations if one not in LEFT_OUT), key=lambda one: list(LAST).index(one) + 1 if one in LAST else 0)
            await asyncio.to_thread(fuzzed.again, theirs, many)
    return findings


def _is_chosen(operation: Operation, chance: random.Random) -> bool:
    return "/records/" not in operation[1] or "/records/case" in operation[1] or chance.random() < 0.25
