"""What the registry's facts make owed by pairs that follow the register, and what its records fulfil."""

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.casework.records import WorkFact
from contracts.facts import Recorded
from contracts.registry.members import MemberDied, MemberJoined, MemberLeft, MemberSurveyed
from services.casework.duties.store import Duties
from services.casework.people.domain import FOLLOWED_FACTS
from services.casework.people.queries import households_affected_by
from services.casework.records.view import TYPES
from services.chassis.log.unit import Tx

OF_MEMBERS = (MemberJoined, MemberLeft, MemberDied, MemberSurveyed)
"""Facts that change nothing about who owes a household what."""


@dataclass
class DutyReaction:
    """Reconciles the duties owed to the households concerned. After the reaction that reconciles their pairing."""

    duties: Duties

    name = "pairing_duties"
    types = frozenset(kind.type_name for kind in FOLLOWED_FACTS if kind not in OF_MEMBERS)
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        self.duties.reconcile(tx, households_affected_by(tx.cur, facts))


@dataclass
class VisitReaction:
    """Reconciles the duties owed to the households that the register's records are about. After the view of those."""

    duties: Duties

    name = "visits_of_households"
    types = TYPES
    appends = True

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        latest = {r.fact.subject: r.id for r in facts if isinstance(r.fact, WorkFact)}
        for household, cause in latest.items():
            self.duties.reconcile(tx, [household], cause)
