"""Seeds a registry with synthetic households: the log, the vault's data keys and the household view."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from services.chassis.ground.settings import Settings
from services.chassis.log.entries import COLUMNS, encode_fact
from services.chassis.security.sealing import DataKey, seal
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.households import views as household_store
from services.registry.households.domain import stream_of
from services.registry.vault.keys import Vault
from tests.benchmarks.synthetic_households import SyntheticHousehold
from tests.support.databases import as_superuser

COLUMN_TYPES = ("int8", "text", "int8", "text", "bytea", "timestamptz", "uuid", "text")
"""Of ``COLUMNS``, for COPY in binary."""
FIRST_RECORDED_AT = datetime(2014, 1, 6, tzinfo=UTC)
RECORDING_INTERVAL = timedelta(seconds=1)

LogRow = tuple[int, str, int, str, bytes, datetime, UUID, str]


def seed_registry(
    households: Sequence[SyntheticHousehold], registry: str, vault: str, settings: Settings, *, view: bool
) -> None:
    """Write households into the empty databases of a registry and its vault, with or without the household view. The log
    has every household's first fact, then every one's second, and so on, so that a household's facts are scattered
    over it."""
    keyring = create_data_keys(vault, settings, (subject for household in households for subject in household.subjects))
    with psycopg.connect(registry) as conn:
        copy_rows(conn, log_rows(households, keyring))
        conn.execute("INSERT INTO cursors SELECT 'registry', 'registry', max(notification_id) FROM log")
    with psycopg.connect(as_superuser(registry), autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE")
    if view:
        _build_view(registry)


def create_data_keys(vault: str, settings: Settings, subjects: Iterable[UUID]) -> Mapping[UUID, DataKey]:
    """The data keys of these subjects, made where the vault has none yet."""
    keys = Vault.of(settings, vault)
    try:
        return keys.keys_for(subjects)
    finally:
        keys.close()


def log_rows(households: Sequence[SyntheticHousehold], keyring: Mapping[UUID, DataKey]) -> Iterator[LogRow]:
    """The rows of the log, sealed under the keys of ``keyring``, in position order."""
    position = 0
    for version in range(1, max(len(household.facts) for household in households) + 1):
        for household in households:
            if version <= len(household.facts):
                position += 1
                topic, payload = encode_fact(seal(household.facts[version - 1], keyring))
                recorded_at = FIRST_RECORDED_AT + position * RECORDING_INTERVAL
                stream = stream_of(household.household_id)
                yield position, stream, version, topic, payload, recorded_at, uuid4(), "cadre-1"


def copy_rows(conn: psycopg.Connection[Any], rows: Iterator[LogRow] | Sequence[LogRow]) -> None:
    """Binary COPY into the log, the fastest way for PostgreSQL to take rows."""
    with conn.cursor() as cur, cur.copy(f"COPY log ({COLUMNS}) FROM STDIN (FORMAT binary)".encode()) as copy:
        copy.set_types(COLUMN_TYPES)
        for row in rows:
            copy.write_row(row)


def _build_view(registry: str) -> None:
    with WorkerPool() as workers:
        Rebuild(registry, "registry", "registry", household_store.view(), workers, lambda *_: None).run(confirmed=True)
