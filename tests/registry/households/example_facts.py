"""Builders of facts about one household, for the tests in this folder."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from contracts.facts import Evidence, Fact, Precision, Recorded
from contracts.personal import Personal
from contracts.registry import households as h
from contracts.registry.codes import PovertyCause
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.members import (
    HeadSucceeded,
    Member,
    MemberDied,
    MemberJoined,
    MemberLeft,
    MemberSurveyed,
    Relation,
    Sex,
)
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from contracts.registry.reasons import CancelReason, JoinReason, LeaveReason
from contracts.registry.surveys import HouseholdSurveyed
from services.registry.households import domain
from services.registry.households.acts import annul_acts
from services.registry.households.domain import stream_of
from services.registry.households.lineage import no_relatives
from tests.support.given import specification

HOUSEHOLD = UUID("11111111-1111-4111-8111-111111111111")
NEW_HOUSEHOLD = UUID("22222222-2222-4222-8222-222222222222")
HEAD, WIFE, CHILD, GRANNY = (UUID(f"0000000{n}-0000-4000-8000-000000000000") for n in (1, 2, 3, 4))
VILLAGE, NEIGHBOUR, THIRD = "990001101201", "990001101202", "990001101203"
TODAY = date(2018, 1, 1)
NAME: Personal[str] = Personal.sealed("A256GCM.1.c2VhbGVk")


def first_day(text: str) -> date:
    """``2014`` and ``2014-05`` stand for their first day, as in facts known to the year or month."""
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :])


def fact_id(version: int, household: UUID = HOUSEHOLD) -> str:
    return f"registry/{stream_of(household)}/{version}"


def person(person_id: UUID, relation: Relation = Relation.OTHER, born: int = 1980, **more: Any) -> Member:
    return Member(person_id=person_id, name=NAME, sex=Sex.FEMALE, birth_year=born, relation=relation, **more)


FAMILY = (person(HEAD, Relation.HEAD), person(WIFE, Relation.SPOUSE), person(CHILD, Relation.CHILD, 2004))
HEAD_ONLY = FAMILY[:1]


def common_fields(on: str, household: UUID = HOUSEHOLD) -> dict[str, Any]:
    precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(on)]
    return {"household_id": household, "effective_on": first_day(on), "precision": precision, "entered_by": "cadre"}


def recorded_household(on: str, members: Sequence[Member] = FAMILY, household: UUID = HOUSEHOLD) -> h.HouseholdRecorded:
    return h.HouseholdRecorded(**common_fields(on, household), division=VILLAGE, members=tuple(members))


def enrolled(on: str) -> HouseholdEnrolled:
    return HouseholdEnrolled(**common_fields(on), standard=Standard.NATIONAL)


def exited(on: str) -> HouseholdExited:
    return HouseholdExited(**common_fields(on), enjoys_policies=True)


def returned(on: str, former: int) -> HouseholdReturned:
    return HouseholdReturned(**common_fields(on), cause=PovertyCause.ILLNESS, former_exit=fact_id(former))


def removed(on: str, *annuls: int) -> HouseholdRemoved:
    return HouseholdRemoved(**common_fields(on), reason="never_qualified", annuls=tuple(map(fact_id, annuls)))


CERTIFICATE = Evidence(kind="certificate")


def cancelled(on: str, reason: CancelReason = CancelReason.LAST_MEMBER_DIED) -> HouseholdCancelled:
    return HouseholdCancelled(**common_fields(on), reason=reason)


def reinstated(on: str, *who: UUID, status: ReinstatedAs = ReinstatedAs.FORMER_STATUS) -> HouseholdReinstated:
    return HouseholdReinstated(**common_fields(on), person_ids=who, head=who[0], status=status)


def member_joined(on: str, who: UUID = GRANNY, household: UUID = HOUSEHOLD, **more: Any) -> MemberJoined:
    return MemberJoined(**common_fields(on, household), member=person(who, **more), reason=JoinReason.OVERLOOKED)


def member_left(on: str, who: UUID, household: UUID = HOUSEHOLD) -> MemberLeft:
    return MemberLeft(**common_fields(on, household), person_id=who, reason=LeaveReason.MARRIAGE)


def member_died(on: str, who: UUID, *papers: Evidence) -> MemberDied:
    return MemberDied(**common_fields(on), person_id=who, evidence=papers)


def head_succeeded(on: str, who: UUID) -> HeadSucceeded:
    return HeadSucceeded(**common_fields(on), person_id=who)


def moved(on: str, start: str = VILLAGE, end: str = NEIGHBOUR) -> h.HouseholdMoved:
    return h.HouseholdMoved(**common_fields(on), from_division=start, to_division=end)


def split(on: str, *who: UUID) -> h.HouseholdSplit:
    return h.HouseholdSplit(**common_fields(on), new_household_id=NEW_HOUSEHOLD, person_ids=who)


def formed(of: h.HouseholdSplit, head: UUID = WIFE, number: str | None = None) -> h.HouseholdFormed:
    """The other half of a split."""
    return h.HouseholdFormed(
        household_id=of.new_household_id, effective_on=of.effective_on, precision=of.precision, entered_by=of.entered_by,
        split_from=of.household_id, person_ids=of.person_ids, head=head, national_no=number,
    )  # fmt: skip


def surveyed(on: str, **answers: Any) -> HouseholdSurveyed:
    return HouseholdSurveyed(**common_fields(on), **answers)


def member_surveyed(on: str, who: UUID, **answers: Any) -> MemberSurveyed:
    return MemberSurveyed(**common_fields(on), person_id=who, **answers)


def annulled(on: str, *versions: int) -> h.FactsAnnulled:
    return h.FactsAnnulled(
        **common_fields(on), annuls=tuple(map(fact_id, versions)), reason=Personal.sealed("A256GCM.1.AAAA")
    )


def decide(
    fact: Any, known: Sequence[Recorded], today: date = TODAY, successor: UUID | None = None, head: UUID = WIFE
) -> Sequence[Fact]:
    """Decide on a fact by the function that the registry uses for its type; of a split, the old household's facts."""
    match fact:
        case MemberLeft() | MemberDied():
            return domain.end_membership(known, fact, successor, today)
        case h.HouseholdSplit():
            return domain.split(known, fact, formed(fact, head), today)[0]
        case h.HouseholdMoved():
            return domain.move(known, fact, today)
        case h.FactsAnnulled():
            wrong = frozenset(r.command_id for r in known if r.id in fact.annuls) or {UUID(int=0)}
            return annul_acts(msgspec.structs.replace(fact, acts=tuple(wrong)), known, today, no_relatives)[
                fact.household_id
            ]
        case HouseholdEnrolled() | HouseholdExited() | HouseholdReturned() | HouseholdRemoved():
            return domain.change_status(known, fact, today)[fact.household_id]
        case _:
            return domain.record(known, [fact], today)


given = specification(decide)
