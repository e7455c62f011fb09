"""What a disclosure is for: cases, findings, imports, entries and clues that are open about the households, as named in the request."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.civil import civil_day, end_of_day
from contracts.facts import Evidence, Recorded
from contracts.registry.access import MatterKind, ReadingMatter
from contracts.registry.intake import WorkbookImported
from contracts.selection import timeline
from services.casework.findings.queries import FindingFilter, FindingQueries, FindingState
from services.casework.procedures.state import fold as fold_case
from services.casework.procedures.store import stream_of as case_stream
from services.chassis.ground.refusals import Refused
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.clues.domain import fold as fold_clue
from services.registry.clues.domain import stream_of as clue_stream
from services.registry.disclosures.rules import INBOX, MATTER_NOT_OPEN

Streams = Mapping[UUID, Sequence[Recorded]]
"""Household → its facts."""


CASES = b"SELECT case_id, subject, opened_on FROM cases WHERE subject = ANY(%s) AND outcome IS NULL ORDER BY opened_on, case_id"
CLUES = (
    b"SELECT clue_id, household_id, received_on FROM clues WHERE household_id = ANY(%s) AND ended_on IS NULL"
    b" ORDER BY received_on, clue_id"
)
MOST_FINDINGS = 20
"""About one household, of which a disclosure may name any."""


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """``since``: it was opened, raised, received, or entered."""

    household_id: UUID
    kind: MatterKind
    id: UUID
    since: date


class OpenMatters:
    """Which households of a request each matter is about. ``entry_open_for``: so long after an entry or an import its
    papers are checked."""

    def __init__(self, findings: FindingQueries) -> None:
        self._findings = findings

    def about(self, tx: Tx, households: Streams, actor: Actor, entry_open_for: timedelta) -> Iterator[OpenMatter]:
        """What a disclosure of households in the actor's area may name today: cases, findings and clues, and of each household
        its latest entry. (An import is named by whoever imported; each of its entries is one by itself.)"""
        named, since = list(households), tx.instant - entry_open_for
        for case_id, household, opened_on in tx.cur.execute(CASES, (named,)).fetchall():
            yield OpenMatter(household, MatterKind.CASE, case_id, opened_on)
        for household in named:
            found = self._findings.listed(_open(actor, tx.today, subject=household), ("", UUID(int=0)), MOST_FINDINGS)
            yield from (OpenMatter(household, MatterKind.FINDING, each.finding_id, each.raised_on) for each in found)
        for clue_id, household, received_on in tx.cur.execute(CLUES, (named,)).fetchall():
            yield OpenMatter(household, MatterKind.CLUE, clue_id, received_on)
        for household, facts in households.items():
            if facts and facts[-1].recorded_at >= since:
                yield OpenMatter(household, MatterKind.ENTRY, facts[-1].command_id, civil_day(facts[-1].recorded_at))

    def covered(
        self, tx: Tx, matters: Collection[ReadingMatter], households: Streams, actor: Actor, entry_open_for: timedelta
    ) -> dict[UUID, ReadingMatter]:
        """Household → a matter about it. Raises ``Refused`` for a matter that is not open, or not in the actor's area."""
        found: dict[UUID, ReadingMatter] = {}
        for matter in matters:
            about = self._about(tx, matter, households, actor, tx.instant - entry_open_for)
            if about is None:
                raise Refused(MATTER_NOT_OPEN, kind=matter.kind, id=matter.id).advising(INBOX)
            found.update(dict.fromkeys(about & households.keys(), matter))
        return found

    def _about(
        self, tx: Tx, matter: ReadingMatter, households: Streams, actor: Actor, since: datetime
    ) -> set[UUID] | None:
        """Households; ``None`` where it is not open."""
        match matter.kind:
            case MatterKind.CASE:
                return self._of_case(tx, matter.id)
            case MatterKind.FINDING:
                return self._of_finding(matter.id, actor, tx.today)
            case MatterKind.IMPORT_BATCH:
                return self._of_import(tx, matter.id, households, actor, since)
            case MatterKind.ENTRY:
                return _of_entry(matter.id, households, since)
            case MatterKind.CLUE:
                return _of_clue(tx, matter.id)

    def _of_case(self, tx: Tx, case_id: UUID) -> set[UUID] | None:
        """Households outside the actor's area are refused before."""
        state = fold_case(timeline(tx.load(case_stream(case_id))))
        return {state.subject} if state is not None and state.outcome is None else None

    def _of_finding(self, finding_id: UUID, actor: Actor, today: date) -> set[UUID] | None:
        found = self._findings.listed(_open(actor, today, finding_id=finding_id), ("", UUID(int=0)), 1)
        # What it is about beside its subject may be other households.
        return {one for each in found for one in (each.household_id or each.subject, *each.about)} or None

    def _of_import(
        self, tx: Tx, batch_id: UUID, households: Streams, actor: Actor, since: datetime
    ) -> set[UUID] | None:
        """Facts of an import cite the workbook that they were in."""
        for recorded in tx.load(f"intake-{batch_id}"):
            fact = recorded.fact
            if isinstance(fact, WorkbookImported):
                if not actor.covers(fact.division) or recorded.recorded_at < since:
                    return None
                files = _files(fact.evidence)
                return {h for h, facts in households.items() if any(files & _files(r.fact.evidence) for r in facts)}
        return None


def _open(actor: Actor, today: date, subject: UUID | None = None, finding_id: UUID | None = None) -> FindingFilter:
    return FindingFilter(
        division=actor.division, as_of=today, known_at=end_of_day(today), state=FindingState.OPEN, subject=subject,
        finding_id=finding_id,
    )  # fmt: skip


def _of_entry(act: UUID, households: Streams, since: datetime) -> set[UUID] | None:
    entered = ((h, r) for h, facts in households.items() for r in facts if r.command_id == act)
    return {household for household, recorded in entered if recorded.recorded_at >= since} or None


def _of_clue(tx: Tx, clue_id: UUID) -> set[UUID] | None:
    clue = fold_clue(tx.load(clue_stream(clue_id)))
    return {clue.household_id} if clue is not None and clue.is_open and clue.household_id is not None else None


def _files(evidence: Sequence[Evidence]) -> set[UUID]:
    return {each.file.id for each in evidence if each.file is not None}
