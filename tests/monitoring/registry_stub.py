"""A stub registry that has only a log: tests append facts to it as the real one would have recorded them."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import FastAPI

from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Member, Relation, Sex
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, Standard
from services.chassis.environment import Environment
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from tests.support.access import NO_ROUTES
from tests.support.running import Lika

VILLAGE = "990001101201"
NAME: Personal[str] = Personal.sealed("A256GCM.1.AAAA")


def registry_stub(environment: Environment) -> tuple[Service, FastAPI]:
    service = Service("registry", "registry", environment, open_store("registry", environment), access=NO_ROUTES)
    return service, service.app()


def household_id(number: int) -> UUID:
    return uuid5(NAMESPACE_OID, f"household {number}")


def person(household: int, number: int) -> Member:
    return Member(
        person_id=uuid5(NAMESPACE_OID, f"person {household} {number}"),
        name=NAME,
        sex=Sex.FEMALE,
        birth_year=1980,
        relation=Relation.HEAD if number == 1 else Relation.OTHER,
    )


def household_recorded(number: int, persons: int, division: str = VILLAGE) -> HouseholdRecorded:
    return HouseholdRecorded(
        household_id=household_id(number),
        effective_on=date(2014, 5, 1),
        entered_by="cadre",
        division=division,
        members=tuple(person(number, n) for n in range(1, persons + 1)),
    )


def enrolled(number: int) -> HouseholdEnrolled:
    return HouseholdEnrolled(
        household_id=household_id(number),
        effective_on=date(2014, 6, 1),
        entered_by="decider",
        standard=Standard.NATIONAL,
    )


def exited(number: int, day: date) -> HouseholdExited:
    return HouseholdExited(
        household_id=household_id(number), effective_on=day, entered_by="decider", enjoys_policies=True
    )


def exited_household(number: int, persons: int, day: date, division: str = VILLAGE) -> Iterator[HouseholdFact]:
    """Facts of one household, from its recording to its exit."""
    yield household_recorded(number, persons, division)
    yield enrolled(number)
    yield exited(number, day)


def record_facts(running: Lika, facts: Sequence[HouseholdFact]) -> list[str]:
    """Append facts to the registry's log; later reads of monitoring wait for them. Their ids."""
    store = running.services["registry"].store
    ids = store.transact(lambda tx: [tx.append(f"household-{f.household_id}", f)[0] for f in facts])
    running.positions["registry"] = store.head().position
    return ids
