"""A public link in, the actor of its visitors out: whoever made it, as they may act at this moment, with everything denied but what it opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import FormDefinition
from dougong.people.link_errors import PublicLinkDenied, PublicLinkUnknown
from dougong.people.link_fields import computed_from, shown_fields, targets_of
from dougong.people.messages import MESSAGES
from dougong.people.persons import is_administrator, read_person
from dougong.people.public_links import Opens, PublicLink
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.permissions.limits import Limit, Limits
from dougong.sites import AppBroken, AppNotFound, Site
from dougong.store.errors import EntityNotFound, RecordInvalid
from dougong.store.shares import see_sharable
from engines.entity.entity import Entity, Field
from engines.values.issue import Issue, issue

USERS = f"{ORGANIZATION}.user"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who comes by a link, and what they find.

    actor: with the id of whoever made the link, and what is left of their rights. paths: the fields that are shown, rows as `lines.price`.
    """

    link: PublicLink
    model: AppModel
    actor: Actor
    form: FormDefinition | None
    paths: frozenset[str]


async def visitor_of(site: Site, link: PublicLink) -> Visitor:
    """Return who comes by a link; raises PublicLinkUnknown where its maker has left or may not do themselves what it opens."""
    person = await read_person(site, link.created_by)
    if person is None:
        raise PublicLinkUnknown
    opens = Opens(link.kind, link.app, link.entity, link.record_id, link.form, link.lookups)
    try:
        model = await site.app(link.app)
        await see_opens(site, model, person.actor, opens)
        return _visitor(site, model, person.actor, link)
    except PlatformError as lost:
        raise PublicLinkUnknown from lost


async def see_opens(site: Site, model: AppModel, actor: Actor, opens: Opens) -> str:
    """Return what a link opens is called, the title of a record: for somebody who may open it to everybody.

    A record is opened by who may share it. A form is opened by who may publish the app and make such records.
    Raises ActionDenied, RecordNotFound, EntityNotFound, PublicLinkDenied.
    """
    if opens.record_id is not None:
        return await see_sharable(site, model, actor, opens.entity, opens.record_id)
    entity = model.entities.get(opens.entity)
    if entity is None or entity.parent is not None or not access_for(site, model, actor, opens.entity).rows:
        raise EntityNotFound(entity=opens.entity)
    # Users are made by nobody whom nobody knows.
    if model.app == ORGANIZATION or not actor.may_do("publish", model.app) or not access_for(site, model, actor, opens.entity).allows("create"):
        raise PublicLinkDenied
    return ""


def require_sound(site: Site, model: AppModel, actor: Actor, opens: Opens) -> None:
    """Raise RecordInvalid with everything that is wrong with a link that is to be made: a form or a reference there is not, a field that stays blank."""
    entity = access_for(site, model, actor, opens.entity).seen
    form = _form(model, opens.entity, opens.form)
    if opens.form is not None and form is None:
        raise RecordInvalid((issue(MESSAGES, "access-public-link-form", "/form", None, form=opens.form),))
    if opens.kind == "read" and opens.lookups:
        # Whoever reads chooses nothing: what belongs to the record is shown with it.
        raise RecordInvalid(tuple(issue(MESSAGES, "access-public-link-lookup", f"/lookups/{place}", None, path=path) for place, path in enumerate(opens.lookups)))
    if opens.kind == "fill":
        fields = shown_fields(model, entity, form)
        issues = list(_wrong_lookups(opens, fields)) + list(_left_blank(model, entity, opens, fields))
        if issues:
            raise RecordInvalid(tuple(issues))


def _wrong_lookups(opens: Opens, fields: Mapping[str, Field]) -> Iterator[Issue]:
    for place, path in enumerate(opens.lookups):
        # Of the records that visitors make they may see none, so that they can point to none either.
        if path not in fields or not targets_of(fields[path]) or opens.entity in targets_of(fields[path]):
            yield issue(MESSAGES, "access-public-link-lookup", f"/lookups/{place}", None, path=path)


def _left_blank(model: AppModel, entity: Entity, opens: Opens, fields: Mapping[str, Field]) -> Iterator[Issue]:
    """Give an issue for each field that must be filled in and cannot be by a visitor."""
    paths = _fillable(fields, opens.lookups)
    for field in entity.fields.values():
        rows = model.entities[field.lines].fields.values() if field.lines is not None and field.key in paths else ()
        for path, one in ((field.key, field), *((f"{field.key}.{row.key}", row) for row in rows)):
            if one.is_required and one.is_writable and one.default is None and one.copy is None and path not in paths:
                yield issue(MESSAGES, "access-public-link-required", "/form", None, name=one.name)


def _fillable(fields: Mapping[str, Field], lookups: tuple[str, ...]) -> frozenset[str]:
    return frozenset(path for path, field in fields.items() if not targets_of(field) or path in lookups)


def _form(model: AppModel, entity: str, key: str | None) -> FormDefinition | None:
    found = model.forms.get(key) if key is not None else None
    return found if found is not None and found.entity == entity else None


def _visitor(site: Site, model: AppModel, maker: Actor, link: PublicLink) -> Visitor:
    form = _form(model, link.entity, link.form)
    if link.form is not None and form is None:
        raise PublicLinkUnknown
    entity = model.entities[link.entity]
    fields = shown_fields(model, entity, form)
    paths = frozenset(fields) if link.kind == "read" else _fillable(fields, link.lookups)
    inputs = computed_from(model, entity, paths) - paths
    if link.kind == "read":
        limit = Limit(model.app, entity.key, frozenset(("read",)), paths, inputs, link.record_id)
        limits = Limits((limit,), frozenset(("read",)))
    else:
        limit = Limit(model.app, entity.key, frozenset(("create", "read")), paths, inputs, is_blind=True)
        limits = Limits((limit, *_looked_up(model, fields, link.lookups, entity.key)))
    actor = replace(maker, may=frozenset(), scopes=None, viewer=None, limits=limits)
    return Visitor(link, model, actor, form, paths)


def _looked_up(model: AppModel, fields: Mapping[str, Field], lookups: tuple[str, ...], own: str) -> Iterator[Limit]:
    """Give what is left of the entities a visitor may choose records of: what these are called, and what it takes to know which are offered."""
    titles: dict[str, set[str]] = {}
    for path in lookups:
        field = fields.get(path)
        for key in () if field is None else targets_of(field):
            shown = titles.setdefault(key, {model.entity(key).title or ""})
            if field is not None and field.where is not None:
                shown |= {read[0] for read in field.where.reads}
            elif key == USERS:
                shown.add("active")
    for key, shown in titles.items():
        target = model.entity(key)
        if key != own:
            inputs = computed_from(model.home(key), target, [one for one in shown if one in target.fields])
            yield Limit(target.app, target.key, frozenset(("read",)), frozenset(shown), inputs)


def looks_after(actor: Actor, link: PublicLink) -> bool:
    """Whether somebody may change a link and take it back: whoever made it, who may publish its app, and administrators of the site."""
    return link.created_by == actor.id or actor.may_do("publish", link.app) or is_administrator(actor)


def label_of(model: AppModel) -> Mapping[str, str]:
    """Return what an app is called."""
    return dict(model.definition.name.items())


async def published_by(site: Site, actor: Actor) -> list[str]:
    """Return the keys of the apps somebody may publish."""
    return [app for app in await site.app_keys() if app != ORGANIZATION and actor.may_do("publish", app)]


async def called(site: Site, app: str, entity: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what an app and an entity of it are called, their keys where they are gone or cannot run."""
    try:
        model = await site.app(app)
    except (AppNotFound, AppBroken):
        return {"en": app}, {"en": entity}
    found = model.entities.get(entity)
    return label_of(model), {"en": entity} if found is None else found.name
