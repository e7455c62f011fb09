"""Recorded facts without a database, for tests of folds and views."""

from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from contracts.canonical import encode
from contracts.casework.cases import CaseFact
from contracts.casework.directory import StaffFact
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.personal import PlaintextRefused
from contracts.registry.opening_balances import (
    OpeningBalanceAnnulled,
    OpeningBalanceApproved,
    OpeningBalanceProposed,
)

FIRST_RECORDED_AT = datetime(2014, 1, 1, tzinfo=UTC)


def stream_of(fact: Fact) -> str:
    """The stream of such a fact in the registry; facts about none of these share one stream."""
    if isinstance(fact, CaseFact):
        return f"case-{fact.case_id}"
    if isinstance(fact, HouseholdFact):
        return f"household-{fact.household_id}"
    if isinstance(fact, StaffFact):
        return f"staff-{fact.staff_id}"
    if isinstance(fact, OpeningBalanceProposed | OpeningBalanceApproved | OpeningBalanceAnnulled):
        return f"opening-balance-{fact.county}"
    return "common"


def recorded(
    *facts: Fact, log: str = "registry", stream: str | None = None, start: int = 1, at: datetime = FIRST_RECORDED_AT
) -> tuple[Recorded, ...]:
    """Envelopes at positions ``start``, ``start + 1``, …, recorded a second apart from ``at`` on (position 1 = ``at``).

    Versions count up from ``start`` in every stream, so ids stay unique when a history is built in several calls.
    The payload is canonical, or empty when the fact carries personal data that was never sealed.
    """
    versions: dict[str, int] = {}
    envelopes = []
    for position, fact in enumerate(facts, start):
        name = stream or stream_of(fact)
        versions[name] = versions.get(name, start - 1) + 1
        envelopes.append(
            Recorded(
                log=log,
                position=position,
                stream=name,
                version=versions[name],
                recorded_at=at + timedelta(seconds=position - 1),
                command_id=uuid5(NAMESPACE_OID, f"{log}/{position}"),
                actor=fact.entered_by,
                fact=fact,
                payload=_payload(fact),
            )
        )
    return tuple(envelopes)


def _payload(fact: Fact) -> bytes:
    try:
        return encode(fact)
    except PlaintextRefused:
        return b""
