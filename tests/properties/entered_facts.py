"""The facts that a true act is entered as."""

from typing import Any
from uuid import UUID

from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry.codes import PovertyCause
from contracts.registry.members import Member, Relation, Sex
from contracts.registry.poverty_status import (
    HouseholdEnrolled,
    HouseholdExited,
    HouseholdRemoved,
    HouseholdReturned,
    Standard,
)
from tests.properties.true_households import FIRST_BIRTH_YEAR, Act, Kind

SEALED: Personal[str] = Personal.sealed("A256GCM.1.c2VhbGVk")


def fields_of(act: Act, household: UUID) -> dict[str, Any]:
    return {"household_id": household, "effective_on": act.day, "precision": act.precision, "entered_by": "cadre"}


def status_fact(kind: Kind, on: dict[str, Any]) -> HouseholdFact:
    match kind:
        case Kind.ENROL:
            return HouseholdEnrolled(**on, standard=Standard.NATIONAL)
        case Kind.EXIT:
            return HouseholdExited(**on, enjoys_policies=True)
        case Kind.RETURN:
            return HouseholdReturned(**on, cause=PovertyCause.ILLNESS, former_exit="registry/x/1")
        case _:
            return HouseholdRemoved(**on, reason="never_qualified")


def member(person: UUID, relation: Relation = Relation.OTHER, born: int = FIRST_BIRTH_YEAR) -> Member:
    return Member(person_id=person, name=SEALED, sex=Sex.FEMALE, birth_year=born, relation=relation)
