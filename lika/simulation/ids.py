"""Ids of a simulation: from the plan and a count, never from random numbers or a clock."""

from hashlib import blake2b
from uuid import UUID


def deterministic_id(plan: str, kind: str, first: int, second: int = 0) -> UUID:
    """The id of an entity: of this kind, with these indices, in the plan of this digest."""
    digest = blake2b(f"{plan}/{kind}/{first}/{second}".encode(), digest_size=16).digest()
    return UUID(bytes=digest, version=5)


def person_id(plan: str, household_index: int, number: int) -> UUID:
    return deterministic_id(plan, "person", household_index, number)


def household_id(plan: str, household_index: int) -> UUID:
    return deterministic_id(plan, "household", household_index)


def case_id(plan: str, household_index: int, number: int) -> UUID:
    return deterministic_id(plan, "case", household_index, number)


def target_id(plan: str, township_index: int, number: int) -> UUID:
    return deterministic_id(plan, "target", township_index, number)


def workbook_id(plan: str, village_index: int, month: int) -> UUID:
    return deterministic_id(plan, "workbook", village_index, month)
