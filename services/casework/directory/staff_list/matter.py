"""What the rows of a staff list mean: each member, and each delegation, is one unit of work, all or nothing."""

from collections.abc import Mapping, Sequence, Set
from datetime import date
from functools import partial
from typing import Protocol
from uuid import UUID

from contracts.casework.directory import StaffListImported
from contracts.facts import Fact
from contracts.personal import Personal
from services.casework.directory.domain import stream_of
from services.casework.directory.staff_list import rules
from services.casework.directory.staff_list.drafts import Draft, StaffDraft, assemble
from services.casework.directory.staff_list.form import form_in_force
from services.casework.directory.staff_list.layout import DELEGATIONS, STAFF
from services.casework.directory.staff_list.planning import (
    DELEGATION,
    STAFF_MEMBER,
    Decided,
    Known,
    decide_delegation,
    decide_member,
    member_of,
)
from services.casework.directory.store import DirectoryCommands, claim_of
from services.casework.documents.reading import Documents
from services.casework.workbooks.form import Form
from services.casework.workbooks.importing.matter import Batch, ConcurrentChange, PlannedImport
from services.casework.workbooks.importing.results import ImportSummary, SubjectOutcome, SubjectResult, Subjects
from services.casework.workbooks.row_errors import RowError
from services.casework.workbooks.rows import ReadForm
from services.chassis.ground.refusals import Rule
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.sealer import Sealer
from services.chassis.security.sealing import DataKey, Shredded, key_id, open_box, seal, subjects_of


class DivisionsOfArea(Protocol):
    """Names of divisions → the codes within an area that have them."""

    def __call__(self, store: Store, names: Set[str], area: str) -> Mapping[str, Sequence[str]]: ...


class StaffRows:
    """The ``RowMatter`` of the staff list. ``root``: path under which its imports are read. Blocking."""

    def __init__(
        self, root: str, store: Store, sealer: Sealer, documents: Documents, commands: DirectoryCommands,
        divisions_named: DivisionsOfArea,
    ) -> None:  # fmt: skip
        self._root, self._store, self._sealer = root, store, sealer
        self._documents, self._commands, self._divisions_named = documents, commands, divisions_named

    def form(self, today: date, area: str) -> Form:
        return form_in_force(self._documents.current(), today, area)

    def subjects(self, form: ReadForm, batch: Batch) -> Subjects[Draft]:
        named = partial(self._divisions_named, self._store, area=batch.actor.division)
        return assemble(form, batch.upload.today, named)

    def plan(self, drafts: Sequence[Draft], batch: Batch) -> Sequence[PlannedImport[Draft]]:
        def read(tx: Tx) -> tuple[list[tuple[Draft, Decided]], dict[str, Known]]:
            known = {d.number: found for d in drafts if (found := member_of(tx, d.number)) is not None}
            return [(draft, self._decide(tx, draft, batch, ahead=True)) for draft in drafts], known

        decided, known = self._store.on_snapshot(read)
        renamed = self._renamed([d for d in drafts if isinstance(d, StaffDraft)], known)
        return [self._planned(draft, each, batch, draft in renamed) for draft, each in decided]

    def _decide(self, tx: Tx, draft: Draft, batch: Batch, *, ahead: bool) -> Decided:
        if isinstance(draft, StaffDraft):
            return decide_member(tx, self._commands, draft, batch)
        return decide_delegation(tx, self._commands, draft, batch, ahead=ahead)

    def _renamed(self, drafts: Sequence[StaffDraft], known: Mapping[str, Known]) -> list[StaffDraft]:
        """Drafts whose number is somebody's of another name."""
        named = [(d, k.staff_id, k.member.name) for d in drafts if (k := known.get(d.number)) is not None]
        needed = {(s, n) for _, s, name in named if name is not None and (n := key_id(name)) is not None}
        keys = self._sealer.data_keys.keys_by_id(needed) if needed else {}
        return [
            draft
            for draft, staff_id, name in named
            if name is not None
            and not isinstance(told := open_box(name, staff_id, "name", _key(keys, staff_id, name)), Shredded)
            and told != draft.name.plain
        ]

    def _planned(self, draft: Draft, decided: Decided, batch: Batch, renamed: bool) -> PlannedImport[Draft]:
        errors = list(decided.errors)
        if renamed:
            errors.append(RowError.of(rules.NAME_DIFFERS, STAFF, draft.row, "name"))
        if errors or batch.command is None:
            outcome = SubjectOutcome.REFUSED if errors else decided.outcome
            return PlannedImport(SubjectResult(draft, outcome, errors))
        keys = self._sealer.keys_now(set().union(*map(subjects_of, decided.facts))) if decided.facts else {}

        def work(tx: Tx) -> Reply:
            again = self._decide(tx, draft, batch, ahead=False)
            if again.errors or again.staff_id != decided.staff_id:
                raise ConcurrentChange
            if again.facts:
                self._commands.append(tx, again.staff_id, [seal(fact, keys) for fact in again.facts])
            return Reply(int(again.outcome))

        claims = tuple(claimed[0] for fact in decided.facts if (claimed := claim_of(fact)) is not None)
        streams = tuple(map(stream_of, (decided.staff_id, *decided.others)))
        unit = Unit(self._command(draft, batch, batch.command), work, streams, claims)
        return PlannedImport(SubjectResult(draft, decided.outcome), unit)

    def _command(self, draft: Draft, batch: Batch, command: CommandRef) -> CommandRef:
        if isinstance(draft, StaffDraft):
            return batch.command_for(STAFF_MEMBER, draft.number, command)
        return batch.command_for(DELEGATION, str(draft.row), command)

    def overtaken(self, draft: Draft) -> RowError:
        return RowError.of(rules.OVERTAKEN, STAFF if isinstance(draft, StaffDraft) else DELEGATIONS, draft.row)

    def tried(self, actor: Actor, operation: str, subjects: Subjects[Draft]) -> None:
        """Operators may try as often as they like: what it tells, they may ask of the directory."""

    def not_asked(self, subjects: Subjects[Draft]) -> tuple[Rule, ...]:
        return ()

    def completed(self, batch: Batch, summary: ImportSummary, today: date) -> tuple[str, Fact]:
        fact = StaffListImported(
            effective_on=today, entered_by=batch.upload.by, evidence=(batch.upload.evidence,), batch_id=batch.id,
            division=batch.upload.area, subjects_seen=summary.subjects_seen, rows_seen=summary.rows_seen,
            recorded=summary.recorded, updated=summary.updated, unchanged=summary.unchanged, refused=summary.refused,
        )  # fmt: skip
        return f"staff_list-{batch.id}", fact

    def location(self, batch_id: UUID) -> str:
        return f"{self._root}/workbooks/{batch_id}"


def _key(keys: Mapping[tuple[UUID, int], DataKey], staff_id: UUID, name: Personal[str]) -> DataKey | None:
    needed = key_id(name)
    return None if needed is None else keys.get((staff_id, needed))
