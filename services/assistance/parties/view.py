"""The table ``parties``."""

from collections.abc import Sequence
from typing import LiteralString
from uuid import UUID

from contracts.assistance.parties import PartyEntered, PartyLeft
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.parties.domain import PREFIX, party
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

TYPES = frozenset({PartyEntered.type_name, PartyLeft.type_name})
PARTIES = Table(
    "parties",
    "party_id",
    (
        "party_id", "kind", "division", "name", "number", "account", "leader", "member_of", "since", "known_on", "until",
    ),
)  # fmt: skip
PARTY_AREAS: LiteralString = "SELECT party_id AS subject, division FROM parties"
"""SQL of the relation (subject, division)."""


def view() -> View[UUID]:
    return view_of_streams("parties", (PARTIES,), TYPES, PREFIX, UUID, _rows)


def _rows(party_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    found = party(timeline(facts))
    if found is None:
        return ([],)
    e = found.entered
    return (
        [
            (
                party_id, str(e.kind), e.division, e.name, e.number, e.account, e.leader, e.member_of, e.effective_on,
                found.known_on, found.until,
            )
        ],
    )  # fmt: skip
