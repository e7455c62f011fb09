"""Queries of mass proposals: whom one would take in, and those that were made."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString
from uuid import UUID

from pydantic import BaseModel

from contracts.assistance.proposals import ExceptionReason, MassProposalMade
from services.assistance.entitlements.proposing import Plan, case_of, planned, stream_of
from services.assistance.entitlements.queries import EntitlementQueries
from services.assistance.programmes.candidates import Stated
from services.chassis.log.store import Store

MADE: LiteralString = (
    "SELECT notification_id, originator_id FROM log WHERE originator_id > 'mass-proposal-'"
    " AND originator_id < 'mass-proposal.' AND notification_id < coalesce(%s, 9223372036854775807)"
    " ORDER BY notification_id DESC"
)
OUTCOMES: LiteralString = "SELECT case_id, outcome FROM cases WHERE case_id = ANY(%s)"


class ProposedCase(BaseModel):
    """``opened``: its case was; ``outcome``: how it ended, where it did."""

    unit_id: UUID
    case_id: UUID
    opened: bool
    outcome: str | None


class ProposalQueries:
    """Blocking: to be called in a thread."""

    def __init__(self, store: Store, entitlements: EntitlementQueries) -> None:
        self._store, self._entitlements = store, entitlements

    def plan(
        self, programme: str, division: str, day: date, stated: Stated, left_out: Mapping[UUID, ExceptionReason],
        listed: Sequence[UUID] | None,
    ) -> Plan:  # fmt: skip
        """Raises ``Refused``."""
        found = self._entitlements.considered(programme, division, day, stated, listed or ())
        return planned(found, left_out, listed)

    def made(self, proposal_id: UUID) -> MassProposalMade | None:
        """The act of this id, where it was recorded before."""
        facts = (recorded.fact for recorded in self._store.stream(stream_of(proposal_id)))
        return next((fact for fact in facts if isinstance(fact, MassProposalMade)), None)

    def proposals(
        self, division: str, programme: str | None, before: int | None, limit: int
    ) -> list[tuple[int, MassProposalMade, list[ProposedCase]]]:
        """By position, the newest first. There are few: one an area, programme and round."""
        with self._store.reading() as conn:
            rows = conn.execute(MADE, (before,)).fetchall()
        found: list[tuple[int, MassProposalMade, list[ProposedCase]]] = []
        for position, stream in rows:
            (first,) = self._store.stream(stream)
            made = first.fact
            assert isinstance(made, MassProposalMade)
            if made.division.startswith(division) and programme in (None, made.programme):
                found.append((position, made, self._cases(made)))
            if len(found) == limit:
                break
        return found

    def _cases(self, made: MassProposalMade) -> list[ProposedCase]:
        of = {unit: case_of(made.proposal_id, unit) for unit in made.units}
        with self._store.reading() as conn:
            outcomes = dict(conn.execute(OUTCOMES, (list(of.values()),)).fetchall())
        return [
            ProposedCase(unit_id=unit, case_id=case, opened=case in outcomes, outcome=outcomes.get(case))
            for unit, case in of.items()
        ]
