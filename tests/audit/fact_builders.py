"""A log in memory, and builders of the facts that statements are made of."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from contracts.canonical import encode
from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.households import (
    FactsAnnulled,
    HouseholdFormed,
    HouseholdMoved,
    HouseholdRecorded,
    HouseholdSplit,
)
from contracts.registry.members import Member, MemberDied, MemberJoined, MemberLeft, Relation, Sex
from contracts.registry.merges import PersonsMerged
from contracts.registry.monitoring import EliminationManner, EliminationWithdrawn, MonitoringStarted, RiskEliminated
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from contracts.registry.reasons import CancelReason, JoinReason, LeaveReason
from tests.support.recorded import stream_of

TOWN = "990001101"
HILL, LAKE = "990001101201", "990001101202"
NEIGHBOUR = "990001102201"
"""A village of the neighbouring township."""

HOUSEHOLD = UUID("00000000-0000-4000-8000-000000000001")
SEALED = "AES-256-GCM.1.c2VhbGVk"


class InMemoryLog:
    """``append(instant, *facts)`` is one commit: its facts share their instant. ``start``: the last position before."""

    def __init__(self, name: str = "registry", start: int = 0) -> None:
        self.name = name
        self.entries: list[Recorded] = []
        self._start = start

    def append(self, at: datetime, *facts: Fact) -> Sequence[Recorded]:
        entries = self.draft(at, *facts)
        self.entries.extend(entries)
        return entries

    def draft(self, at: datetime, *facts: Fact) -> list[Recorded]:
        """The entries as they would be; the log stays as it is."""
        entries: list[Recorded] = []
        versions = Counter(r.stream for r in self.entries)
        for position, fact in enumerate(facts, start=self._start + len(self.entries) + 1):
            stream = stream_of(fact)
            versions[stream] += 1
            envelope = (self.name, position, stream, versions[stream], at, UUID(int=0), fact.entered_by)
            entries.append(Recorded(*envelope, fact, encode(fact)))
        return entries


def noon(day: date) -> datetime:
    """12:00 UTC, 20:00 in Shanghai."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def person(number: int, household: UUID = HOUSEHOLD) -> UUID:
    return uuid5(household, f"person {number}")


def member(number: int, household: UUID = HOUSEHOLD) -> Member:
    """The first is the head."""
    return Member(
        person_id=person(number, household),
        name=Personal.sealed(SEALED),
        sex=Sex.FEMALE,
        birth_year=1970,
        relation=Relation.HEAD if number == 1 else Relation.OTHER,
    )


def members(count: int, household: UUID = HOUSEHOLD) -> tuple[Member, ...]:
    return tuple(member(n, household) for n in range(1, count + 1))


def _common(day: date, household: UUID, **more: Any) -> dict[str, Any]:
    return {"household_id": household, "effective_on": day, "entered_by": "cadre-1", **more}


def household_recorded(day: date, persons: int, division: str = HILL, household: UUID = HOUSEHOLD, **more: Any) -> Fact:
    return HouseholdRecorded(division=division, members=members(persons, household), **_common(day, household, **more))


def enrolled(day: date, household: UUID = HOUSEHOLD, **more: Any) -> Fact:
    return HouseholdEnrolled(standard=Standard.NATIONAL, **_common(day, household, **more))


def exited(day: date, household: UUID = HOUSEHOLD, **more: Any) -> Fact:
    return HouseholdExited(enjoys_policies=True, **_common(day, household, **more))


def returned(day: date, household: UUID = HOUSEHOLD, **more: Any) -> Fact:
    common = _common(day, household, **more)
    return HouseholdReturned(cause=PovertyCause.ILLNESS, former_exit="registry/household/3", **common)


def removed(day: date, household: UUID = HOUSEHOLD, **more: Any) -> HouseholdRemoved:
    return HouseholdRemoved(reason="never qualified", **_common(day, household, **more))


def cancelled(day: date, household: UUID = HOUSEHOLD, **more: Any) -> Fact:
    return HouseholdCancelled(**{"reason": CancelReason.LAST_MEMBER_DIED, **more}, **_common(day, household))


def reinstated(
    day: date, persons: Sequence[UUID], household: UUID = HOUSEHOLD, status: ReinstatedAs = ReinstatedAs.FORMER_STATUS
) -> Fact:
    return HouseholdReinstated(person_ids=tuple(persons), head=persons[0], status=status, **_common(day, household))


def monitoring_started(day: date, kind: str = "marginal", household: UUID = HOUSEHOLD) -> Fact:
    return MonitoringStarted(kind=kind, risks=("illness",), **_common(day, household))


def risk_eliminated(day: date, household: UUID = HOUSEHOLD) -> Fact:
    return RiskEliminated(manner=EliminationManner.BY_HELP, **_common(day, household))


def elimination_withdrawn(day: date, household: UUID = HOUSEHOLD) -> Fact:
    return EliminationWithdrawn(elimination="registry/household/3", **_common(day, household))


def duplicate(day: date, number: int, household: UUID = HOUSEHOLD) -> Fact:
    return PersonsMerged(
        person_id=person(number, household), same_as=person(99), same_as_household_id=HOUSEHOLD,
        **_common(day, household),
    )  # fmt: skip


def joined(day: date, number: int, household: UUID = HOUSEHOLD) -> Fact:
    return MemberJoined(member=member(number, household), reason=JoinReason.BIRTH, **_common(day, household))


def left(day: date, number: int, household: UUID = HOUSEHOLD) -> Fact:
    return MemberLeft(person_id=person(number, household), reason=LeaveReason.MARRIAGE, **_common(day, household))


def died(day: date, number: int, household: UUID = HOUSEHOLD) -> Fact:
    return MemberDied(person_id=person(number, household), **_common(day, household))


def moved(day: date, here: str, there: str, household: UUID = HOUSEHOLD) -> Fact:
    return HouseholdMoved(from_division=here, to_division=there, **_common(day, household))


def transferred(day: date, here: str, there: str, household: UUID = HOUSEHOLD, *, ended: bool = True) -> Fact:
    common = _common(day, household, caused_by=f"registry/division-{here}/2")
    return HouseholdTransferred(from_division=here, to_division=there, ended=ended, **common)


def split(day: date, numbers: Sequence[int], to: UUID, household: UUID = HOUSEHOLD) -> Fact:
    gone = tuple(person(n, household) for n in numbers)
    return HouseholdSplit(new_household_id=to, person_ids=gone, **_common(day, household))


def formed(day: date, numbers: Sequence[int], household: UUID, parent: UUID = HOUSEHOLD) -> Fact:
    """The other half of ``split``: persons are numbered as in the household where they were recorded first."""
    came = tuple(person(n, parent) for n in numbers)
    return HouseholdFormed(split_from=parent, person_ids=came, head=came[0], **_common(day, household))


def annulled(day: date, *ids: str, household: UUID = HOUSEHOLD) -> Fact:
    return FactsAnnulled(reason=Personal.sealed("A256GCM.1.AAAA"), annuls=ids, **_common(day, household))
