"""Disclosures of personal data: what one is for, how many households were read on a day, and what of a day is unusual. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from contracts.civil import SHANGHAI
from contracts.facts import Recorded
from contracts.registry.access import (
    HouseholdRead,
    MatterKind,
    PersonalDataRead,
    Purpose,
    ReadingMatter,
    ReadingOrder,
    ReadingsReviewed,
)
from contracts.roles import Role
from services.casework.purposes import PURPOSES_BY_ROLE, require_purpose
from services.chassis.ground.refusals import Refused
from services.chassis.security.actor import Actor
from services.registry.disclosures.rules import INBOX, NEEDS_MATTER, NEEDS_ORDER

ON_ORDER = frozenset({Purpose.AUDIT, Purpose.PAYMENT, Purpose.ACCESS_REQUEST, Purpose.REPORTING})
"""Purposes of which nothing is open in the register. An audit looks where it chooses, and is held by its order, by its quota
and by who looks at what is unusual; lists of payments, what people apply for, and what is reported upward are on paper here."""
MOST_NAMED = 20
"""Households that a refusal names."""
HOURS = 24


def require_basis(
    purpose: Purpose, order: ReadingOrder | None, households: Collection[UUID], covered: Mapping[UUID, ReadingMatter]
) -> None:
    """``covered``: household → the open matter about it that was named. Raises ``Refused``."""
    if purpose in ON_ORDER:
        if order is None:
            raise Refused(NEEDS_ORDER, purpose=purpose)
        return
    without = [household for household in households if household not in covered]
    if without:
        raise Refused(NEEDS_MATTER, count=len(without), households=without[:MOST_NAMED]).advising(INBOX)


def reading_for_case(
    actor: Actor,
    purpose: Purpose,
    case_id: UUID,
    persons: Mapping[UUID, Collection[UUID]],
    fields: tuple[str, ...],
    today: date,
) -> PersonalDataRead:
    """The fact of what another act than a disclosure opened for the sake of an open case. ``persons``: household → those of its
    members. Raises ``Refused`` when no role of the reader allows the purpose."""
    require_purpose(purpose, actor.roles)
    return PersonalDataRead(
        effective_on=today, entered_by=actor.subject, reader=actor.subject, area=actor.division, purpose=purpose,
        matters=(ReadingMatter(kind=MatterKind.CASE, id=case_id),), fields=fields,
        households=tuple(HouseholdRead(household_id=h, person_ids=tuple(of)) for h, of in persons.items()),
    )  # fmt: skip


def quota_role(purpose: Purpose, roles: Collection[Role]) -> list[Role]:
    """The caller's roles that allow the purpose; the largest of their quotas counts."""
    return [role for role in roles if purpose in PURPOSES_BY_ROLE.get(role, ())]


@dataclass(slots=True)
class ReadingDay:
    """What one account read on one day. ``on_paper``: households read for nothing that is open about them; ``by_hour``:
    households that a request opened, by the hour in Shanghai."""

    account: str = ""
    area: str = ""
    requests: int = 0
    households: set[UUID] = field(default_factory=set)
    on_paper: set[UUID] = field(default_factory=set)
    by_hour: list[int] = field(default_factory=lambda: [0] * HOURS)
    reviewed: bool = False


def day_of(facts: Iterable[Recorded]) -> ReadingDay:
    """From the stream of an account's day. What is read after a review is to be looked at again."""
    day = ReadingDay()
    for recorded in facts:
        match recorded.fact:
            case PersonalDataRead() as fact:
                opened = {each.household_id for each in fact.households}
                day.account, day.area, day.reviewed = fact.reader, fact.area, False
                day.requests += 1
                day.households |= opened
                day.on_paper |= opened if fact.order is not None else set()
                day.by_hour[recorded.recorded_at.astimezone(SHANGHAI).hour] += len(opened)
            case ReadingsReviewed():
                day.reviewed = True
    return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """A figure above its own is unusual; ``opens`` and ``closes``: hours of the day."""

    households_per_day: int
    households_per_month: int
    households_on_paper: int
    households_outside_hours: int
    requests_per_day: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """Of one account's day. ``households_per_month``: of the thirty days up to it."""

    account: str
    day: date
    area: str
    households_per_day: int
    households_per_month: int
    households_on_paper: int
    requests_per_day: int
    by_hour: Sequence[int]


REASONS = (
    "households_per_day", "requests_per_day", "households_per_month", "households_on_paper", "households_outside_hours"
)  # fmt: skip


def unusual_figures(figures: DayFigures, thresholds: Thresholds) -> dict[str, tuple[int, int]]:
    """Reason → the figure and its threshold; nothing of a usual day."""
    found = {name: getattr(figures, name, 0) for name in REASONS}
    found["households_outside_hours"] = sum(
        count for hour, count in enumerate(figures.by_hour) if not thresholds.opens <= hour < thresholds.closes
    )
    return {name: (found[name], limit) for name in REASONS if found[name] > (limit := int(getattr(thresholds, name)))}
