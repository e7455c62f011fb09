"""Wrapping data keys anew under the newest key-encryption key, so that an older one can be retired. Beside a running house: row
by row whoever reads a key finds it wrapped under a key that every process holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.chassis.ground.messages import ExplainedError
from services.chassis.log.array_literals import binaries, uuids
from services.registry.messages import say
from services.registry.vault.kek import KeyEncryption
from services.registry.vault.keys import HOLDS, opened_row

AT_ONCE = 1000
"""Keys wrapped in one transaction."""
FIRST = UUID(int=0)

COUNT_OUTDATED = "SELECT count(*) FROM data_keys WHERE kek_number < %s"
OUTDATED_NUMBERS = "SELECT number FROM key_encryption_keys WHERE number < %s ORDER BY number"
SELECT_OUTDATED = """
SELECT subject, key_id, wrapped, kek_number, destroyed_at IS NOT NULL FROM data_keys
WHERE kek_number = %s AND subject > %s ORDER BY subject LIMIT %s FOR UPDATE SKIP LOCKED
"""
UPDATE_WRAPPED = """
UPDATE data_keys SET wrapped = anew.wrapped, kek_number = %s FROM unnest(%s::uuid[], %s::bytea[]) AS anew (subject, wrapped)
WHERE data_keys.subject = anew.subject
"""
OTHERS_HOLD = """
SELECT DISTINCT application_name FROM pg_stat_activity
WHERE datname = current_database() AND starts_with(application_name, %s)
"""


class RewrapRefused(ExplainedError):
    """A running process could not unwrap what would be wrapped anew; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Rewrapped:
    """One step. ``unusable``: keys left as they are because they do not unwrap; ``last``: the subject it came to, ``None``
    at the end."""

    count: int
    unusable: int
    last: UUID | None


def outdated_keks(connection: Connection[Any], kek: KeyEncryption) -> list[int]:
    """Numbers of older key-encryption keys that anything was ever wrapped under."""
    return [number for (number,) in connection.execute(OUTDATED_NUMBERS, (kek.numbers[-1],))]


def outdated_count(connection: Connection[Any], kek: KeyEncryption) -> int:
    """How many data keys are wrapped under an older key-encryption key."""
    row = connection.execute(COUNT_OUTDATED, (kek.numbers[-1],)).fetchone()
    assert row is not None
    return int(row[0])


def rewrap(
    connection: Connection[Any], kek: KeyEncryption, number: int, after: UUID = FIRST, limit: int = AT_ONCE
) -> Rewrapped:
    """One step over the keys that are wrapped under key-encryption key ``number``, in a transaction of its own; to be repeated
    from ``last``. Broken off, it begins again where it stood, since what is done is no longer under that key. Raises
    ``RewrapRefused``."""
    newest = kek.numbers[-1]
    with connection.transaction():
        require_held(connection, newest)
        rows = connection.execute(SELECT_OUTDATED, (number, after, limit)).fetchall()
        anew: dict[UUID, bytes] = {}
        for subject, key_id, wrapped, kek_number, destroyed in rows:
            key = opened_row(kek, subject, key_id, wrapped, kek_number, destroyed=destroyed)
            if not isinstance(key, str):
                anew[subject] = kek.mark(subject, key_id) if key is None else kek.wrap(key.secret, subject, key_id)
        if anew:
            connection.execute(UPDATE_WRAPPED, (newest, uuids(anew), binaries(anew.values())))
    return Rewrapped(len(anew), len(rows) - len(anew), rows[-1][0] if rows else None)


def require_held(connection: Connection[Any], number: int) -> None:
    """Raises ``RewrapRefused`` where a process that is connected to the vault does not hold this key-encryption key."""
    lacking = [name for name in _connected(connection) if str(number) not in name.removeprefix(HOLDS).split(",")]
    if lacking:
        raise RewrapRefused(say("kek_not_held_everywhere", number=number))


def _connected(connection: Connection[Any]) -> Sequence[str]:
    return [name for (name,) in connection.execute(OTHERS_HOLD, (HOLDS,))]
