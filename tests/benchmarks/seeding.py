"""Lives in a registry as it would stand after some years: the log, the vault's keys and the view of households."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from services.chassis.ground.settings import Settings
from services.chassis.log.entries import COLUMNS, encode_fact
from services.chassis.security.sealing import DataKey, seal
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households import store as households
from services.registry.households.domain import stream_of
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from tests.benchmarks.synthetic_households import Life

TYPES = ("int8", "text", "int8", "text", "bytea", "timestamptz", "uuid", "text")
"""Of ``COLUMNS``, for COPY in binary."""
DAWN = datetime(2014, 1, 6, tzinfo=UTC)
A_FACT = timedelta(seconds=1)

LogRow = tuple[int, str, int, str, bytes, datetime, UUID, str]


def plant(lives: Sequence[Life], registry: str, vault: str, settings: Settings, *, view: bool) -> None:
    """Put lives into empty databases of a registry and its vault, with or without the view of households. Each round of
    facts stands together in the log, as the years brought them, so that a household's facts lie scattered over it."""
    keys = Vault.connect(vault, LocalKek({1: settings.load_kek()}))
    try:
        ring = keys.keys_for(subject for life in lives for subject in life.subjects)
    finally:
        keys.close()
    with psycopg.connect(registry) as conn:
        copy_rows(conn, log_rows(lives, ring))
        conn.execute("INSERT INTO cursors SELECT 'registry', 'registry', max(notification_id) FROM log")
    with psycopg.connect(registry, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")
    if view:
        _build_view(registry)


def log_rows(lives: Sequence[Life], ring: Mapping[UUID, DataKey]) -> Iterator[LogRow]:
    """The rows of the log, sealed under the keys of ``ring``, in position order."""
    position = 0
    for version in range(1, max(len(life.facts) for life in lives) + 1):
        for life in lives:
            if version <= len(life.facts):
                position += 1
                topic, payload = encode_fact(seal(life.facts[version - 1], ring))
                recorded_at = DAWN + position * A_FACT
                stream = stream_of(life.household_id)
                yield position, stream, version, topic, payload, recorded_at, uuid4(), "cadre-1"


def copy_rows(conn: psycopg.Connection[Any], rows: Iterator[LogRow] | Sequence[LogRow]) -> None:
    """COPY in binary into the log; the fastest PostgreSQL can take rows."""
    with conn.cursor() as cur, cur.copy(f"COPY log ({COLUMNS}) FROM STDIN (FORMAT binary)".encode()) as copy:
        copy.set_types(TYPES)
        for row in rows:
            copy.write_row(row)


def _build_view(registry: str) -> None:
    with WorkerPool() as workers:
        Rebuild(registry, "registry", "registry", households.view(), workers, lambda *_: None).run(confirmed=True)
