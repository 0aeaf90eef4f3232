"""perform: the one way in which records change. A Request in; its Outcome, saved whole, out; or an error and nothing saved."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

import asyncpg
import orjson

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.people.public_links import count_use
from dougong.permissions.actor import SYSTEM
from dougong.registry.versions import wait_for_app
from dougong.sites import Site
from dougong.store.errors import KeyReused, RecordExists, RecordInvalid, TryAgain
from dougong.store.history_months import is_month_missing, make_month
from dougong.store.ids import new_id
from dougong.store.names import unique_name
from dougong.store.save import ChangeSet, Executor, Key, Saved, create_sequences
from dougong.store.sums import wrong_sums
from dougong.work.as_seen import as_seen
from dougong.work.changes import carry_out, correct_sums, groups_of, is_one_statement
from dougong.work.clashes import Clashing, find_clashes, find_twins
from dougong.work.followed import is_followed
from dougong.work.inputs import has_secrets
from dougong.work.permitted import is_judged_after
from dougong.work.refusals import is_key_taken, is_record_taken, issues_of
from dougong.work.repeats import earlier_outcome, taken_id
from dougong.work.request import Create, Outcome, Request
from dougong.work.turns import take_turns, turns_of
from dougong.work.unit import Overtaken, Unit
from engines.entity.uniques import not_unique
from engines.values.issue import Issue

TRIES = 8
STALE = "DG001"
OVERTAKEN = "DG002"
HELD = "DG003"
GONE = "DG004"
_AGAIN = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)


_TOLD_APART = ("revision", "by", "lines_by", "formulas", "transition", "guard", "is_partial", "is_create")
"""What tells changes apart beside their kind, record and values."""

_CAUSED = "INSERT INTO dougong.cause (change_set, cause) VALUES ($1, $2) ON CONFLICT DO NOTHING"

Try = Callable[[Site, AppModel, ChangeSet, int], Awaitable[Outcome]]
"""One try at a request: on a model, for a change set, so many tries before it."""


async def perform(site: Site, request: Request) -> Outcome:
    """Carry out a request in one transaction; other writers and publishes in the way make it start again, a few times.

    Raises RecordInvalid with an issue for everything wrong, RevisionConflict, RecordNotFound, ActionDenied, RecordExists,
    RecordReferenced, KeyReused, AppNotFound, EntityNotFound, TryAgain.
    """

    def attempt(site: Site, model: AppModel, change_set: ChangeSet, tries: int) -> Awaitable[Outcome]:
        return _try(site, model, request, change_set, tries)

    return await try_until_done(site, request, attempt)


async def try_until_done(site: Site, request: Request, attempt: Try) -> Outcome:
    """Try to carry out a request until nobody is in the way; what refuses it is raised, or its outcome of an earlier time returned."""
    change_set = change_set_of(site, request)
    for tries in range(TRIES):
        model = await site.app(request.app)
        refusal: Exception | None
        try:
            return await attempt(site, model, change_set, tries)
        except asyncpg.PostgresError as error:
            refusal = await _refusal(site, model, request, change_set, error)
        except Overtaken:
            refusal = None
        except Clashing as clash:
            found = await find_clashes(site.pool, clash)
            issues = tuple(one.at(f"/{number}{one.pointer}") for number, of in found.items() for one in of)
            refusal = RecordInvalid(issues) if issues else await _refusal(site, model, request, change_set, clash.error)
        except PlatformError as error:
            # What is wrong by a version that is no longer the active one may be right by the one that is.
            refusal = None if await _is_stale(site, model) else error
        if refusal is not None:
            earlier = await earlier_outcome(site, model, request, change_set, refusal)
            if earlier is None:
                raise refusal
            return await _earlier_seen(site, model, request, earlier)
        if tries:
            await asyncio.sleep(random.uniform(0.5, 1) * min(0.2, 0.005 * 2**tries))
    raise TryAgain()


async def _earlier_seen(site: Site, model: AppModel, request: Request, earlier: Outcome) -> Outcome:
    """Return what a request came to the first time as far as its actor may see it today."""
    if earlier.answer is not None:
        return replace(earlier, answer=await _answer_seen(site, model, request, earlier.answer))
    if len(earlier.records) != len(request.changes):
        return earlier
    pairs = list(zip(request.changes, earlier.records, strict=True))
    return replace(earlier, records=tuple(await as_seen(site.pool, site, model, request.actor, pairs, is_judged=False)))


async def _answer_seen(site: Site, model: AppModel, request: Request, kept: bytes) -> bytes:
    """Return the answer to many changes with the records in it as the actor may see them; where a filter found these it holds none."""
    answer = orjson.loads(kept)
    told = [one for one in answer.get("results", ()) if "record" in one]
    if not told:
        return kept
    pairs = [(request.changes[one["number"]], Saved(UUID(one["id"]), one["revision"], orjson.dumps(one["record"]))) for one in told]
    seen = await as_seen(site.pool, site, model, request.actor, pairs, is_judged=False)
    for one, saved in zip(told, seen, strict=True):
        one["record"] = orjson.Fragment(saved.json)
    return orjson.dumps(answer)


async def _try(site: Site, model: AppModel, request: Request, change_set: ChangeSet, tries: int) -> Outcome:
    async with site.pool.acquire() as connection:
        is_alone = await _is_alone(site, model, connection, request)
        calendar = await site.calendar(connection)
        unit = Unit(connection, site, model, request.actor, change_set, tries > 0 or not is_alone, calendar, request.is_confirmed)
        turns = turns_of(model, request.changes)
        if tries == 0 and is_alone and not turns and request.cause is None and request.link is None and not has_secrets(model, request.changes):
            # The statement is a transaction of its own.
            return Outcome(await carry_out(unit, request.changes), change_set.id)
        async with connection.transaction():
            if request.link is not None:
                await count_use(connection, request.link)  # counted with what is saved, or not at all
            if turns:
                await take_turns(connection, turns)
            saved = await carry_out(unit, request.changes)
            if request.cause is not None:
                await connection.execute(_CAUSED, change_set.id, request.cause)
    return Outcome(saved, change_set.id)


async def _is_alone(site: Site, model: AppModel, executor: Executor, request: Request) -> bool:
    """Whether one statement saves what is asked for, and nothing is asked or follows after it.

    Of one change that is so for all of its kind, entity and rights: only people are computed from in other apps, which have versions of their own.
    """
    change = request.changes[0]
    if len(request.changes) > 1 or model.app == ORGANIZATION or change.entity not in model.entities:
        return await _stands_alone(site, model, executor, request)
    shape = (model, "stands alone", type(change), change.entity, request.actor.rights)
    known: bool | None = site.compiled.get(shape)
    if known is None:
        known = await _stands_alone(site, model, executor, request)
        site.keep(shape, known)
    return known


async def _stands_alone(site: Site, model: AppModel, executor: Executor, request: Request) -> bool:
    if not is_one_statement(model, request.changes) or is_judged_after(site, model, request.actor, request.changes):
        return False
    return not await is_followed(site, model, executor, request.changes)


async def perform_in(executor: Executor, site: Site, model: AppModel, request: Request) -> tuple[Saved, ...]:
    """Carry out a request inside a transaction the caller has open, on a model that may be active only when it commits."""
    change_set = change_set_of(site, request)
    for group in groups_of(request.changes):
        if isinstance(group[0], Create):
            await create_sequences(executor, model.entities[group[0].entity], change_set.today)
    try:
        calendar = await site.calendar(executor)
        unit = Unit(executor, site, model, request.actor, change_set, True, calendar, request.is_confirmed)
        return await carry_out(unit, request.changes)
    except (asyncpg.IntegrityConstraintViolationError, Clashing) as broken:
        error = broken.error if isinstance(broken, Clashing) else broken
        issues = _told_inside(broken) if isinstance(broken, Clashing) else ()
        issues = issues or issues_of(model, request, error)
        if not issues:
            raise error from None
        raise RecordInvalid(issues) from error


async def correct_sums_in(executor: Executor, site: Site, model: AppModel) -> None:
    """Let records keep the sums of ledgers that are kept in a new way, inside the transaction of the publish that says so."""
    change_set = change_set_of(site, Request(model.app, SYSTEM, (), "publish"))
    unit = Unit(executor, site, model, SYSTEM, change_set, True, await site.calendar(executor), is_confirmed=True)
    await correct_sums(unit, await wrong_sums(executor, site, model))


def _told_inside(clash: Clashing) -> tuple[Issue, ...]:
    """Return what can be told of a clash in a transaction in which nothing can be asked any more."""
    alone = clash.numbers[0] if len(clash.records) == 1 else None
    broken = [one for one in clash.entity.unique if clash.error.constraint_name == unique_name(clash.entity, one)]
    found = find_twins(clash) if alone is None else {alone: [one for unique in broken for one in not_unique(clash.entity, unique, "")]}
    return tuple(one.at(f"/{number}{one.pointer}") for number, of in found.items() for one in of)


def change_set_of(site: Site, request: Request) -> ChangeSet:
    """Return what all writes of a request share; its time is read here, once."""
    now = datetime.now(site.zone)
    key = None
    if request.idempotency_key is not None:
        key = Key(request.idempotency_key, _hash(request))
    return ChangeSet(request.change_set or new_id(), now, now.date(), request.actor.id, request.channel, key, request.is_shown)


async def _refusal(
    site: Site, model: AppModel, request: Request, change_set: ChangeSet, error: asyncpg.PostgresError
) -> Exception | None:
    """Return what the caller must know, None where trying again will do."""
    if error.sqlstate == STALE:
        site.drop(model)
        return None
    if error.sqlstate == HELD:
        await wait_for_app(site.pool, model.app)
        return None
    if error.sqlstate in (OVERTAKEN, GONE) or isinstance(error, _AGAIN):
        # Read again: the next try finds that a revision is not the current one, or that a reference leads nowhere.
        return None
    if is_month_missing(error):
        await make_month(site.pool, change_set.at)
        return None
    if isinstance(error, asyncpg.UndefinedTableError) and await _missing_sequences(site, model, request, change_set):
        return None
    if is_key_taken(error):
        return KeyReused()
    if is_record_taken(model, request, error):
        return RecordExists(id=taken_id(model, request))
    issues = issues_of(model, request, error)
    return RecordInvalid(issues) if issues else error


async def _is_stale(site: Site, model: AppModel) -> bool:
    """Whether another version has become active since the model was read; then it is forgotten."""
    active = await site.pool.fetchval("SELECT active_version FROM dougong.app WHERE key = $1", model.app)
    if active != model.version:
        site.drop(model)
    return bool(active != model.version)


async def _missing_sequences(site: Site, model: AppModel, request: Request, change_set: ChangeSet) -> bool:
    """Make the sequences of a new period; False when the entities have none, so that something else was missing."""
    made = False
    for change in request.changes:
        entity = model.entities[change.entity]
        if any(field.pattern is not None and not field.pattern.is_gapless for field in entity.stored_fields):
            # IF NOT EXISTS does not see what another transaction is making: whoever comes second is told it is there.
            with contextlib.suppress(asyncpg.UniqueViolationError, asyncpg.DuplicateTableError):
                await create_sequences(site.pool, entity, change_set.today)
            made = True
    return made


def _hash(request: Request) -> bytes:
    digest = sha256(request.app.encode() + request.asked)
    if request.asked:
        return digest.digest()
    for change in request.changes:
        values = getattr(change, "values", b"")
        body = values if isinstance(values, bytes) else orjson.dumps(values, option=orjson.OPT_SORT_KEYS, default=str)
        others = [getattr(change, name, None) for name in _TOLD_APART]
        digest.update(f"|{type(change).__name__}|{change.entity}|{change.id}|{others}|".encode() + body)
    return digest.digest()
