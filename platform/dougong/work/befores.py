"""Records found for the changes of one group in; each as it is, in the order of the changes, out; or why a change is refused."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from dougong.errors import PlatformError
from dougong.permissions.access import Access
from dougong.permissions.errors import ActionDenied
from dougong.store.errors import RecordNotFound, RevisionConflict
from dougong.store.save import Values
from dougong.work.refusals import refuse
from dougong.work.request import Delete, Move, Restore, Revert, Update


def befores_of(
    access: Access,
    action: str,
    changes: Sequence[Update | Delete | Move | Restore | Revert],
    sents: Sequence[Mapping[str, object]],
    found: Mapping[UUID, tuple[Values, bool]],
    conflicts: Mapping[int, RevisionConflict] | None = None,
) -> list[Values]:
    """Return the records that were found in the order of their changes; refuses as `read_befores` does.

    conflicts: by the place of the change, where it is known already which of older revisions are in conflict.
    """
    befores: list[Values] = []
    refused: dict[int, PlatformError] = {}
    for offset, (change, sent) in enumerate(zip(changes, sents, strict=True)):
        before, is_allowed = found.get(change.id, ({}, False))
        wanted = change.revision if change.revision is not None else sent.get("revision")
        if not before:
            refused[offset] = RecordNotFound()
        elif not is_allowed:
            refused[offset] = ActionDenied(action, access.entity.name)
        elif conflicts is not None:
            refused |= {offset: conflicts[offset]} if offset in conflicts else {}
        elif wanted is not None and wanted != before["revision"]:
            refused[offset] = RevisionConflict(current=before["revision"], sent=wanted)
        befores.append(before)
    refuse(refused, len(changes))
    return befores
