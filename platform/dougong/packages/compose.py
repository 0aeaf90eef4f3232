"""A package and those it requires in, one self-contained document out: elements of required packages first, then its own, then additions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dougong.model.app_model import ORGANIZATION
from dougong.model.definition import AppDefinition
from dougong.model.definition_package import PackageDefinition
from dougong.model.format_upgrades import upgrade
from dougong.model.parse import parse_definition
from dougong.packages.errors import PackageInvalid
from dougong.packages.extend import extended
from dougong.packages.messages import MESSAGES
from dougong.packages.requirements import Versions, choose
from dougong.registry.errors import DefinitionInvalid
from engines.values.issue import Issue, issue

Document = Mapping[str, Any]
_MEMBER = f"{ORGANIZATION}.member"
LISTS = tuple(name for name, field in AppDefinition.model_fields.items() if field.default == [] and name != "requires")
"""The properties of a document that hold its elements."""


def well_formed(document: Mapping[str, Any]) -> Document:
    """Return a package in the present format, everything in it where it belongs; raises DefinitionInvalid."""
    present = upgrade(document)
    if isinstance(present, Issue):
        raise DefinitionInvalid((present,))
    found = parse_definition(present, PackageDefinition)
    if isinstance(found, tuple):
        raise DefinitionInvalid(found)
    return present


def parts_of_app(document: Document, versions: Versions, beside: Sequence[Document] = ()) -> list[Document]:
    """Return the packages an app is composed of, what is required first; beside: packages it has that its own does not require.

    Raises DefinitionInvalid, and PackageInvalid as `choose` does.
    """
    found: dict[str, Document] = {}
    for one in map(well_formed, (document, *beside)):
        for part in (*choose(one, versions).values(), one):
            found.setdefault(str(part["key"]), well_formed(part))
    return list(found.values())


def compose(document: Document, versions: Versions, beside: Sequence[Document] = ()) -> Document:
    """Return the document with everything it requires but the organization inside; `versions` gives what there is of a package by key.

    beside: packages the app has that its own does not require. Raises DefinitionInvalid for what has the wrong shape. Raises
    PackageInvalid: what `choose` says; keys that two packages have; roles of other apps for people; additions to what is not there, or
    under keys that are not the package's own.
    """
    document = well_formed(document)
    parts = parts_of_app(document, versions, beside)
    foreign = tuple(_foreign_roles(parts)) if document["key"] != ORGANIZATION else ()
    if foreign:
        raise PackageInvalid(foreign)
    if parts == [document] and not any("extend" in element for name in LISTS for element in document.get(name, [])):
        return document
    clashes = tuple(_clashes(parts))
    if clashes:
        raise PackageInvalid(clashes)
    return _merge(document, parts)


def owners(parts: list[Document]) -> dict[tuple[str, str], str]:
    """Return which package an element comes from, by the list it is in and its key; records of a package by their entity too."""
    return {(name, _named(element)): part["key"] for part in parts for name in LISTS for element in part.get(name, []) if "extend" not in element}


def clashes_with(app: str, base: Document, document: Document, added: Sequence[Document]) -> Iterator[Issue]:
    """Give an issue for every key that packages to be added have and the app has itself, having got it from no package.

    base: what the packages of the app make; document: what it is by now.
    """
    own = _names(document) - _names(base)
    for part in added:
        for name, key in owners([part]):
            if (name, key) in own:
                at, shown = f"/{name}/{key.rpartition(' ')[2]}", key.rpartition(" ")[2]
                yield issue(MESSAGES, "package-key-clash", at, None, name=shown, one=app, other=part["key"])


def _names(document: Document) -> set[tuple[str, str]]:
    """Return the list and key of each element of a document, which may be a draft."""
    lists = {name: document.get(name) for name in LISTS}
    elements = [(name, one) for name, listed in lists.items() if isinstance(listed, list) for one in listed if isinstance(one, Mapping)]
    return {(name, _named(one)) for name, one in elements if "key" in one and ("values" not in one or "entity" in one)}


def _clashes(parts: list[Document]) -> Iterator[Issue]:
    seen: dict[tuple[str, str], str] = {}
    for part in parts:
        own = {place: key for place, key in owners([part]).items()}
        for (name, key), package in own.items():
            if (name, key) in seen:
                at = f"/{name}/{key.rpartition(' ')[2]}"
                other = seen[name, key]
                yield issue(MESSAGES, "package-key-clash", at, None, name=key.rpartition(" ")[2], one=other, other=package)
        seen |= own


def _foreign_roles(parts: list[Document]) -> Iterator[Issue]:
    """Give an issue for every role that people who come with a package would get elsewhere: nobody becomes an administrator by an install."""
    own = {part["key"] for part in parts}
    for part in parts:
        for name, record in [(listed, one) for listed in ("seed", "demo") for one in part.get(listed, [])]:
            rows = record["values"].get("roles") if record["entity"] == f"{ORGANIZATION}.user" else None
            for place, row in enumerate(rows if isinstance(rows, list) else ()):
                role = str(row.get("role")).rpartition(":")[2] if isinstance(row, Mapping) else ""
                if role.partition(".")[0] not in own and role != _MEMBER:
                    at = f"/{name}/{record['key']}/values/roles/{place}/role"
                    yield issue(MESSAGES, "package-role-foreign", at, None, name=role[:80], member=_MEMBER)


def _named(element: Mapping[str, Any]) -> str:
    """Return the key of an element; a record of a package shares its key with those of other entities."""
    return f"{element['entity']} {element['key']}" if "values" in element else str(element["key"])


def _merge(document: Document, parts: list[Document]) -> Document:
    merged: dict[str, Any] = {key: value for key, value in document.items() if key not in LISTS}
    merged["requires"] = list(_organization(parts))
    elements = {name: [element for part in parts for element in _owned(document, part, part.get(name, []))] for name in LISTS}
    additions = [(part["key"], name, element) for part in parts for name in LISTS for element in part.get(name, []) if "extend" in element]
    made, wrong = extended(elements, additions, owners(parts))
    if wrong:
        raise PackageInvalid(tuple(wrong))
    written = [*(name for name in document if name in LISTS), *LISTS]
    return merged | {name: made[name] for name in dict.fromkeys(written)}


def _organization(parts: list[Document]) -> Iterator[Mapping[str, str]]:
    """Give the one requirement that is left: the organization, in the versions all of them take."""
    wanted = [place["version"] for part in parts for place in part.get("requires", []) if place["package"] == ORGANIZATION]
    if wanted:
        bounds = dict.fromkeys(bound.strip() for one in wanted for bound in one.split(",") if bound.strip())
        yield {"package": ORGANIZATION, "version": ",".join(bounds)}


def _owned(document: Document, part: Document, elements: list[Any]) -> list[Any]:
    """Seed records name roles with the key of their package; in the composed app the roles are that app's."""
    old, new = f"{ORGANIZATION}.role:{part['key']}.", f"{ORGANIZATION}.role:{document['key']}."

    def renamed(value: Any) -> Any:  # noqa: ANN401 – any JSON
        if isinstance(value, str):
            return new + value.removeprefix(old) if value.startswith(old) else value
        if isinstance(value, list):
            return [renamed(v) for v in value]
        return {k: renamed(v) for k, v in value.items()} if isinstance(value, dict) else value

    return [renamed(element) for element in elements if "extend" not in element]
