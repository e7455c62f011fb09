"""Fills a log with millions of facts: a few hundred households are sealed and encoded, and replicated under other ids.

The replicas' sealed personal fields are those of the templates and cannot be opened; nothing that folds, counts or looks
up a household reads them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from services.chassis.ground.settings import Settings
from services.chassis.log.entries import encode_fact
from services.chassis.security.sealing import seal
from services.registry.households.domain import stream_of
from tests.benchmarks.seeding import FIRST_RECORDED_AT, RECORDING_INTERVAL, LogRow, copy_rows, create_data_keys
from tests.benchmarks.synthetic_households import SyntheticHousehold, synthetic_households
from tests.support.databases import as_superuser

TEMPLATE_HOUSEHOLDS = 400
"""Households that are sealed and encoded; the others repeat their facts."""

PRIMARY_KEY = "ALTER TABLE log ADD CONSTRAINT log_pkey PRIMARY KEY (originator_id, originator_version)"


@dataclass(frozen=True)
class FactTemplate:
    """A fact without its household: topic, and the payload before and after the household's id."""

    topic: str
    before: bytes
    after: bytes


@dataclass(frozen=True)
class ReplicatedHouseholds:
    """Each household has the facts of one of the ``templates``, which are used in turn."""

    households: Sequence[UUID]
    templates: Sequence[Sequence[FactTemplate]]

    @property
    def events(self) -> int:
        return sum(len(self.templates[n % len(self.templates)]) for n in range(len(self.households)))

    def rows(self) -> Iterator[LogRow]:
        """The rows of the log in position order: every household's first fact, then every one's second, and so on."""
        streams = [stream_of(household) for household in self.households]
        ids = [str(household).encode() for household in self.households]
        position, instant, count = 0, FIRST_RECORDED_AT, len(self.templates)
        for at in range(max(map(len, self.templates))):
            facts = [template[at] if at < len(template) else None for template in self.templates]
            for number, stream in enumerate(streams):
                fact = facts[number % count]
                if fact is not None:
                    position, instant = position + 1, instant + RECORDING_INTERVAL
                    payload = b"%b%b%b" % (fact.before, ids[number], fact.after)
                    yield position, stream, at + 1, fact.topic, payload, instant, UUID(int=position), "cadre-1"


def replicated_households(events: int, facts: int, vault: str, settings: Settings) -> ReplicatedHouseholds:
    """Households of ``facts`` facts each that have about ``events`` facts together."""
    households = max(1, events // facts)
    originals = synthetic_households(min(TEMPLATE_HOUSEHOLDS, households), facts)
    keyring = create_data_keys(vault, settings, (subject for household in originals for subject in household.subjects))
    ids = [UUID(int=(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128, version=4) for n in range(1, households + 1)]
    return ReplicatedHouseholds(
        ids,
        [
            [_template(household, *encode_fact(seal(fact, keyring))) for fact in household.facts]
            for household in originals
        ],
    )


def fill_log(registry: str, replicated: ReplicatedHouseholds) -> None:
    """Copy them into the empty log of a registry and set its consumer's cursor to the end. The indexes are created
    after the rows: row by row they would take most of an hour."""
    owner = as_superuser(registry)
    with psycopg.connect(owner) as conn:
        conn.execute("ALTER TABLE log DROP CONSTRAINT log_pkey")
        conn.execute("DROP INDEX log_position")
        copy_rows(conn, replicated.rows())
        conn.execute("SET LOCAL maintenance_work_mem = '512MB'")
        conn.execute(PRIMARY_KEY)
        conn.execute("CREATE UNIQUE INDEX log_position ON log (notification_id)")
        conn.execute("INSERT INTO cursors SELECT 'registry', 'registry', max(notification_id) FROM log")
    with psycopg.connect(owner, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE log")


def _template(household: SyntheticHousehold, topic: str, payload: bytes) -> FactTemplate:
    before, after = payload.split(str(household.household_id).encode())
    return FactTemplate(topic, before, after)
