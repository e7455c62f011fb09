"""Where assistance's subjects are: the persons and households of the register, by id."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

SELECT_AREAS = """
SELECT household_id, division FROM households WHERE household_id = ANY(%(subjects)s)
UNION SELECT person_id, division FROM members JOIN households USING (household_id)
    WHERE present AND person_id = ANY(%(subjects)s)
UNION SELECT person_id, division FROM aid_cases WHERE open AND person_id = ANY(%(subjects)s)
"""
"""A pupil is where they live, and where an application for them is open."""


def areas(conn: "Connection[tuple[Any, ...]]", subjects: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Subject → division codes; those that nobody knows are left out."""
    found: dict[UUID, set[str]] = {}
    for subject, division in conn.execute(SELECT_AREAS, {"subjects": list(subjects)}):
        found.setdefault(subject, set()).add(division)
    return found
