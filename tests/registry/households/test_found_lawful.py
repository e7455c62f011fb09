"""A household whose facts were found lawful before the append lock was taken, as an import finds them."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from contracts.registry.divisions import DivisionDeclared, Level
from contracts.registry.households import HouseholdRecorded
from contracts.roles import Role
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.command_record import CommandRef
from services.chassis.log.store import Store
from services.chassis.log.unit import Unit
from services.chassis.security.actor import Actor
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.divisions.rules import NOT_YET_DECLARED
from services.registry.households import rules
from services.registry.households.domain import stream_of
from services.registry.households.memberships import IN_ANOTHER_HOUSEHOLD
from services.registry.households.recordings import record_handler
from tests.registry.households.example_facts import FAMILY, VILLAGE, person, recorded_household

CADRE = Actor("cadre-1", frozenset({Role.CADRE}), VILLAGE)


@pytest.fixture(scope="module")
def store(module_database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("registry", module_database("registry"), SimulatedClock(datetime(2018, 1, 1, tzinfo=UTC)))
    village = DivisionDeclared(
        effective_on=date(2010, 1, 1), entered_by="operator", code=VILLAGE, level=Level.VILLAGE, name="某村"
    )
    opened.transact(lambda tx: tx.append(division_stream(VILLAGE), village))
    yield opened
    opened.close()


def family(household: UUID, *people: UUID, on: str = "2014-01-10") -> HouseholdRecorded:
    ids = people or tuple(uuid4() for _ in FAMILY)
    members = [person(who, m.relation, m.birth_year) for who, m in zip(ids, FAMILY, strict=True)]
    return recorded_household(on, members, household)


def code_of(store: Store, fact: HouseholdRecorded, *, found_lawful: bool) -> str | None:
    """By which it is refused."""
    work = record_handler(fact, CADRE, {}, (), found_lawful=found_lawful)
    command = CommandRef.of("cadre-1", "POST", str(uuid4()), b"")
    return store.submit(Unit(command, work, (stream_of(fact.household_id),))).result().code


def test_it_is_judged_again_where_the_household_was_recorded_meanwhile(store: Store) -> None:
    household = uuid4()
    assert code_of(store, family(household), found_lawful=True) is None
    assert code_of(store, family(household), found_lawful=True) == rules.ALREADY_RECORDED.code


def test_what_others_did_meanwhile_is_asked_all_the_same(store: Store) -> None:
    people = tuple(uuid4() for _ in FAMILY)
    assert code_of(store, family(uuid4(), *people), found_lawful=True) is None
    assert code_of(store, family(uuid4(), *people), found_lawful=True) == IN_ANOTHER_HOUSEHOLD.code
    assert code_of(store, family(uuid4(), on="2009-12-31"), found_lawful=True) == NOT_YET_DECLARED.code


def test_whoever_did_not_find_it_so_has_it_judged(store: Store) -> None:
    headless = recorded_household("2014-01-10", [m for m in FAMILY if m.relation != "head"], uuid4())
    assert code_of(store, headless, found_lawful=False) == rules.NO_HEAD.code
