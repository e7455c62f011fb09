"""What is reported of a household's wages: of whoever lived there when they were earned. It is income once a survey of the household
says so, and stands on the sheet of its next visit until then."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from contracts.consequences import WAGES_REPORTED, ConsequenceEffect, ConsequenceLine
from contracts.facts import Recorded
from contracts.selection import timeline
from services.assistance.employment.domain import stream_of
from services.assistance.employment.work import next_month, work_of
from services.casework.people.domain import person_on
from services.casework.people.queries import facts_about_persons, persons_of
from services.chassis.following.foresight import Lines, details
from services.chassis.log.unit import Tx

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EarnedMonth:
    """``month``: its first day; ``yuan``: in all posts of the month."""

    household_id: UUID
    person_id: UUID
    month: date
    yuan: Decimal


def earned_months(
    tx: Tx, households: Sequence[UUID], day: date, known_at: datetime | None = None
) -> Iterator[EarnedMonth]:
    """Of months that had begun by the day, as known before the instant: each counts for the household in which the person lived then,
    however late somebody moved in, left or died is told."""
    persons = persons_of(tx.cur, households)
    streams = tx.load_many(map(stream_of, persons))
    earners = [person for person in persons if streams[stream_of(person)]]
    about = facts_about_persons(tx.cur, earners) if earners else {}
    asked = set(households)
    for person in earners:
        work = work_of(timeline(streams[stream_of(person)], known_at=known_at))
        earned: defaultdict[date, Decimal] = defaultdict(Decimal)
        for placement in work.placements.values():
            for month, yuan in placement.wages.items():
                earned[month] += yuan
        for month, yuan in sorted((month, yuan) for month, yuan in earned.items() if month <= day):
            home = _home(about[person], person, month, known_at)
            if home in asked and home is not None:
                yield EarnedMonth(home, person, month, yuan)


def _home(about: Sequence[Recorded], person: UUID, month: date, known_at: datetime | None) -> UUID | None:
    """Where the person lived at the end of that month; of who died or left in it, at its beginning."""
    days = (next_month(month) - ONE_DAY, month)
    homes = (person_on(about, person, as_of=day, known_at=known_at).household_id for day in days)
    return next((home for home in homes if home is not None), None)


class ReportedWages:
    """Implements ``Standing``: a line for each household and year."""

    def lines(self, tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Lines:
        of_year: defaultdict[tuple[UUID, int], list[EarnedMonth]] = defaultdict(list)
        for each in earned_months(tx, households, tx.today):
            of_year[each.household_id, each.month.year].append(each)
        return dict(_lines(tx.log, effect, of_year))


def _lines(
    service: str, effect: ConsequenceEffect, of_year: dict[tuple[UUID, int], list[EarnedMonth]]
) -> Iterator[tuple[Hashable, ConsequenceLine]]:
    for (household, year), months in of_year.items():
        persons, earned = {each.person_id for each in months}, sum((each.yuan for each in months), Decimal(0))
        yield (
            (WAGES_REPORTED, household, year),
            ConsequenceLine(
                service=service, effect=effect, what=WAGES_REPORTED, zh="所报务工收入，待入户核实",
                en="wages reported, for the survey to confirm", on=max(each.month for each in months),
                household_id=household,
                details=details(year=year, persons=len(persons), months=len(months), earned=earned),
            ),
        )  # fmt: skip
