"""The first record of a household, with its first surveys, out of its village's workbook."""

from datetime import date
from decimal import Decimal

from contracts.facts import Evidence
from contracts.personal import Personal
from contracts.registry import households as facts
from contracts.registry.intake import WorkbookImported
from contracts.registry.poverty_status import PovertyStatus
from lika.fiction.families import draw_family
from lika.fiction.poverty import poverty_attribute, poverty_causes
from lika.simulation import memberships, rates
from lika.simulation.context import SimulationContext
from lika.simulation.divisions import HOUSEHOLDS_PER_VILLAGE
from lika.simulation.documents import on_paper
from lika.simulation.event_buffer import REGISTRY, ClaimChange
from lika.simulation.household_state import Household
from lika.simulation.ids import household_id, workbook_id
from lika.simulation.people import PersonNumbers, create_members
from lika.simulation.randomness import SeededRandom
from lika.simulation.surveys import conditions_fact, income_fact, phone_number, tenths
from services.registry.households.claims import HOUSEHOLD_NO, RESIDENT_ID


def new_household(context: SimulationContext, index: int) -> Household:
    """The household of this index, without members and facts."""
    village = context.province.village_of(index)
    national_no = f"{village.code}{index % HOUSEHOLDS_PER_VILLAGE + 1:04}"
    numbers = PersonNumbers(context.digest, index, national_no, village.county)
    return Household(index, household_id(context.digest, index), national_no, village, numbers)


def record_household(context: SimulationContext, household: Household, day: date) -> None:
    """The first facts of a household: itself, its income of last year and its conditions."""
    rng = context.rng
    profiles = draw_family(rng.weighted_choice(rates.SIZE_WEIGHTS), rng)
    people = list(create_members(household.numbers, profiles, day, rng))
    household.members = {person.id: person for person in people}
    household.attribute = poverty_attribute(people, rng)
    household.main_cause, *others = poverty_causes(people, rng)
    household.other_causes = tuple(others)
    household.income_ratio = 0.5 + 0.45 * rng.random()
    household.arable_tenths = rng.randint(5, 12 + 9 * len(people))
    common = context.cadre_entry(household, day, evidence=(_enter_in_workbook(context, household),))
    recorded = facts.HouseholdRecorded(
        **common,
        national_no=household.national_no,
        division=household.division.code,
        address=Personal(f"{household.division.name}{1 + rng.randbelow(12)}组"),
        phone=Personal(phone_number(rng)),
        account=Personal(_account_number(rng)),
        attribute=household.attribute,
        main_cause=household.main_cause,
        other_causes=household.other_causes,
        arable_mu=tenths(household.arable_tenths),
        forest_mu=tenths(rng.randint(0, 80)),
        housing_m2=Decimal(rng.randint(30, 60 + 15 * len(people))),
        members=tuple(person.as_member() for person in people),
    )
    last_year = date(day.year - 1, 1, 1), date(day.year - 1, 12, 31)
    income = income_fact(context, household, common, last_year)
    conditions = conditions_fact(context, household, common)
    claims = (
        *(ClaimChange(RESIDENT_ID, person.id_number, person.id) for person in people),
        ClaimChange(HOUSEHOLD_NO, household.national_no, household.id),
    )
    members = tuple(memberships.begin(household, person, day) for person in people)
    context.append_to_household(household, recorded, income, conditions, claims=claims, memberships=members)
    household.status = PovertyStatus.CANDIDATE
    for person in people:
        person.last_named_on = day


def append_workbook_imports(context: SimulationContext) -> None:
    """At the end of a month: one import for each village that recorded households."""
    for village, (households, members) in sorted(context.workbooks.items(), key=lambda item: item[0].index):
        batch = workbook_id(context.digest, village.index, context.month)
        fact = WorkbookImported(
            effective_on=context.recorded_on, entered_by=f"cadre-{village.code}",
            evidence=(on_paper("workbook"),), batch_id=batch, division=village.code,
            households_seen=households, members_seen=members, recorded=households, updated=0, unchanged=0, refused=0,
        )  # fmt: skip
        context.events.append(REGISTRY, f"intake-{batch}", 0, (fact,))


def _account_number(rng: SeededRandom) -> str:
    """No bank's card begins with 99."""
    return f"990000{rng.randbelow(10**13):013}"


def _enter_in_workbook(context: SimulationContext, household: Household) -> Evidence:
    """The village's workbook of the month, which lists this household from now on."""
    counts = context.workbooks.setdefault(household.division, [0, 0])
    counts[0] += 1
    counts[1] += len(household.members)
    return on_paper("workbook")
