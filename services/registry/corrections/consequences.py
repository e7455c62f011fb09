"""What follows in the register from a change of households: their periods before and after, and the lines of the statements that
change. Pure. The statements themselves are the audit's, which counts apart from this."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from contracts.facts import Recorded
from contracts.quantities import Figures
from contracts.registry import households as h
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated
from contracts.registry.members import MemberDied
from contracts.registry.merges import PersonsMerged
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from contracts.registry.reasons import CancelReason
from services.registry.households.bitemporal import UNTIL_CHANGED, BitemporalPeriod, HouseholdSummary, project
from services.registry.households.lineage import Relatives, household_timeline, started_by_split, with_ancestors
from services.registry.households.state import Household, evolve_without_surveys


class StatementLine(StrEnum):
    """The columns of a statement between opening and closing (M004)."""

    IDENTIFIED = "identified"
    RETURNED = "returned"
    MOVED_IN = "moved_in"
    TRANSFERRED_IN = "transferred_in"
    SIZE_CHANGE = "size_change"
    EXITED = "exited"
    REMOVED = "removed"
    CANCELLED = "cancelled"
    MOVED_OUT = "moved_out"
    TRANSFERRED_OUT = "transferred_out"


ENTRIES = {
    HouseholdEnrolled: StatementLine.IDENTIFIED,
    HouseholdReturned: StatementLine.RETURNED,
    HouseholdReinstated: StatementLine.MOVED_IN,
}
DEPARTURES = {
    HouseholdExited: StatementLine.EXITED,
    HouseholdRemoved: StatementLine.REMOVED,
    HouseholdCancelled: StatementLine.CANCELLED,
}
RELOCATIONS = {
    h.HouseholdMoved: (StatementLine.MOVED_OUT, StatementLine.MOVED_IN),
    HouseholdTransferred: (StatementLine.TRANSFERRED_OUT, StatementLine.TRANSFERRED_IN),
}
LineKey = tuple[int, str, StatementLine]
"""Year, village, line."""


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """A household's periods as known now, and as they would be; ``division``: where it lives."""

    household_id: UUID
    national_no: str | None
    division: str
    before: Sequence[BitemporalPeriod[HouseholdSummary]]
    after: Sequence[BitemporalPeriod[HouseholdSummary]]


def household_change(household: UUID, before: Relatives, after: Relatives) -> HouseholdChange | None:
    """``None`` where nothing of its summary changes."""
    (state, now), (later, then) = _current(household, before), _current(household, after)
    if [_without_times(p) for p in now] == [_without_times(p) for p in then]:
        return None
    last = (then or now)[-1].value.division
    return HouseholdChange(household, later.national_no or state.national_no, last, now, then)


def line_changes(households: Sequence[UUID], before: Relatives, after: Relatives) -> dict[LineKey, Figures]:
    """By how much each line of each year differs afterwards, where it does."""
    found: Counter[tuple[LineKey, str]] = Counter()
    for household in households:
        for sign, relatives in ((-1, before), (1, after)):
            for key, figures in _movements(household, relatives):
                found[key, "households"] += sign * figures.households
                found[key, "persons"] += sign * figures.persons
    keys = sorted({key for (key, _), count in found.items() if count})
    return {key: Figures(found[key, "households"], found[key, "persons"]) for key in keys}


def _current(household: UUID, relatives: Relatives) -> tuple[Household, Sequence[BitemporalPeriod[HouseholdSummary]]]:
    known = relatives(household)
    facts = with_ancestors(known, relatives)
    state, periods = project(facts, household if started_by_split(known) else None)
    return state, [p for p in periods if p.known_to == UNTIL_CHANGED]


def _without_times(period: BitemporalPeriod[HouseholdSummary]) -> tuple[HouseholdSummary, date, date]:
    return period.value, period.valid_from, period.valid_to


def _movements(household: UUID, relatives: Relatives) -> Iterator[tuple[LineKey, Figures]]:
    known, state = relatives(household), Household()
    last_death: tuple[LineKey, Figures] | None = None  # of the last member, which a cancellation of the day takes up
    for recorded in household_timeline(known, relatives):
        before, state = state, evolve_without_surveys(state, recorded)
        if recorded.stream != known[0].stream:
            continue  # an ancestor's
        fact, kind = recorded.fact, type(recorded.fact)
        moves = list(_of_fact(recorded, before, state))
        if last_death is not None:
            (year, _, _), figures = last_death
            if kind is HouseholdCancelled and fact.effective_on.year == year and moves:
                moves = [(key, Figures(f.households, f.persons - figures.persons)) for key, f in moves]
            else:
                yield last_death
            last_death = None
        if kind in (MemberDied, PersonsMerged) and before.in_stock and before.members and not state.members and moves:
            (last_death,) = moves
            continue
        yield from moves
    if last_death is not None:
        yield last_death


def _of_fact(recorded: Recorded, before: Household, after: Household) -> Iterator[tuple[LineKey, Figures]]:
    fact, kind = recorded.fact, type(recorded.fact)
    year = fact.effective_on.year
    if (entry := ENTRIES.get(kind)) is not None:
        if after.in_stock:
            yield (year, after.division, entry), Figures(1, after.persons)
    elif (departure := DEPARTURES.get(kind)) is not None:
        # Members of a household that was merged go on in another one.
        going_on = before.persons if getattr(fact, "reason", None) is CancelReason.MERGED else 0
        if before.in_stock:
            yield (year, before.division, departure), Figures(1, before.persons - going_on)
        if before.in_stock and going_on:
            yield (year, before.division, StatementLine.SIZE_CHANGE), Figures(0, -going_on)
    elif isinstance(fact, h.HouseholdFormed):
        if after.in_stock:
            yield (year, after.division, StatementLine.SIZE_CHANGE), Figures(1, after.persons)
    elif (lines := RELOCATIONS.get(kind)) is not None:
        if before.in_stock and before.division != after.division:
            yield (year, before.division, lines[0]), Figures(1, before.persons)
            yield (year, after.division, lines[1]), Figures(1, before.persons)
    elif before.in_stock and after.in_stock and before.persons != after.persons:
        yield (year, after.division, StatementLine.SIZE_CHANGE), Figures(0, after.persons - before.persons)


def as_mapping(facts: Mapping[UUID, Sequence[Recorded]], otherwise: Relatives) -> Relatives:
    """What is known of each household, where it differs from what is known otherwise."""
    return lambda household: facts[household] if household in facts else otherwise(household)
