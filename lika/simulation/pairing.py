"""Pairing of helpers with households: assigned within the duty's days or late, handed over every few years, sometimes
released without a successor."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from contracts.assistance.pairing import EndReason, PairingEnded
from contracts.assistance.pairs import FOLLOWING, HouseholdPairFormed, PairEnded, PairEndReason
from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.casework.records import SubjectKind
from lika.simulation import rates
from lika.simulation.context import SYSTEM_ACCOUNT, TIMER_ACCOUNT, SimulationContext, common_fields
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.household_state import HelperDuty, Household
from lika.simulation.regulations import DUTY, DUTY_SET, HELPER_KIND
from lika.simulation.schedule import Process
from services.assistance.pairs.register_duties import IN_REGISTER

UNITS: Sequence[str] = (
    "县农业农村局",
    "县教育局",
    "县水利局",
    "县供电公司",
    "乡政府",
    "县中学",
    "县卫生院",
    "县烟草公司",
)
HELPERS_PER_VILLAGE = 12
"""One helper has several households (source facts §5 rule 42)."""
MISSED_DUTY_RATE, NO_SUCCESSOR_RATE = 0.03, 0.06
"""Of duties, those for which no helper is assigned in time; of helpers who leave, those without a successor."""
LEAVING_REASONS = (PairEndReason.HELPER_LEFT, PairEndReason.HELPER_LEFT, PairEndReason.OTHER)


def require_helper(context: SimulationContext, household: Household, cause: str) -> None:
    """The household is in the register from now on: if it has no helper, one must be assigned (M052)."""
    if household.helper is None:
        _owe_helper(context, household, household.since, cause)


def end(context: SimulationContext, household: Household, cause: str, reason: EndReason) -> None:
    """On the day on which the reason is learned."""
    if household.helper is not None:
        common = _consequence_fields(context, household, context.recorded_on, cause)
        context.append_to_pairing(household, PairingEnded(**common, reason=reason))
    household.helper = household.pair = household.helper_duty = None
    # What was missed since the day on which the household turns out to have left was not owed.
    if void := tuple(miss for miss, last in household.missed_duties if household.since <= last):
        annulled = DutyMissesAnnulled(
            effective_on=household.since, entered_by=SYSTEM_ACCOUNT, caused_by=cause, subject=household.id,
            household_id=household.id, annuls=void,
        )  # fmt: skip
        context.append_to_duties(household, annulled)


def keep_helper(context: SimulationContext, household: Household, origin: Household, day: date, cause: str) -> None:
    """A household that split off keeps the helper of the one it came from."""
    if origin.helper is None or origin.helper_since > day:
        if household.in_stock:
            _owe_helper(context, household, day, cause)
        return
    basis = context.events.decided_from(documents=(context.regulations.helper_kind.id,))
    common = common_fields(household, day, SYSTEM_ACCOUNT, caused_by=cause, decided_from=basis)
    _pair(context, household, common, origin.helper, origin.helper_unit)
    handover_on = context.rng.day_after(context.recorded_on, *rates.HANDOVER_DAYS)
    household.schedule.add(_handovers(context, household, handover_on), handover_on)


def _owe_helper(context: SimulationContext, household: Household, since: date, cause: str) -> None:
    """Counted from the day on which the enrolment is learned."""
    days = context.regulations.helper_duty.within_days
    household.helper_duty = HelperDuty(cause, since, context.recorded_on + timedelta(days))
    due_on = household.helper_duty.due_on
    if context.rng.random() < MISSED_DUTY_RATE:
        household.schedule.add(_miss_duty(context, household, household.helper_duty), due_on + timedelta(1))
    else:
        assigned_on = context.rng.day_after(context.recorded_on, 1, days)
        household.schedule.add(_assign(context, household, assigned_on), assigned_on)


def _assign(context: SimulationContext, household: Household, day: date) -> Process:
    """A helper is assigned, until the first handover."""
    yield from ()
    if household.helper is not None:
        return
    household.helper_duty = None
    _pair(context, household, common_fields(household, day, household.cadre), *_draw_helper(context, household))
    handover_on = context.rng.day_after(day, *rates.HANDOVER_DAYS)
    household.schedule.add(_handovers(context, household, handover_on), handover_on)


def _miss_duty(context: SimulationContext, household: Household, duty: HelperDuty) -> Process:
    yield from ()
    if household.helper_duty is not duty:
        return
    if household.in_stock or household.since > duty.due_on:
        document = context.regulations.helper_duty.document
        missed = DutyMissed(
            effective_on=duty.due_on + timedelta(1), entered_by=TIMER_ACCOUNT, caused_by=duty.cause,
            decided_from=context.events.decided_from(ASSISTANCE, documents=(document,)), subject=household.id,
            household_id=household.id, duty_set=DUTY_SET, duty=DUTY, obligation=IN_REGISTER, document=document,
            first=duty.since, last=duty.due_on,
        )  # fmt: skip
        household.missed_duties.append((context.append_to_duties(household, missed), duty.due_on))
    late = context.rng.day_after(duty.due_on, 5, 90)
    household.schedule.add(_assign(context, household, late), late)


def _handovers(context: SimulationContext, household: Household, day: date) -> Process:
    """From one helper to the next, until a helper leaves without a successor."""
    while household.helper is not None:
        former = household.helper
        if household.look_back_on is not None and day >= household.look_back_on.replace(day=1):
            # No change of helper is entered for a household that is about to be found never to have qualified.
            day += timedelta(60)
            yield day
            continue
        if context.rng.random() < NO_SUCCESSOR_RATE:
            _release(context, household, day)
            return
        helper, unit = _draw_helper(context, household)
        if helper != former:
            common = common_fields(household, day, household.cadre)
            _pair(context, household, common, helper, unit, took_over_from=former)
        day = context.rng.day_after(day, *rates.HANDOVER_DAYS)
        yield day


def _release(context: SimulationContext, household: Household, day: date) -> None:
    """Without a successor: a new duty is set where the household is in the register."""
    reason = context.rng.choice(LEAVING_REASONS)
    cause = context.append_to_pairing(
        household, _left(household, common_fields(household, day, household.cadre), reason)
    )
    household.helper = household.pair = None
    if household.in_stock:
        _owe_helper(context, household, day, cause)
    else:
        later = context.rng.day_after(day, 20, 200)
        household.schedule.add(_assign(context, household, later), later)


def _pair(
    context: SimulationContext, household: Household, common: Mapping[str, Any], helper: str, unit: str,
    took_over_from: str | None = None,
) -> None:  # fmt: skip
    """From now on this is the household's helper; ``took_over_from``: whose pair with it ends by that."""
    formed = HouseholdPairFormed(
        **common, subject=household.id, kind=HELPER_KIND, edition=context.regulations.helper_kind.fact.edition,
        about=SubjectKind.HOUSEHOLD, helper=helper, unit=unit, took_over_from=took_over_from,
    )  # fmt: skip
    former = [] if took_over_from is None else [_left(household, common, PairEndReason.HANDED_OVER)]
    context.append_to_pairing(household, *former, formed)
    household.pair = household.pairing_version + FOLLOWING
    household.helper, household.helper_unit, household.helper_since = helper, unit, common["effective_on"]


def _left(household: Household, common: Mapping[str, Any], reason: PairEndReason) -> PairEnded:
    assert household.pair is not None
    of_household = {name: value for name, value in common.items() if name != "household_id"}
    return PairEnded(**of_household, subject=household.id, pair=household.pair, reason=reason)


def _draw_helper(context: SimulationContext, household: Household) -> tuple[str, str]:
    """Account and unit."""
    number = context.rng.randbelow(HELPERS_PER_VILLAGE)
    unit = UNITS[(household.division.index + number) % len(UNITS)]
    return context.helper_account(household.division, number), unit


def _consequence_fields(context: SimulationContext, household: Household, day: date, cause: str) -> dict[str, Any]:
    """The common fields of what assistance concludes from the register."""
    basis = context.assistance_basis("pairing")
    return common_fields(household, day, SYSTEM_ACCOUNT, caused_by=cause, decided_from=basis)
