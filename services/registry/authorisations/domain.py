"""Whether an adult has authorised the query of their assets on a day, and whose authorisation a household misses. Pure.

Of a member the year of birth is known unsealed, and no more: the day stands sealed in the ID number, and is not opened to find out
who must be asked. So whoever turns ``adult_age`` in the year of that day counts as an adult from its first day on. Nobody who is one
is compared unasked; who is not yet one, some months at most, has their guardian sign.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, Recorded
from contracts.registry.authorisations import (
    AuthorisationFact,
    QueryAuthorisationRefused,
    QueryAuthorisationWithdrawn,
    QueryAuthorised,
)
from contracts.registry.members import Member
from contracts.selection import timeline
from services.casework.dates import require_not_future
from services.chassis.ground.refusals import Refused
from services.registry.authorisations import rules
from services.registry.households.state import Household

PREFIX = "authorisation-"
ONE_DAY = timedelta(days=1)


class AuthorisationState(StrEnum):
    VALID = "valid"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Authorisation:
    """As the latest fact up to a day leaves it. ``signed_on`` and ``valid_until``: of the authorisation signed last."""

    state: AuthorisationState
    since: date | None = None
    signed_on: date | None = None
    valid_until: date | None = None


NOT_ASKED = Authorisation(AuthorisationState.NOT_ASKED)
Authorisations = Mapping[UUID, Iterable[Recorded]]
"""Person → the facts of their stream."""


def stream_of(person_id: UUID) -> str:
    return f"{PREFIX}{person_id}"


def authorisation_on(facts: Iterable[Recorded], day: date) -> Authorisation:
    """Of one person, on a day. What was entered last of one day counts."""
    found = NOT_ASKED
    for recorded in timeline(facts, as_of=day):
        fact = recorded.fact
        match fact:
            case QueryAuthorised():
                found = Authorisation(AuthorisationState.VALID, fact.effective_on, fact.effective_on, fact.valid_until)
            case QueryAuthorisationRefused():
                found = _ended(found, AuthorisationState.REFUSED, fact.effective_on)
            case QueryAuthorisationWithdrawn():
                found = _ended(found, AuthorisationState.WITHDRAWN, fact.effective_on)
    if found.state is AuthorisationState.VALID and found.valid_until is not None and found.valid_until < day:
        return _ended(found, AuthorisationState.EXPIRED, found.valid_until + ONE_DAY)
    return found


def _ended(before: Authorisation, state: AuthorisationState, since: date) -> Authorisation:
    return Authorisation(state, since, before.signed_on, before.valid_until)


def adults(household: Household, day: date, adult_age: int) -> list[Member]:
    """Members who are adults on that day, as far as the year of birth says."""
    return [m for m in household.members.values() if day.year - m.birth_year >= adult_age]


def turns_adult(member: Member, day: date, adult_age: int) -> bool:
    """Whether it is the year in which the member comes of age: a guardian signs before the birthday."""
    return day.year - member.birth_year == adult_age


def missing_authorisations(
    household: Household, authorisations: Authorisations, day: date, adult_age: int
) -> list[Member]:
    """Adults of the household on that day whose assets may not be queried. ``household``: as on that day; ``adult_age``: the
    parameter ``authorisations.adult_age``."""
    return [
        member
        for member in adults(household, day, adult_age)
        if authorisation_on(authorisations.get(member.person_id, ()), day).state is not AuthorisationState.VALID
    ]


def record(
    known: Iterable[Recorded], fact: AuthorisationFact, household: Household, today: date, adult_age: int
) -> list[Fact]:
    """``household``: as on the day of the fact. Raises ``Refused``."""
    require_not_future(fact.effective_on, today)
    member = household.members.get(fact.person_id)
    if member is None:
        raise Refused(rules.NO_MEMBER_THEN, on=fact.effective_on)
    if fact.effective_on.year - member.birth_year < adult_age:
        raise Refused(rules.NOT_AN_ADULT, birth_year=member.birth_year, adult_age=adult_age)
    if isinstance(fact, QueryAuthorised):
        _require_signed(fact)
    if isinstance(fact, QueryAuthorisationWithdrawn) and (
        authorisation_on(known, fact.effective_on).state is not AuthorisationState.VALID
    ):
        raise Refused(rules.NO_AUTHORISATION_TO_WITHDRAW, on=fact.effective_on).advising(*rules.ways_to_ask(fact))
    return [fact]


def _require_signed(fact: QueryAuthorised) -> None:
    if fact.valid_until < fact.effective_on:
        raise Refused(rules.VALID_BEFORE_SIGNED, signed_on=fact.effective_on, valid_until=fact.valid_until)
    if fact.guardian == fact.person_id:
        raise Refused(rules.OWN_GUARDIAN)
    if not any(paper.kind == rules.PAPER for paper in fact.evidence):
        raise Refused(rules.AUTHORISATION_PAPER_MISSING, missing=[rules.PAPER])
