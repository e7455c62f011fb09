"""Corrections of wrong entries, and reads of personal data."""

from datetime import date
from uuid import UUID

from contracts.registry.access import HouseholdRead, PersonalDataRead, Purpose
from lika.simulation.context import SimulationContext
from lika.simulation.event_buffer import REGISTRY
from lika.simulation.household_state import Household
from lika.simulation.schedule import Process
from lika.simulation.surveys import income_fact, preceding_twelve_months
from services.casework.purposes import access_stream

READ_FIELDS = (("name", "id_number"), ("phone",), ("account",), ("name", "id_number", "health"))
PURPOSES = {Purpose.VERIFICATION: 3, Purpose.CASE: 1}


def correct_income(
    context: SimulationContext, household: Household, wrong_fact: str, act: UUID, surveyed_on: date, day: date
) -> Process:
    """The income was another household's: it is annulled, and entered anew for the day of the survey."""
    yield from ()
    context.annul(household, day, wrong_fact, act, "收入误录为他户")
    corrected = context.cadre_entry(household, surveyed_on)
    period = preceding_twelve_months(surveyed_on)
    context.append_to_household(household, income_fact(context, household, corrected, period))


def read_personal_data(context: SimulationContext, household: Household, day: date) -> None:
    """The township's reviewer opens personal data to check an entry."""
    reader = f"reviewer-{household.division.township}"
    read = HouseholdRead(household_id=household.id, person_ids=tuple(household.members))
    fact = PersonalDataRead(
        effective_on=day, entered_by=reader, reader=reader, area=household.division.township,
        purpose=context.rng.weighted_choice(PURPOSES), households=(read,), fields=context.rng.choice(READ_FIELDS),
    )  # fmt: skip
    stream = access_stream(reader, day)
    version = context.access_log_versions[stream]
    context.access_log_versions[stream] = version + 1
    context.events.append(REGISTRY, stream, version, (fact,))
