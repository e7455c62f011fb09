"""What is implausible about a helper's households. Pure. A helper is found in the pairs of all households that they ever
had; their subject's id is made of their account."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

import msgspec

from contracts.assistance.pairing import HelperAssigned, HelperReleased, PairingEnded
from contracts.assistance.pairs import HouseholdPairFormed, PairEnded, PairFact
from contracts.facts import Fact, HouseholdFact, Recorded
from services.assistance.pairs.domain import helper_id
from services.assistance.pairs.state import helped as pairs_of
from services.casework.findings.domain import CheckRule, Ground, Limits, Period
from services.casework.findings.projection import UNTIL_CHANGED

KEY = "helpers"
"""Of the documents of these rules."""

Span = tuple[date, date]
"""From a day up to another, which is excluded."""


class HelperCheck(StrEnum):
    TOO_MANY_HOUSEHOLDS = "too_many_households"


class CheckedHelper(msgspec.Struct, frozen=True, array_like=True):
    """``households``: how many somebody helps at once. Helpers work in several places, so only what holds in the whole
    country is asked of them."""

    households: int

    @property
    def division(self) -> str:
        return ""


def reads(fact: Fact) -> bool:
    """Whether a fact that annuls nothing can change what is checked."""
    return isinstance(fact, HelperAssigned | HelperReleased | PairingEnded | HouseholdPairFormed | PairEnded)


def periods_of(helper: UUID, facts: Sequence[Recorded]) -> list[Period[CheckedHelper]]:
    """``facts``: of the pairs that follow the register of all households that the helper ever had."""
    ordered = sorted(facts, key=lambda r: r.position)
    of_household: defaultdict[UUID, list[Recorded]] = defaultdict(list)
    helped: dict[UUID, list[Span]] = {}
    found = list[Period[CheckedHelper]]()
    for number, recorded in enumerate(ordered):
        household = household_of(recorded.fact)
        if household is None:
            continue
        of_household[household].append(recorded)
        helped[household] = _spans(helper, of_household[household])
        known_to = ordered[number + 1].recorded_at if number + 1 < len(ordered) else UNTIL_CHANGED
        if known_to > recorded.recorded_at:
            found += [
                Period(CheckedHelper(count), first, end, recorded.recorded_at, known_to)
                for first, end, count in _counted(helped)
            ]
    return found


def now_of(helper: UUID, facts: Sequence[Recorded]) -> CheckedHelper | None:
    """With how many households the helper is left after all of these facts."""
    of_household: defaultdict[UUID, list[Recorded]] = defaultdict(list)
    for recorded in facts:
        if (household := household_of(recorded.fact)) is not None:
            of_household[household].append(recorded)
    lasting = sum(any(end == date.max for _, end in _spans(helper, of)) for of in of_household.values())
    return CheckedHelper(lasting) if lasting else None


def household_of(fact: Fact) -> UUID | None:
    """Whom a fact about pairs that follow the register is about."""
    match fact:
        case HouseholdFact():
            return fact.household_id
        case PairFact():
            return fact.subject
    return None


def _spans(helper: UUID, of_household: Sequence[Recorded]) -> list[Span]:
    pairs = (p for p in pairs_of(of_household).pairs.values() if not p.void and helper_id(p.formed.helper) == helper)
    return [(p.told.day, p.until or date.max) for p in pairs]


def _counted(helped: Mapping[UUID, Sequence[Span]]) -> Iterator[tuple[date, date, int]]:
    """From when to when somebody helps so many households, while it is any."""
    turns = sorted({day for spans in helped.values() for span in spans for day in span})
    for first, end in pairwise(turns):
        count = sum(any(since <= first < until for since, until in spans) for spans in helped.values())
        if count:
            yield first, end, count


def _too_many_households(helper: CheckedHelper, _: date, limits: Limits) -> Iterator[Ground]:
    if helper.households > limits["most"]:
        yield Ground((), {"count": helper.households})


def _assigns(_: Sequence[UUID], fact: Fact) -> bool:
    return isinstance(fact, HelperAssigned | HouseholdPairFormed)


RULES: Mapping[str, CheckRule[CheckedHelper]] = {
    HelperCheck.TOO_MANY_HOUSEHOLDS: CheckRule(
        HelperCheck.TOO_MANY_HOUSEHOLDS, _too_many_households, _assigns, ("most",)
    ),
}
