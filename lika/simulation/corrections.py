"""What is put right later, and who looked."""

from datetime import date

from contracts.personal import Personal
from contracts.registry.access import PersonalDataRead, Purpose
from contracts.registry.households import FactsAnnulled
from lika.simulation.context import World, about
from lika.simulation.event_buffer import REGISTRY
from lika.simulation.household_state import Home, Process
from lika.simulation.surveys import income, year_before
from services.registry.disclosures.domain import stream_of

FIELDS = (("name", "id_number"), ("phone",), ("account",), ("name", "id_number", "health"))


def income_corrected(world: World, home: Home, wrong: str, surveyed_on: date, day: date) -> Process:
    """The income was another household's: annulled, and entered anew for the day of the survey."""
    yield from ()
    by = f"cadre-{home.place.code}"
    common = about(home, day, by, decided_from=world.book.known(), annuls=(wrong,))
    world.register(home, (FactsAnnulled(**common, reason=Personal("收入误录为他户")),))
    late = about(home, surveyed_on, by, decided_from=world.book.known())
    world.register(home, (income(world, home, late, year_before(surveyed_on)),))


def read(world: World, home: Home, day: date) -> None:
    """The township's reviewer opens personal data to check an entry."""
    reader = f"reviewer-{home.place.township}"
    fact = PersonalDataRead(
        **about(home, day, reader), reader=reader, purpose=world.chance.weighted({Purpose.VERIFICATION: 3, Purpose.CASE: 1}),
        person_ids=tuple(home.members), fields=world.chance.one_of(FIELDS),
    )  # fmt: skip
    before = world.readings[reader]
    world.readings[reader] = before + 1
    world.book.put(REGISTRY, stream_of(reader), before, (fact,))
