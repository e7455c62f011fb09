"""Where the registry's subjects are: households, persons, cases and imports, by id."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

SELECT_AREAS = """
WITH asked AS (SELECT unnest(%s::uuid[]) AS subject),
lives AS (
    SELECT DISTINCT ON (p.subject) p.subject, p.holder FROM exclusive_periods AS p JOIN asked USING (subject)
    ORDER BY p.subject, p.valid_to DESC, p.valid_from DESC
),
households AS (SELECT subject, subject AS household FROM asked UNION ALL SELECT subject, holder FROM lives)
SELECT subject, (
    SELECT division FROM household_periods WHERE household_id = household
    ORDER BY known_to DESC, valid_to DESC LIMIT 1
) FROM households
UNION ALL SELECT case_id, division FROM cases JOIN asked ON case_id = subject
UNION ALL SELECT batch_id, division FROM intake_batches JOIN asked ON batch_id = subject
"""
"""A person is where their household is. Of a household the latest period counts, as it is known now."""


def areas(conn: "Connection[tuple[Any, ...]]", subjects: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Subject → division codes; those that nobody knows are left out."""
    found: dict[UUID, set[str]] = {}
    for subject, division in conn.execute(SELECT_AREAS, (list(subjects),)):
        if division is not None:
            found.setdefault(subject, set()).add(division)
    return found
