"""When two entries are the same work, and who holds it: as planned, or as done (source facts §5 rule 57)."""

import hashlib

from contracts.quantities import Unit
from services.casework.normalized_texts import normalized

PLANNED_WORK_CLAIM, DONE_WORK_CLAIM = "work_planned", "work_done"
"""Kinds of claims: which project planned a work first, and under which target or project it was done last."""


def work_key(division: str, content: str, place: str, unit: Unit) -> str:
    """Equal for the same work: division, content, place and unit."""
    return normalized((division, content, place, unit))


def digest(key: str) -> tuple[tuple[int, bytes], ...]:
    """Nothing personal is in a work: the digest needs no key and has number 0."""
    return ((0, hashlib.sha256(key.encode()).digest()),)
