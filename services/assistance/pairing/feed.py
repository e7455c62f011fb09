"""The reaction of pairing to the registry's facts."""

from collections.abc import Sequence

from contracts.facts import Recorded
from contracts.registry.households import MemberDied, MemberJoined, MemberLeft, MemberSurveyed
from services.assistance.beneficiaries.domain import SUBSCRIBED_TYPES
from services.assistance.beneficiaries.store import facts_about_households, households_affected_by
from services.assistance.pairing.domain import stream_of
from services.assistance.pairing.store import reconcile_pairing
from services.casework.documents.reading import Documents
from services.casework.duties.store import Duties
from services.chassis.log.unit import Tx

OF_MEMBERS = (MemberJoined, MemberLeft, MemberDied, MemberSurveyed)
"""Facts that change nothing about who owes a household what."""


class PairingReaction:
    """Derives facts about a household's helper from the registry's facts about it and about those it started from."""

    name = "pairing_reaction"
    types = SUBSCRIBED_TYPES
    appends = True

    def __init__(self, documents: Documents, duties: Duties) -> None:
        self._documents, self._duties = documents, duties

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        households = households_affected_by(tx.cur, facts)
        about = facts_about_households(tx.cur, households)
        tx.load_many(stream_of(household) for household in households)
        for household in households:
            reconcile_pairing(tx, household, about[household], self._documents.in_unit(tx))
        if telling := [r for r in facts if not isinstance(r.fact, OF_MEMBERS)]:
            self._duties.reconcile(tx, households_affected_by(tx.cur, telling))
