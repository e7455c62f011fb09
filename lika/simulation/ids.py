"""Ids of a simulation: from the plan and a count, never from rng or from a clock."""

from hashlib import blake2b
from uuid import UUID


def made(plan: str, kind: str, first: int, second: int = 0) -> UUID:
    """An id of its own for each kind and pair of counts of a plan (its digest)."""
    digest = blake2b(f"{plan}/{kind}/{first}/{second}".encode(), digest_size=16).digest()
    return UUID(bytes=digest, version=5)


def person_id(plan: str, household: int, number: int) -> UUID:
    return made(plan, "person", household, number)


def household_id(plan: str, household: int) -> UUID:
    return made(plan, "household", household)


def case_id(plan: str, household: int, number: int) -> UUID:
    return made(plan, "case", household, number)


def target_id(plan: str, township: int, number: int) -> UUID:
    return made(plan, "target", township, number)


def batch_id(plan: str, village: int, month: int) -> UUID:
    return made(plan, "workbook", village, month)
