"""Data keys of persons and households: made on first use, unwrapped on demand, destroyed for ever."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg_pool import ConnectionPool

from services.chassis.ground.settings import Settings
from services.chassis.log.array_literals import binaries, integers, uuids
from services.chassis.security.data_keys import (
    DATA_KEY_ALTERED,
    DATA_KEY_MISSING,
    DESTRUCTION_FORGED,
    DESTRUCTION_REMOVED,
)
from services.chassis.security.key_cache import CAPACITY, TTL_SECONDS, CachedDataKeys, LoadedKeys, random_secrets
from services.chassis.security.key_ids import new_key_ids
from services.chassis.security.sealing import DataKey, SealBroken
from services.registry.vault.kek import KeyEncryption
from services.registry.vault.kek_files import keks_of
from services.registry.vault.kek_register import registered, require_fitting

VAULT = "vault"
"""The vault of data keys is a database of its own, with short-lived backups."""

SELECT_KEYS = """
SELECT subject, key_id, wrapped, kek_number, destroyed_at IS NOT NULL FROM data_keys WHERE subject = ANY(%s::uuid[])
"""

INSERT_KEYS = """
INSERT INTO data_keys (subject, key_id, wrapped, kek_number)
SELECT subject, key_id, wrapped, %s FROM unnest(%s::uuid[], %s::bigint[], %s::bytea[]) AS made (subject, key_id, wrapped)
ON CONFLICT DO NOTHING
"""

INSERT_DESTROYED = """
INSERT INTO data_keys (subject, key_id, wrapped, kek_number, destroyed_at) VALUES (%s, %s, %s, %s, now())
ON CONFLICT DO NOTHING
"""
LOCK_KEY = "SELECT key_id FROM data_keys WHERE subject = %s AND destroyed_at IS NULL FOR UPDATE"
DESTROY_KEY = "UPDATE data_keys SET wrapped = %s, kek_number = %s, destroyed_at = now() WHERE subject = %s"
SELECT_DESTROYED = "SELECT subject FROM data_keys WHERE destroyed_at >= %s"

INSERT_CONCERNS = """
INSERT INTO key_concerns (key, subject) SELECT %s, unnest(%s::uuid[]) ON CONFLICT DO NOTHING
"""
SELECT_CONCERNING = "SELECT key FROM key_concerns WHERE subject = %s ORDER BY key"

NO_SECRETS: Mapping[bytes, bytes] = MappingProxyType({})


class Vault(CachedDataKeys):
    """The vault on its own database."""

    def __init__(
        self, pool: ConnectionPool, kek: KeyEncryption, *, capacity: int = CAPACITY, ttl_seconds: float = TTL_SECONDS
    ) -> None:
        super().__init__(capacity, ttl_seconds)
        self._pool, self._kek = pool, kek
        self._kek_number = kek.numbers[-1]

    @classmethod
    def of(cls, settings: Settings, conninfo: str) -> Self:
        """The installation's vault, opened with the key-encryption keys of its settings; the first is made where there is
        none yet, and nothing was ever wrapped. Raises what ``keks_of`` and ``require_fitting`` raise."""
        return cls.connect(conninfo, keks_of(settings, make=not registered(conninfo)))

    @classmethod
    def connect(cls, conninfo: str, kek: KeyEncryption, *, max_size: int = 4) -> Self:
        """A vault with a connection pool of its own on the migrated vault database. Close it with ``close``. Raises
        ``KekUnfit``."""
        require_fitting(conninfo, kek)
        # What this process can unwrap is seen by whoever rewraps.
        held = f"{HOLDS}{','.join(map(str, kek.numbers))}"
        pool = ConnectionPool(
            conninfo, min_size=1, max_size=max_size, kwargs={"autocommit": True, "application_name": held}, open=True,
            name="vault",
        )  # fmt: skip
        return cls(pool, kek)

    def close(self) -> None:
        self._pool.close()
        super().close()

    def answers(self) -> bool:
        """Whether its database does. Raises ``psycopg.OperationalError`` otherwise."""
        with self._pool.connection() as connection:
            return connection.execute("SELECT true").fetchone() == (True,)

    def list_under(self, key: UUID, subjects: Iterable[UUID]) -> None:
        with self._pool.connection() as connection:
            connection.execute(INSERT_CONCERNS, (key, uuids(subjects)))

    def concerning(self, subject: UUID) -> list[UUID]:
        with self._pool.connection() as connection:
            return [key for (key,) in connection.execute(SELECT_CONCERNING, (subject,))]

    def _shred(self, subject: UUID) -> bool:
        """The row's former bytes leave the files with the next vacuum, the recycled write-ahead log and the short-lived
        backups; they are wrapped."""
        with self._pool.connection() as connection, connection.transaction():
            (key_id,) = new_key_ids(1)
            mark = self._kek.mark(subject, key_id)
            connection.execute(INSERT_DESTROYED, (subject, key_id, mark, self._kek_number))
            row = connection.execute(LOCK_KEY, (subject,)).fetchone()
            if row is None:
                return False
            connection.execute(DESTROY_KEY, (self._kek.mark(subject, row[0]), self._kek_number, subject))
            return True

    def destroyed_since(self, instant: datetime) -> list[UUID]:
        with self._pool.connection() as connection:
            return [subject for (subject,) in connection.execute(SELECT_DESTROYED, (instant,))]

    def load(self, subjects: Iterable[UUID], *, make: bool, sealed: Collection[UUID] = ()) -> LoadedKeys:
        """What the database has, past the cache: another process has one of its own."""
        return self._load(sorted(set(subjects)), make=make, sealed=sealed)

    def _load(self, subjects: Sequence[UUID], *, make: bool, sealed: Collection[UUID] = ()) -> LoadedKeys:
        with self._pool.connection() as connection:
            loaded = self._read(connection, subjects)
            absent = [s for s in subjects if s not in loaded.keys and s not in loaded.unusable]
            if absent and sealed:
                lost = set(sealed).intersection(absent)
                loaded.unusable |= dict.fromkeys(lost, DATA_KEY_MISSING.code)
                absent = [s for s in absent if s not in lost]
            if absent and make:
                self._make(connection, absent, loaded)
        return loaded

    def _make(self, connection: Connection[Any], subjects: list[UUID], into: LoadedKeys) -> None:
        ids, secrets = new_key_ids(len(subjects)), random_secrets(len(subjects))
        made = {
            self._kek.wrap(secret, s, key_id): secret for s, key_id, secret in zip(subjects, ids, secrets, strict=True)
        }
        connection.execute(INSERT_KEYS, (self._kek_number, uuids(subjects), integers(ids), binaries(made)))
        # Read back: another process may have inserted first, or the subject may have been shredded meanwhile.
        back = self._read(connection, subjects, made)
        into.keys |= back.keys
        into.unusable |= back.unusable

    def _read(
        self, connection: Connection[Any], subjects: Sequence[UUID], made: Mapping[bytes, bytes] = NO_SECRETS
    ) -> LoadedKeys:
        """``made``: secrets just made here, by what they look like wrapped."""
        loaded = LoadedKeys()
        rows: Cursor[tuple[UUID, int, bytes, int, bool]] = connection.execute(SELECT_KEYS, (uuids(subjects),))
        for subject, key_id, wrapped, kek_number, destroyed in rows:
            if (secret := made.get(wrapped)) is not None:
                loaded.keys[subject] = DataKey(subject, key_id, secret)
                continue
            key = opened_row(self._kek, subject, key_id, wrapped, kek_number, destroyed=destroyed)
            if isinstance(key, str):
                loaded.unusable[subject] = key
            else:
                loaded.keys[subject] = key
        return loaded


HOLDS = "lika vault, kek "
"""How the names of the vault's connections begin; the numbers of the key-encryption keys held follow, with commas."""


def opened_row(
    kek: KeyEncryption, subject: UUID, key_id: int, wrapped: bytes, kek_number: int, *, destroyed: bool
) -> DataKey | str | None:
    """The key of a row; ``None`` where it was destroyed; the code of the rule that says why it is neither. Raises
    ``UnknownKek``."""
    if destroyed:
        return None if kek.is_mark(wrapped, kek_number, subject, key_id) else DESTRUCTION_FORGED.code
    try:
        return DataKey(subject, key_id, kek.unwrap(wrapped, kek_number, subject, key_id))
    except (SealBroken, ValueError):
        removed = kek.is_mark(wrapped, kek_number, subject, key_id)
        return DESTRUCTION_REMOVED.code if removed else DATA_KEY_ALTERED.code
