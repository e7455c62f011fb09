"""What follows for pupils' aid from what the register learns: what ``services.assistance.aid.derived_facts`` would
conclude from the whole history, said in the moment in which it becomes so (a test holds the two together)."""

from datetime import date
from typing import Any

from contracts.assistance.aid import (
    AidAnnulment,
    AidContinuedAfterExit,
    AidEndedAtStageChange,
    AidFactsAnnulled,
    AidStopped,
    AidTransferred,
    PaidAidReviewOpened,
    StopReason,
)
from contracts.facts import Fact
from contracts.registry.households import SchoolStage
from lika.simulation.aid_state import Aid
from lika.simulation.context import LIKA, World
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.household_state import Home
from lika.simulation.people import Person
from services.assistance.aid.school_years import amount_due, years_due


def exited(world: World, home: Home, day: date, cause: str) -> None:
    """Aid goes on within the same school stage (M119)."""
    for person in home.members.values():
        for aid in _running(person, day):
            following = _following(world, home, aid, day, cause)
            _put(world, aid, AidContinuedAfterExit(**following, stage=aid.stage))


def stage_changed(world: World, home: Home, person: Person, day: date, stage: SchoolStage, cause: str) -> None:
    """The stage for which aid was granted is over."""
    for aid in _running(person, day):
        following = _following(world, home, aid, day, cause)
        _put(world, aid, AidEndedAtStageChange(**following, from_stage=aid.stage, to_stage=stage))
        aid.until = day


def no_longer_boards(world: World, home: Home, person: Person, day: date, cause: str) -> None:
    """Of account where the stage's standard is for boarders only."""
    for aid in _running(person, day):
        law = world.law.standard(aid.stage, day)
        if law is not None and law.boarders_only:
            _stop(world, home, aid, day, cause, StopReason.NO_LONGER_BOARDER)


def gone(world: World, home: Home, person: Person, day: date, cause: str, reason: StopReason) -> None:
    """The pupil died or left, or the household ended."""
    for aid in _running(person, day):
        _stop(world, home, aid, day, cause, reason)


def transferred(
    world: World, home: Home, person: Person, day: date, cause: str, *, origin: Home, former: str
) -> None:  # fmt: skip
    """The pupil lives elsewhere: ``home`` now, ``origin`` and the division ``former`` before (M123: aid goes along)."""
    for aid in person.aids:
        if aid.open or aid.runs_on(day):
            fact = AidTransferred(
                **_following(world, home, aid, day, cause), from_household_id=origin.id, from_division=former,
                to_division=home.place.code,
            )  # fmt: skip
            _put(world, aid, fact)


def removed(world: World, home: Home, day: date, cause: str) -> None:
    """Never qualified: aid granted while living here stops on the day of its grant, whatever was concluded since."""
    for person in dict.fromkeys(aid.person for aid in home.aided):
        granted = [aid for aid in home.aided if aid.person == person and aid.granted_on is not None]
        void = [entry for aid in granted for entry in aid.standing if entry[0] >= (aid.granted_on or day)]
        if void:
            annulment = AidFactsAnnulled(
                household_id=home.id, person_id=person, effective_on=min(day for day, _ in void), entered_by=LIKA,
                caused_by=cause, decided_from=world.book.known(world.law.assistance.digest),
                annuls=tuple(fact_id for _, fact_id in sorted(void)), reason=AidAnnulment.OVERTAKEN,
            )  # fmt: skip
            _put(world, granted[0], annulment, standing=False)
        for aid in granted:
            assert aid.granted_on is not None
            believed, aid.until = aid.until, None
            _stop(world, home, aid, aid.granted_on, cause, StopReason.HOUSEHOLD_REMOVED, believed)


def _running(person: Person, day: date) -> list[Aid]:
    """Granted by that day, and not yet over at its end."""
    return [aid for aid in person.aids if aid.runs_on(day)]


def _stop(
    world: World, home: Home, aid: Aid, day: date, cause: str, reason: StopReason, believed: date | None = None
) -> None:
    """The aid ends, and what was due for later school years as long as it was ``believed`` goes to review."""
    told: list[Fact] = [AidStopped(**_following(world, home, aid, day, cause), reason=reason)]
    learned_on, month = world.recorded_on, world.law.school_year_month
    assert aid.granted_on is not None
    rightful = years_due(aid.granted_on, day, learned_on, month)
    years = tuple(y for y in years_due(aid.granted_on, believed, learned_on, month) if y not in rightful)
    aid.until = day
    if years:
        told.append(
            PaidAidReviewOpened(
                **_following(world, home, aid, max(day, learned_on), cause), school_years=years,
                amount=amount_due(years, aid.amount),
            )
        )  # fmt: skip
    _put(world, aid, *told)


def _following(world: World, home: Home, aid: Aid, day: date, cause: str) -> dict[str, Any]:
    return {
        "household_id": home.id,
        "person_id": aid.person,
        "application_no": aid.number,
        "effective_on": day,
        "entered_by": LIKA,
        "caused_by": cause,
        "decided_from": world.book.known(world.law.assistance.digest),
    }


def _put(world: World, aid: Aid, *told: Fact, standing: bool = True) -> None:
    before = aid.stream.version
    aid.stream.version = before + len(told)
    world.book.put(ASSISTANCE, aid.stream.name, before, told)
    if standing:
        for number, fact in enumerate(told, start=before + 1):
            aid.standing.append((fact.effective_on, f"{ASSISTANCE}/{aid.stream.name}/{number}"))
