"""A household's record for every day, as known on every other day: what a page needs to step through both times at once.

Pure. A day and a day of knowledge lie in at most one period; what was known for less than a day, between two entries, is
left out, since days are asked about by their end.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.registry.members import Member
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.surveys import ConditionsSurveyed
from contracts.selection import parent_of
from services.registry.households.bitemporal import FOREVER, UNTIL_CHANGED, project_values
from services.registry.households.details import DETAILS, HouseholdDetails
from services.registry.households.income import IncomeFigures
from services.registry.households.state import Household


class HouseholdSnapshot(HouseholdDetails, frozen=True, kw_only=True, gc=False):
    """What the register says of a household, without what is sealed under it. ``income``: of the latest period surveyed; ``apart``:
    members who do not live in common."""

    status: PovertyStatus
    status_since: date | None
    national_no: str | None
    division: str
    members: tuple[Member, ...]
    apart: frozenset[UUID]
    income: IncomeFigures | None
    conditions: ConditionsSurveyed | None


@dataclass(frozen=True, slots=True)
class SnapshotPeriod:
    """True on the days from ``valid_from`` to before ``valid_to``, as known at the end of the days from ``known_from`` to
    before ``known_to``; ``None``: without end. ``learned_by``: the household's facts recorded on ``known_from``."""

    snapshot: HouseholdSnapshot
    valid_from: date
    valid_to: date | None
    known_from: date
    known_to: date | None
    learned_by: tuple[str, ...]


def snapshot_of(state: Household) -> HouseholdSnapshot | None:
    """``None`` where the household was not on record."""
    if state.status is None:
        return None
    return HouseholdSnapshot(
        status=state.status, status_since=state.status_since, national_no=state.national_no, division=state.division,
        members=tuple(state.members.values()), apart=state.apart, income=state.latest_income, conditions=state.conditions,
        **{name: getattr(state, name) for name in DETAILS},
    )  # fmt: skip


def snapshot_periods(facts: Sequence[Recorded], household: UUID) -> list[SnapshotPeriod]:
    """Of a household, from its own facts and those of its ancestors; by the day of learning, then by the day of truth."""
    learned = defaultdict[date, list[str]](list)
    for recorded in _own(facts, household):
        learned[civil_day(recorded.recorded_at)].append(recorded.id)
    whose = household if any(parent_of(r) is not None for r in facts) else None
    found = project_values(facts, whose, snapshot_of, lambda _: True)[1]
    periods = []
    for each in found:
        since = civil_day(each.known_from)
        until = None if each.known_to == UNTIL_CHANGED else civil_day(each.known_to)
        if until is None or since < until:
            valid_to = None if each.valid_to == FOREVER else each.valid_to
            periods.append(
                SnapshotPeriod(each.value, each.valid_from, valid_to, since, until, tuple(learned.get(since, ())))
            )
    return sorted(periods, key=lambda p: (p.known_from, p.valid_from))


def _own(facts: Iterable[Recorded], household: UUID) -> Iterable[Recorded]:
    return (r for r in facts if getattr(r.fact, "household_id", None) == household)
