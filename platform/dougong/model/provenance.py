"""The packages of an app, what they make together and its document in, where every element of the document comes from out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dougong.model.merge_elements import element_key

Document = Mapping[str, Any]
Identity = tuple[str, ...]
"""Names an element wherever it lies in its form: keys of lists and elements, without the section of an input."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an element comes from. package: none where it was added here. changed: whether it was changed here, its parts aside."""

    package: str | None
    version: str | None
    changed: bool

    @property
    def text(self) -> Mapping[str, str]:
        """What people read: `from sales 1.2.0, changed here`."""
        if self.package is None:
            return {"zh-CN": "在本应用中添加", "en": "added here"}
        zh, en = f"来自 {self.package} {self.version}", f"from {self.package} {self.version}"
        return {"zh-CN": f"{zh}，已在此修改", "en": f"{en}, changed here"} if self.changed else {"zh-CN": zh, "en": en}


@dataclass(frozen=True, slots=True)
class Origin:
    """An element of a package as it was before anybody changed it. values: what it says itself, without the elements in it."""

    package: str
    version: str
    values: Mapping[str, Any]


def origins(packages: Iterable[Document], composed: Document, under: Sequence[str]) -> Mapping[str, Origin]:
    """Return the elements that lie at or below some pointers in what packages make together; arguments as of `provenance`."""
    owners = _owners(packages)
    found = {}
    for pointer, identity, element, _ in elements(composed):
        if identity in owners and any(pointer == place or pointer.startswith(f"{place}/") for place in under):
            values = {name: part for name, part in _own(element).items() if name not in ("key", "states", "decision")}
            found[pointer] = Origin(*owners[identity], values)
    return found


def provenance(packages: Iterable[Document], composed: Document, document: Document) -> Mapping[str, Provenance]:
    """Return the provenance of each element by its pointer in the document.

    packages: each as its author wrote it. composed: what they make together, as it was before anybody changed it.
    """
    owners = _owners(packages)
    was = {identity: (_own(element), section) for _, identity, element, section in elements(composed)}
    found = {}
    for pointer, identity, element, section in elements(document):
        package_key, version = owners.get(identity, (None, None))
        is_changed = package_key is not None and was.get(identity) != (_own(element), section)
        found[pointer] = Provenance(package_key, version, is_changed)
    return found


def _owners(packages: Iterable[Document]) -> Mapping[Identity, tuple[str, str]]:
    """Return the package and its version that every element comes from."""
    owners: dict[Identity, tuple[str, str]] = {}
    for package in packages:
        name = (str(package.get("key")), str(package.get("version", "1.0.0")))
        for _, identity, element, _ in elements(package):
            if "extend" not in element:
                owners.setdefault(identity, name)
    return owners


def elements(document: Document) -> Iterator[tuple[str, Identity, Document, str]]:
    """Give every element of a document: its pointer, what names it wherever it lies, itself, and the section of a form it lies in."""
    return _elements(document, "", ())


def _elements(value: Any, at: str, identity: Identity, section: str = "") -> Iterator[tuple[str, Identity, Document, str]]:  # noqa: ANN401
    """Give every element below a place: pointer, identity, the element and the section it lies in."""
    for name, part in value.items() if isinstance(value, Mapping) else ():
        if _is_elements(part):
            is_section = name == "nodes" and len(identity) > 2 and identity[-2] == "nodes"
            home = identity[:-1] if is_section else (*identity, name)
            for element in part:
                key = element_key(element)
                here = (*home, key)
                yield f"{at}/{name}/{key}", here, element, identity[-1] if is_section else ""
                yield from _elements(element, f"{at}/{name}/{key}", here)
        elif name in ("states", "decision"):
            yield from _elements(part, f"{at}/{name}", (*identity, name))


def _is_elements(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and element_key(one) for one in value)


def _own(element: Document) -> Mapping[str, Any]:
    """Return what an element says itself, without the elements in it."""
    own: dict[str, Any] = {}
    for name, part in element.items():
        if name in ("states", "decision") and isinstance(part, Mapping):
            own[name] = _own(part)
        elif not _is_elements(part) and part != []:
            own[name] = part
    return own
