"""One household and what may happen to it, told in short: the material of the tests in this folder."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import Fact, Precision, Recorded
from contracts.personal import Personal
from contracts.registry import households as h
from services.registry.households import domain
from services.registry.households.domain import stream_of
from tests.support.given import specification

HOUSEHOLD = UUID("11111111-1111-4111-8111-111111111111")
FORMED = UUID("22222222-2222-4222-8222-222222222222")
HEAD, WIFE, CHILD, GRANNY = (UUID(f"0000000{n}-0000-4000-8000-000000000000") for n in (1, 2, 3, 4))
VILLAGE, NEIGHBOUR, THIRD = "990001101201", "990001101202", "990001101203"
TODAY = date(2018, 1, 1)
NAME: Personal[str] = Personal.sealed("A256GCM.1.c2VhbGVk")


def day(text: str) -> date:
    """``2014`` and ``2014-05`` stand for the first day, as in facts known to the year or month."""
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :])


def fact_id(version: int, household: UUID = HOUSEHOLD) -> str:
    return f"registry/{stream_of(household)}/{version}"


def person(who: UUID, relation: h.Relation = h.Relation.OTHER, born: int = 1980, **more: Any) -> h.Member:
    return h.Member(person_id=who, name=NAME, sex=h.Sex.FEMALE, birth_year=born, relation=relation, **more)


FAMILY = (person(HEAD, h.Relation.HEAD), person(WIFE, h.Relation.SPOUSE), person(CHILD, h.Relation.CHILD, 2004))
ALONE = FAMILY[:1]


def about(on: str, household: UUID = HOUSEHOLD) -> dict[str, Any]:
    precision = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}[len(on)]
    return {"household_id": household, "effective_on": day(on), "precision": precision, "entered_by": "cadre"}


def taken_down(on: str, members: Sequence[h.Member] = FAMILY, household: UUID = HOUSEHOLD) -> h.HouseholdRecorded:
    return h.HouseholdRecorded(**about(on, household), division=VILLAGE, members=tuple(members))


def enrolled(on: str) -> h.HouseholdEnrolled:
    return h.HouseholdEnrolled(**about(on), standard=h.Standard.NATIONAL)


def exited(on: str) -> h.HouseholdExited:
    return h.HouseholdExited(**about(on), enjoys_policies=True)


def returned(on: str, former: int) -> h.HouseholdReturned:
    return h.HouseholdReturned(**about(on), cause=h.PovertyCause.ILLNESS, former_exit=fact_id(former))


def removed(on: str, *annuls: int) -> h.HouseholdRemoved:
    return h.HouseholdRemoved(**about(on), reason="never_qualified", annuls=tuple(map(fact_id, annuls)))


def cancelled(on: str, reason: h.CancelReason = h.CancelReason.LAST_MEMBER_DIED) -> h.HouseholdCancelled:
    return h.HouseholdCancelled(**about(on), reason=reason)


def joined(on: str, who: UUID = GRANNY, household: UUID = HOUSEHOLD, **more: Any) -> h.MemberJoined:
    return h.MemberJoined(**about(on, household), member=person(who, **more), reason=h.JoinReason.OVERLOOKED)


def left(on: str, who: UUID, household: UUID = HOUSEHOLD) -> h.MemberLeft:
    return h.MemberLeft(**about(on, household), person_id=who, reason=h.LeaveReason.MARRIAGE)


def died(on: str, who: UUID) -> h.MemberDied:
    return h.MemberDied(**about(on), person_id=who)


def succeeded(on: str, who: UUID) -> h.HeadSucceeded:
    return h.HeadSucceeded(**about(on), person_id=who)


def moved(on: str, start: str = VILLAGE, end: str = NEIGHBOUR) -> h.HouseholdMoved:
    return h.HouseholdMoved(**about(on), from_division=start, to_division=end)


def split(on: str, *who: UUID) -> h.HouseholdSplit:
    return h.HouseholdSplit(**about(on), new_household_id=FORMED, person_ids=who)


def surveyed(on: str, **answers: Any) -> h.HouseholdSurveyed:
    return h.HouseholdSurveyed(**about(on), **answers)


def member_surveyed(on: str, who: UUID, **answers: Any) -> h.MemberSurveyed:
    return h.MemberSurveyed(**about(on), person_id=who, **answers)


def annulled(on: str, *versions: int) -> h.FactsAnnulled:
    return h.FactsAnnulled(**about(on), annuls=tuple(map(fact_id, versions)), reason=Personal.sealed("A256GCM.1.AAAA"))


def decide(
    order: Any, known: Sequence[Recorded], today: date = TODAY, successor: UUID | None = None, head: UUID = WIFE
) -> Sequence[Fact]:
    """Every order through the function that the registry uses for it; of a split, the old household's half."""
    match order:
        case h.MemberLeft() | h.MemberDied():
            return domain.part(known, order, successor, today)
        case h.HouseholdSplit():
            return domain.split(known, order, head, None, today)[0]
        case h.HouseholdMoved():
            return domain.move(known, order, today)
        case h.FactsAnnulled():
            return domain.annul(known, order, today)
        case h.HouseholdEnrolled() | h.HouseholdExited() | h.HouseholdReturned() | h.HouseholdRemoved():
            return domain.change_status(known, order, today)
        case _:
            return domain.record(known, [order], today)


given = specification(decide)
