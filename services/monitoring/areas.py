"""Where monitoring's subjects are: its targets, by id."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection


def areas(conn: "Connection[tuple[Any, ...]]", subjects: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Target → division code; those that nobody set are left out."""
    found = conn.execute("SELECT target_id, division FROM targets WHERE target_id = ANY(%s)", (list(subjects),))
    return {target: {division} for target, division in found}
