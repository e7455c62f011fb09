"""A party that leaves leaves nobody behind unnoticed: its pairs end, and what a person had in hand is handed over."""

from datetime import timedelta
from uuid import UUID

from contracts.assistance.handovers import HandoverOpened
from contracts.assistance.pairs import PairEnded, PairEndReason
from contracts.assistance.parties import PEOPLE, PartyEntered, PartyLeft
from contracts.selection import timeline
from services.assistance.handovers.domain import handover_id
from services.assistance.handovers.store import HandoverCommands, lines_of
from services.assistance.pairs.store import PairCommands
from services.assistance.parties.domain import party, stream_of
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

DAYS_TO_ACCEPT = timedelta(days=30)
"""How long others may accept what somebody had in hand, before it falls to the leader."""


class Departures:
    def __init__(self, pairs: PairCommands, handovers: HandoverCommands) -> None:
        self._pairs, self._handovers = pairs, handovers

    def follow(self, tx: Tx, entered: PartyEntered, left: PartyLeft, actor: Actor) -> None:
        """In the unit of work in which it is told that the party left."""
        by = PairEnded(
            effective_on=left.effective_on, entered_by=left.entered_by, subject=left.party_id, pair=0,
            reason=PairEndReason.OTHER,
        )  # fmt: skip
        self._pairs.end_for_leaving(tx, left.party_id, by)
        account = entered.account
        if account is None or entered.kind not in PEOPLE or not lines_of(tx, account):
            return
        leader, unit = _leader(tx, entered, actor.subject)
        opened = HandoverOpened(
            effective_on=left.effective_on, entered_by=left.entered_by, handover_id=handover_id(account), helper=account,
            leader=leader, leader_unit=unit, accept_by=max(left.effective_on, tx.today) + DAYS_TO_ACCEPT,
            area=entered.division,
        )  # fmt: skip
        self._handovers.open_if_none(tx, opened)


def _leader(tx: Tx, left: PartyEntered, entered_by: str) -> tuple[str, str]:
    """To whom the rest falls, and of which unit: the leader who was named, whoever answers for the organisation, or whoever told
    of the leaving."""
    organisation = _entered(tx, left.member_of)
    unit = organisation.name if organisation is not None and organisation.name else left.division
    of_organisation = organisation.account if organisation is not None else None
    found = (a for a in (left.leader, of_organisation, entered_by) if a is not None and a != left.account)
    return next(found, entered_by), unit


def _entered(tx: Tx, party_id: UUID | None) -> PartyEntered | None:
    found = party(timeline(tx.load(stream_of(party_id)))) if party_id is not None else None
    return None if found is None else found.entered
