"""What an upgrade, or the removal of a package, would do in; the answer that says so out."""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.api.issue_answers import issue_answers
from dougong.api.shapes import ChangeEntry, Label, label
from dougong.api.upgrade_shapes import (
    ConflictEntry,
    LeavingRecordEntry,
    MergedEntry,
    MovedEntry,
    RemovalPlanAnswer,
    SeedEntry,
    UpgradePlanAnswer,
    UserEntry,
)
from dougong.model.conflict_words import conflict_words, namings_of
from dougong.model.definition import SeedRecord
from dougong.model.diff import ChangeNote
from dougong.model.merge import Conflict, Merge
from dougong.model.merge_notes import merged_notes
from dougong.model.naming import Naming
from dougong.model.place_words import place_words
from dougong.packages.removal import Removal, User
from dougong.packages.seed_changes import SeedChange
from dougong.packages.upgrade import Upgrade


def upgrade_plan_answer(upgrade: Upgrade) -> UpgradePlanAnswer:
    """Return the answer that says what an upgrade would do."""
    found = upgrade.merge
    namings = namings_of(found, upgrade.app.organization)
    return UpgradePlanAnswer(
        revision=upgrade.draft.revision,
        is_draft_changed=upgrade.draft.document != upgrade.app.document,
        packages=[MovedEntry(package=package, before=was, after=now) for package, was, now in upgrade.moved],
        merged=[MergedEntry(side=note.side, change=_change(note.change)) for note in merged_notes(found)],
        conflicts=[conflict_answer(found, namings, conflict) for conflict in found.conflicts.values()],
        changes=[_change(note) for note in upgrade.plan.changes],
        issues=issue_answers(upgrade.plan.issues),
        warnings=issue_answers(upgrade.plan.warnings),
        seed=[_seed(found.document, change) for change in upgrade.seeds],
    )


def _change(note: ChangeNote) -> ChangeEntry:
    return ChangeEntry(pointer=note.pointer, kind=note.kind, text=label(note.text))


def conflict_answer(found: Merge, namings: Mapping[str, Naming], conflict: Conflict, users: Sequence[User] = ()) -> ConflictEntry:
    """Return a conflict with its words; users: what stays and uses the element."""
    words = conflict_words(found, namings, conflict)
    return ConflictEntry(
        pointer=conflict.pointer,
        cause=conflict.cause,
        place=label(words.place),
        base=label(words.base),
        ours=label(words.ours),
        theirs=label(words.theirs),
        base_value=conflict.base,
        ours_value=conflict.ours,
        theirs_value=conflict.theirs,
        chosen=found.chosen.get(conflict.pointer),
        used_by=[UserEntry(pointer=one.use.pointer, text=label(one.use.text), origin=label(one.origin.text)) for one in users],
    )


def removal_plan_answer(removal: Removal) -> RemovalPlanAnswer:
    """Return the answer that says what taking a package out would do; its records are told apart from its elements."""
    found = removal.upgrade.merge
    answer = upgrade_plan_answer(removal.upgrade)
    namings = namings_of(found, removal.upgrade.app.organization)
    conflicts = [conflict_answer(found, namings, conflict, removal.used.get(pointer, ())) for pointer, conflict in found.conflicts.items()]
    merged = [one for one in answer.merged if not one.change.pointer.startswith(("/seed/", "/demo/"))]
    return RemovalPlanAnswer(
        **(answer.model_dump() | {"merged": merged, "conflicts": conflicts}),
        records=[
            LeavingRecordEntry(
                part=one.part,
                entity=one.record.entity,
                key=one.record.key,
                title=one.title,
                text=_record(found.ours, one.record),
                fate=one.fate,
            )
            for one in removal.records
        ],
    )


def _seed(document: Mapping[str, Any], change: SeedChange) -> SeedEntry:
    record = change.record
    return SeedEntry(part=change.part, entity=record.entity, key=record.key, text=_record(document, record), fate=change.fate)


def _record(document: Mapping[str, Any], record: SeedRecord) -> Label:
    place = place_words(document, f"/entities/{record.entity}")
    return label({language: f"{words} “{record.key}”" for language, words in place.items()})
