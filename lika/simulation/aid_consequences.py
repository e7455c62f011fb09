"""Consequences for pupils' aid of what the register learns. Each function appends, at once, what
``services.assistance.entitlements.derived_facts`` would conclude from the whole history (a test compares the two)."""

from datetime import date
from typing import Any

from contracts.assistance.entitlements import (
    EntitlementAnnulment,
    EntitlementContinued,
    EntitlementEndedAtStageChange,
    EntitlementFactsAnnulled,
    EntitlementStopped,
    EntitlementTransferred,
    OverpaidLine,
    OverpaidReviewOpened,
    StopReason,
)
from contracts.facts import HouseholdFact
from contracts.registry.codes import SchoolStage
from lika.simulation.aid_state import AidRecord
from lika.simulation.context import SYSTEM_ACCOUNT, SimulationContext
from lika.simulation.household_state import Household
from lika.simulation.people import Person
from lika.simulation.regulations import EDUCATION_AID
from services.assistance.entitlements.reckoning import periods_of
from services.casework.calendars.periods import Period


def of_exit(context: SimulationContext, household: Household, day: date, cause: str) -> None:
    """Aid goes on within the same school stage (M119)."""
    for person in household.members.values():
        for aid in _active_aid(person, day):
            common = _consequence_fields(context, household, aid, day, cause)
            _append(context, aid, EntitlementContinued(**common, stage=aid.stage))


def of_stage_change(
    context: SimulationContext, household: Household, person: Person, day: date, stage: SchoolStage, cause: str
) -> None:
    """The stage for which aid was granted is over."""
    for aid in _active_aid(person, day):
        common = _consequence_fields(context, household, aid, day, cause)
        _append(context, aid, EntitlementEndedAtStageChange(**common, from_stage=aid.stage, to_stage=stage))
        aid.ended_on = day


def of_boarding_end(context: SimulationContext, household: Household, person: Person, day: date, cause: str) -> None:
    """Aid stops where the stage's standard is for boarders only."""
    for aid in _active_aid(person, day):
        standard = context.regulations.aid_standard(aid.stage, day)
        if standard is not None and standard.boarders_only:
            _stop(context, household, aid, day, cause, StopReason.NO_LONGER_BOARDER)


def of_departure(
    context: SimulationContext, household: Household, person: Person, day: date, cause: str, reason: StopReason
) -> None:
    """The pupil died or left, or the household ended."""
    for aid in _active_aid(person, day):
        _stop(context, household, aid, day, cause, reason)


def of_transfer(
    context: SimulationContext, household: Household, person: Person, day: date, cause: str, *, origin: Household,
    former: str,
) -> None:  # fmt: skip
    """The pupil lives in ``household`` now, and lived in ``origin`` and the division ``former`` before; aid is
    transferred (M123)."""
    for aid in _active_aid(person, day):
        common = _consequence_fields(context, household, aid, day, cause)
        fact = EntitlementTransferred(
            **common, from_household_id=origin.id, from_division=former, to_division=household.division.code
        )
        _append(context, aid, fact)


def of_removal(context: SimulationContext, household: Household, day: date, cause: str) -> None:
    """The household never qualified: aid granted while the pupil lived here stops on the day of its grant, and what was
    concluded since is annulled."""
    for person in dict.fromkeys(aid.person for aid in household.granted_aid):
        granted = [aid for aid in household.granted_aid if aid.person == person and aid.granted_on is not None]
        overtaken = [entry for aid in granted for entry in aid.consequences if entry[0] >= (aid.granted_on or day)]
        if overtaken:
            annulment = EntitlementFactsAnnulled(
                household_id=household.id, unit_id=person, effective_on=min(day for day, _ in overtaken),
                entered_by=SYSTEM_ACCOUNT, caused_by=cause, decided_from=context.assistance_basis(EDUCATION_AID),
                annuls=tuple(fact_id for _, fact_id in sorted(overtaken)), reason=EntitlementAnnulment.OVERTAKEN,
            )  # fmt: skip
            context.append_to_aid(granted[0].stream, annulment)
        for aid in granted:
            assert aid.granted_on is not None
            assumed_end, aid.ended_on = aid.ended_on, None
            _stop(context, household, aid, aid.granted_on, cause, StopReason.HOUSEHOLD_REMOVED, assumed_end)


def _active_aid(person: Person, day: date) -> list[AidRecord]:
    """Granted by that day, and not yet over at its end."""
    return [aid for aid in person.aids if aid.is_active_on(day)]


def _stop(
    context: SimulationContext, household: Household, aid: AidRecord, day: date, cause: str, reason: StopReason,
    assumed_end: date | None = None,
) -> None:  # fmt: skip
    """The aid ends; what was due for later periods, up to ``assumed_end`` where there is one, goes to review."""
    new: list[HouseholdFact] = [
        EntitlementStopped(**_consequence_fields(context, household, aid, day, cause), reason=reason)
    ]
    rightful, assumed = (_periods(context, aid, household, until) for until in (day, assumed_end))
    lines = tuple(
        OverpaidLine(component=aid.component, first=period.start, last=period.end, amount=aid.amount)
        for period in assumed
        if period not in rightful
    )
    aid.ended_on = day
    if lines:
        common = _consequence_fields(context, household, aid, max(day, context.recorded_on), cause)
        new.append(OverpaidReviewOpened(**common, lines=lines, amount=aid.amount * len(lines)))
    _append(context, aid, *new)


def _periods(context: SimulationContext, aid: AidRecord, household: Household, until: date | None) -> list[Period]:
    """For which it has fallen due by today, had it run until that day."""
    regulations = context.regulations
    assert aid.granted_on is not None
    return list(
        periods_of(
            aid.period, aid.granted_on, until, context.recorded_on, regulations.school_year_month, household.division.code,
            regulations.calendars,
        )
    )  # fmt: skip


def _consequence_fields(
    context: SimulationContext, household: Household, aid: AidRecord, day: date, cause: str
) -> dict[str, Any]:
    """The common fields of what assistance concludes from the register."""
    return {
        "household_id": household.id,
        "unit_id": aid.person,
        "programme": EDUCATION_AID,
        "case_id": aid.case_id,
        "effective_on": day,
        "entered_by": SYSTEM_ACCOUNT,
        "caused_by": cause,
        "decided_from": context.assistance_basis(EDUCATION_AID),
    }


def _append(context: SimulationContext, aid: AidRecord, *facts: HouseholdFact) -> None:
    first = context.append_to_aid(aid.stream, *facts)
    for version, fact in enumerate(facts, start=first):
        aid.consequences.append((fact.effective_on, aid.stream.fact_id(version)))
