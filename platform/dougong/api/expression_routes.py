"""Endpoints that help while an expression is written: checking and completing it, trying it on a record, the table of functions."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import cache

from fastapi import APIRouter

from dougong.api.asked import AskedAddress, AskedHouse, AskedSession, app_to
from dougong.api.expression_shapes import (
    ArgumentEntry,
    CompletionEntry,
    ExampleEntry,
    ExpressionAnswer,
    ExpressionBody,
    ExpressionFix,
    ExpressionIssue,
    ExpressionName,
    FunctionEntry,
    FunctionGroup,
    FunctionsAnswer,
    SignatureEntry,
    TrialAnswer,
    TrialBody,
    both,
)
from dougong.api.sensitive import Reader, note_keys
from dougong.model.app_model import AppModel
from dougong.model.check_expression import allowed_in, check_expression, is_asked
from dougong.model.definition import AppDefinition
from dougong.model.keys import sounds_of
from dougong.model.parse import parse_definition
from dougong.model.published import unpublished
from dougong.model.resolve_expressions import FieldTypes
from dougong.model.resolve_fields import resolve_fields
from dougong.registry.drafts import Draft, read_draft
from dougong.sites import Site
from dougong.store.errors import EntityNotFound
from dougong.work.trial import Trial, try_formula
from engines.expression.canonical import canonical
from engines.expression.complete import Completion, Help, Signature, complete
from engines.expression.error_words import ERROR_WORDS
from engines.expression.function import Arg, Function
from engines.expression.help import GROUP_NAMES, aliases_of, argument_label, insertion_of, spelling_of, written_groups
from engines.expression.names import Named
from engines.expression.scope import Scope
from engines.expression.tree_json import tree_to_json
from engines.values.issue import Issue
from engines.values.json_values import value_to_json
from engines.values.value_types import ErrorValue, type_from_text, type_text

routes = APIRouter()


@routes.post("/api/apps/{app}/expressions/check", operation_id="check_expression")
async def check(app: str, body: ExpressionBody, session: AskedSession, house: AskedHouse) -> ExpressionAnswer:
    """Check an expression while it is written, over an entity of the draft as it was last kept, and say how it could go on."""
    active = await app_to("design", house.site, session.actor, app)
    scope = await _scope(house.site, active, body.entity)
    wanted = None if body.wanted is None else type_from_text(body.wanted)
    checked = check_expression(body.text, scope, body.use, wanted)
    help_ = Help()
    if body.position is not None:
        help_ = complete(body.text, body.position, scope, wanted, allowed_in(body.use), sounds_of)
    tree = checked.tree
    return ExpressionAnswer(
        issues=[_issue(found) for found in checked.issues],
        type=None if tree is None else type_text(tree.type),
        tree=None if tree is None else tree_to_json(tree),
        canonical=canonical(body.text, checked.named),
        names=[_name(named, scope) for named in checked.named],
        completions=[_completion(completion) for completion in help_.completions],
        signature=None if help_.signature is None else _signature(help_.signature),
    )


@routes.post("/api/apps/{app}/expressions/value", operation_id="try_expression")
async def value(app: str, body: TrialBody, session: AskedSession, house: AskedHouse, address: AskedAddress) -> TrialAnswer:
    """Try an expression while it is written: return what it gives for a saved record, as far as who asks may read it."""
    active = await app_to("design", house.site, session.actor, app)
    scope = await _scope(house.site, active, body.entity)
    checked = check_expression(body.text, scope, body.use, None if body.wanted is None else type_from_text(body.wanted))
    if checked.tree is None:
        return TrialAnswer(issues=[_issue(found) for found in checked.issues])
    trial = Trial(body.text, checked.tree, is_asked(body.use))
    tried = await try_formula(house.site, active, session.actor, body.entity, body.record, trial)
    if tried is not None:
        for owner, keys in _named(checked.named, body.entity).items():
            await note_keys(Reader(house.site, session.actor, app, owner, address), "trial", keys, [str(body.record)] if owner == body.entity else [])
    missing = [_name(named, scope) for named in unpublished(checked.named, active)]
    answer = TrialAnswer(issues=[], type=type_text(checked.tree.type), unpublished=missing, is_known=tried is not None)
    if tried is None:
        return answer
    if isinstance(tried.value, ErrorValue):
        return answer.model_copy(update={"error": tried.value.code, "explanation": both(ERROR_WORDS[tried.value.code])})
    return answer.model_copy(update={"value": value_to_json(tried.value), "count": tried.count, "titles": dict(tried.titles)})


@routes.get("/api/functions", operation_id="list_functions")
async def functions(session: AskedSession) -> FunctionsAnswer:
    """Return every function and operator of the expression language, with what it takes, answers and does."""
    return _functions()


@cache
def _functions() -> FunctionsAnswer:
    groups = [
        FunctionGroup(
            key=key,
            name={"zh-CN": GROUP_NAMES[key][1], "en": GROUP_NAMES[key][0]},
            functions=[_function(row) for row in rows],
        )
        for key, rows in written_groups().items()
    ]
    return FunctionsAnswer(groups=groups)


def _function(row: Function) -> FunctionEntry:
    insert, caret = insertion_of(row)
    return FunctionEntry(
        name=row.name,
        written=spelling_of(row),
        insert=insert,
        caret=caret,
        doc=both(row.doc),
        arguments=[_argument(arg) for arg in row.takes],
        repeats=row.repeats,
        type=type_text(row.returns),
        blank=row.null,
        errors=list(row.fails),
        steady=row.steady,
        runs_in=list(row.runs_in),
        aliases=list(aliases_of(row)),
        examples=[ExampleEntry(text=text, answer=answer) for text, answer in row.examples],
    )


def _argument(arg: Arg) -> ArgumentEntry:
    return ArgumentEntry(
        name=arg.name,
        label=both(arg.label or argument_label(arg.name)),
        type=type_text(arg.type),
        optional=arg.optional or arg.default is not None,
        default=arg.default,
    )


def _issue(found: Issue) -> ExpressionIssue:
    fixes = [ExpressionFix(span=fix.span, insert=fix.insert) for fix in found.fixes]
    return ExpressionIssue(code=found.code, message=both(found.message), span=found.span, fixes=fixes)


def _named(found: Iterable[Named], entity: str) -> Mapping[str, set[str]]:
    """Return the keys that an expression names, by the entity whose they are."""
    keys: dict[str, set[str]] = {entity: set()}
    for one in found:
        if one.entity is not None:
            keys.setdefault(one.entity, set()).add(one.key)
    return keys


def _name(named: Named, scope: Scope) -> ExpressionName:
    words = {} if scope.words is None or named.entity is None else scope.words(named.entity)
    label = words[named.key].label if named.key in words else {}
    if named.entity is None and (whole := scope.wholes.get(named.key)):
        label = {"zh-CN": whole[0], "en": whole[-1]}
    return ExpressionName(span=named.span, key=named.key, written=named.written, label=both(label), entity=named.entity)


def _completion(completion: Completion) -> CompletionEntry:
    return CompletionEntry(
        kind=completion.kind,
        label=both(completion.label),
        insert=completion.insert,
        caret=completion.caret,
        span=completion.span,
        type=None if completion.type is None else type_text(completion.type),
        doc=both(completion.doc),
    )


def _signature(signature: Signature) -> SignatureEntry:
    row = signature.row
    return SignatureEntry(
        name=signature.name,
        arguments=[_argument(arg) for arg in row.takes],
        repeats=row.repeats,
        active=signature.active,
        type=type_text(row.returns),
        doc=both(row.doc),
    )


async def _scope(site: Site, active: AppModel, key: str) -> Scope:
    """Return the scope of an entity in the draft; a draft whose shape is wrong counts as absent."""
    drafted = _drafted(active, await read_draft(site, active.app))
    for types in (drafted, FieldTypes(dict(active.entities), active.organization or active)):
        entity = None if types is None else types.entity(key)
        if types is not None and entity is not None:
            return types.scope(entity)
    raise EntityNotFound(entity=key)


_Drafts = OrderedDict[tuple[str, int], tuple[AppModel, FieldTypes | None]]
_READ_DRAFTS: _Drafts = OrderedDict()
_MOST_DRAFTS = 8


def _drafted(active: AppModel, draft: Draft) -> FieldTypes | None:
    """Return the field types of a draft, None when its shape is wrong; those of the last few are kept, for every key typed asks."""
    place = (active.app, draft.revision)
    known = _READ_DRAFTS.pop(place, None)
    if known is None or known[0] is not active:
        definition = parse_definition(draft.document)
        types = None
        if isinstance(definition, AppDefinition):
            types = FieldTypes(resolve_fields(definition, {}, active.organization)[0], active.organization)
        known = (active, types)
    _READ_DRAFTS[place] = known
    while len(_READ_DRAFTS) > _MOST_DRAFTS:
        _READ_DRAFTS.popitem(last=False)
    return known[1]
