"""Data keys of persons and households: created on first use, unwrapped on demand, destroyed for ever."""

import os
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Self
from uuid import UUID

from psycopg import Connection
from psycopg_pool import ConnectionPool

from services.chassis.ground.settings import Settings
from services.chassis.log.array_literals import binaries, uuids
from services.chassis.security.sealing import KEY_BYTES, DataKey
from services.registry.vault.kek import KeyEncryption, LocalKek

VAULT = "vault"
"""The vault of data keys is a database of its own, with short-lived backups."""
MIGRATIONS = Path(__file__).parent / "migrations"

SELECT_KEYS = "SELECT subject, number, wrapped, kek_number FROM data_keys WHERE subject = ANY(%s::uuid[]) ORDER BY subject, number"

INSERT_KEYS = """
INSERT INTO data_keys (subject, number, wrapped, kek_number)
SELECT subject, 1, wrapped, %s FROM unnest(%s::uuid[], %s::bytea[]) AS made (subject, wrapped)
ON CONFLICT DO NOTHING
"""

INSERT_DESTROYED = """
INSERT INTO data_keys (subject, number, destroyed_at) VALUES (%s, 1, now()) ON CONFLICT DO NOTHING
"""

INSERT_CONCERNS = """
INSERT INTO key_concerns (key, subject) SELECT %s, unnest(%s::uuid[]) ON CONFLICT DO NOTHING
"""
SELECT_CONCERNING = "SELECT key FROM key_concerns WHERE subject = %s ORDER BY key"

DESTROY_KEYS = """
UPDATE data_keys SET wrapped = NULL, kek_number = NULL, destroyed_at = now()
WHERE subject = %s AND destroyed_at IS NULL
"""

SELECT_DESTROYED = "SELECT DISTINCT subject FROM data_keys WHERE destroyed_at >= %s"

SELECT_OUTDATED = """
SELECT subject, number, wrapped, kek_number FROM data_keys
WHERE kek_number <> %s AND wrapped IS NOT NULL LIMIT %s FOR UPDATE SKIP LOCKED
"""

UPDATE_WRAPPED = """
UPDATE data_keys SET wrapped = anew.wrapped, kek_number = %s
FROM unnest(%s::uuid[], %s::integer[], %s::bytea[]) AS anew (subject, number, wrapped)
WHERE data_keys.subject = anew.subject AND data_keys.number = anew.number
"""

KeyRing = tuple[DataKey, ...]
"""A subject's keys, the newest last; empty when they were destroyed."""


class Vault:
    """Threadsafe. ``capacity``: unwrapped keys cached in memory; ``ttl_seconds``: for how long, which bounds how long
    another process may still hold a key that was shredded here."""

    def __init__(
        self, pool: ConnectionPool, kek: KeyEncryption, *, capacity: int = 50_000, ttl_seconds: float = 60.0
    ) -> None:
        self._pool = pool
        self._kek = kek
        self._cache = _KeyCache(capacity, ttl_seconds)

    @classmethod
    def of(cls, settings: Settings, conninfo: str) -> Self:
        """The installation's vault, opened with the key-encryption key of its settings."""
        return cls.connect(conninfo, LocalKek({1: settings.load_kek()}))

    @classmethod
    def connect(cls, conninfo: str, kek: KeyEncryption, *, max_size: int = 4) -> Self:
        """A vault with a connection pool of its own on the migrated vault database. Close it with ``close``."""
        pool = ConnectionPool(
            conninfo, min_size=1, max_size=max_size, kwargs={"autocommit": True}, open=True, name="vault"
        )
        return cls(pool, kek)

    def close(self) -> None:
        self._pool.close()
        self._cache.clear()

    def keys_for(self, subjects: Iterable[UUID], create: bool = True) -> dict[UUID, DataKey]:
        """The newest key of each subject, created where there never was one (unless ``create`` is false).

        A subject whose keys were destroyed is left out and never gets a new one.
        """
        return {subject: ring[-1] for subject, ring in self._rings(subjects, create).items() if ring}

    def keys_for_dry_run(self, subjects: Iterable[UUID]) -> dict[UUID, DataKey]:
        """``keys_for``, but a key that would be created is one that nobody keeps."""
        wanted = set(subjects)
        rings = self._rings(wanted, create=False)
        new = {s: DataKey(s, 1, os.urandom(KEY_BYTES)) for s in wanted - rings.keys()}
        return new | {s: ring[-1] for s, ring in rings.items() if ring}

    def cached_keys(self, subjects: Iterable[UUID]) -> dict[UUID, DataKey] | None:
        """``keys_for`` if every subject's keys are cached, else ``None``. Does not block."""
        wanted = set(subjects)
        cached = self._cache.get(wanted)
        return {s: ring[-1] for s, ring in cached.items() if ring} if len(cached) == len(wanted) else None

    def keys_by_number(self, wanted: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], DataKey]:
        """The keys that sealed values name, by (subject, number); destroyed ones are left out."""
        pairs = set(wanted)
        rings = self._rings({subject for subject, _ in pairs}, create=False)
        found = {(key.subject, key.number): key for ring in rings.values() for key in ring}
        return {pair: found[pair] for pair in pairs if pair in found}

    def list_under(self, key: UUID, subjects: Iterable[UUID]) -> None:
        """Note that what is sealed under ``key`` is about these subjects."""
        with self._pool.connection() as connection:
            connection.execute(INSERT_CONCERNS, (key, uuids(subjects)))

    def concerning(self, subject: UUID) -> list[UUID]:
        """The keys of what is about this subject, its own not among them."""
        with self._pool.connection() as connection:
            return [key for (key,) in connection.execute(SELECT_CONCERNING, (subject,))]

    def shred(self, subject: UUID) -> bool:
        """Crypto-shredding: destroy every key of the subject. False when there was none left to destroy.

        The subject stays on record, so that no key is ever made for it again. The row's former bytes leave the files
        with the next vacuum, the recycled write-ahead log and the short-lived backups; they are wrapped.
        """
        with self._pool.connection() as connection, connection.transaction():
            connection.execute(INSERT_DESTROYED, (subject,))
            destroyed = connection.execute(DESTROY_KEYS, (subject,)).rowcount
        self._cache.evict(subject)
        return destroyed > 0

    def destroyed_since(self, instant: datetime) -> list[UUID]:
        """The subjects whose keys were destroyed then or later."""
        with self._pool.connection() as connection:
            return [subject for (subject,) in connection.execute(SELECT_DESTROYED, (instant,))]

    def rewrap(self, limit: int = 1000) -> int:
        """Wrap up to ``limit`` keys anew under the key-encryption key in use; 0 when an older one may be retired."""
        with self._pool.connection() as connection, connection.transaction():
            rows = connection.execute(SELECT_OUTDATED, (self._kek.number, limit)).fetchall()
            subjects = [subject for subject, *_ in rows]
            numbers = [number for _, number, *_ in rows]
            wrapped = [
                self._kek.wrap(self._kek.unwrap(old, kek_number, subject, number), subject, number)
                for subject, number, old, kek_number in rows
            ]
            connection.execute(UPDATE_WRAPPED, (self._kek.number, subjects, numbers, wrapped))
        return len(rows)

    def _rings(self, subjects: Iterable[UUID], create: bool) -> dict[UUID, KeyRing]:
        wanted = set(subjects)
        cached = self._cache.get(wanted)
        missing = sorted(wanted - cached.keys())  # in one order everywhere, so that two inserts cannot deadlock
        if not missing:
            return cached
        generation = self._cache.generation
        with self._pool.connection() as connection:
            loaded = self._load(connection, missing)
            new = [subject for subject in missing if subject not in loaded]
            if new and create:
                made = {
                    self._kek.wrap(secret, s, 1): secret
                    for s, secret in zip(new, _random_secrets(len(new)), strict=True)
                }
                connection.execute(INSERT_KEYS, (self._kek.number, uuids(new), binaries(made)))
                # Read back: another process may have inserted first, or the subject may have been shredded meanwhile.
                loaded |= self._load(connection, new, made)
        self._cache.put(loaded, generation)
        return cached | loaded

    def _load(
        self, connection: Connection, subjects: list[UUID], made: Mapping[bytes, bytes] = MappingProxyType({})
    ) -> dict[UUID, KeyRing]:
        """``made``: secrets just made here, by what they look like wrapped."""
        rings: dict[UUID, KeyRing] = {}
        for subject, number, wrapped, kek_number in connection.execute(SELECT_KEYS, (uuids(subjects),)):
            ring = rings.setdefault(subject, ())
            if wrapped is not None:
                secret = made.get(wrapped) or self._kek.unwrap(wrapped, kek_number, subject, number)
                rings[subject] = (*ring, DataKey(subject, number, secret))
        return rings


def _random_secrets(number: int) -> list[bytes]:
    random = os.urandom(KEY_BYTES * number)
    return [random[start : start + KEY_BYTES] for start in range(0, len(random), KEY_BYTES)]


class _KeyCache:
    """LRU cache with a time to live; never holds a key ring that was read before a shredding."""

    def __init__(self, capacity: int, ttl_seconds: float) -> None:
        self._capacity = capacity
        self._ttl_seconds = ttl_seconds
        self._rings: OrderedDict[UUID, tuple[float, KeyRing]] = OrderedDict()
        self._lock = threading.Lock()
        self.generation = 0
        """Incremented by every shredding."""

    def get(self, subjects: Iterable[UUID]) -> dict[UUID, KeyRing]:
        found: dict[UUID, KeyRing] = {}
        with self._lock:
            now = time.monotonic()
            for subject in subjects:
                expires_at, ring = self._rings.get(subject, (0.0, ()))
                if expires_at > now:
                    self._rings.move_to_end(subject)
                    found[subject] = ring
        return found

    def put(self, rings: dict[UUID, KeyRing], generation: int) -> None:
        with self._lock:
            if self.generation != generation:
                return
            expires_at = time.monotonic() + self._ttl_seconds
            for subject, ring in rings.items():
                self._rings[subject] = expires_at, ring
                self._rings.move_to_end(subject)
            while len(self._rings) > self._capacity:
                self._rings.popitem(last=False)

    def evict(self, subject: UUID) -> None:
        with self._lock:
            self.generation += 1
            self._rings.pop(subject, None)

    def clear(self) -> None:
        with self._lock:
            self.generation += 1
            self._rings.clear()
