"""Many lives in a log at once: a few hundred are sealed and encoded, and then told again and again under other ids.

The personal boxes are those of the first telling, so that nobody can open them; what folds, counts or looks up a
household reads none of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import psycopg

from services.chassis.ground.settings import Settings
from services.chassis.log.entries import encode_fact
from services.chassis.security.sealing import seal
from services.registry.households.domain import stream_of
from services.registry.vault.kek import LocalKek
from services.registry.vault.keys import Vault
from tests.benchmarks.seeding import A_FACT, DAWN, LogRow, copy_rows
from tests.benchmarks.synthetic_households import Life, lives

TOLD = 400
"""Lives that are sealed and encoded; the others repeat them."""

PRIMARY = "ALTER TABLE log ADD CONSTRAINT log_pkey PRIMARY KEY (originator_id, originator_version)"


@dataclass(frozen=True)
class Telling:
    """One fact without its household: topic, and the payload before and behind the household's id."""

    topic: str
    before: bytes
    behind: bytes


@dataclass(frozen=True)
class Many:
    """``households`` of them, each with the facts of one of the ``tellings``."""

    households: Sequence[UUID]
    tellings: Sequence[Sequence[Telling]]

    @property
    def events(self) -> int:
        return sum(len(self.tellings[n % len(self.tellings)]) for n in range(len(self.households)))

    def rows(self) -> Iterator[LogRow]:
        """The rows of the log in position order: every household's first fact, then every one's second, and so on."""
        streams = [stream_of(household) for household in self.households]
        ids = [str(household).encode() for household in self.households]
        position, instant, kinds = 0, DAWN, len(self.tellings)
        for at in range(max(map(len, self.tellings))):
            facts = [told[at] if at < len(told) else None for told in self.tellings]
            for number, stream in enumerate(streams):
                fact = facts[number % kinds]
                if fact is not None:
                    position, instant = position + 1, instant + A_FACT
                    payload = b"%b%b%b" % (fact.before, ids[number], fact.behind)
                    yield position, stream, at + 1, fact.topic, payload, instant, UUID(int=position), "cadre-1"


def many(events: int, facts: int, vault: str, settings: Settings) -> Many:
    """As many households of so many facts as come to about so many events."""
    households = max(1, events // facts)
    known = lives(min(TOLD, households), facts)
    keys = Vault.connect(vault, LocalKek({1: settings.load_kek()}))
    try:
        ring = keys.keys_for(subject for life in known for subject in life.subjects)
    finally:
        keys.close()
    names = [UUID(int=(n * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128, version=4) for n in range(1, households + 1)]
    return Many(names, [[_telling(life, *encode_fact(seal(fact, ring))) for fact in life.facts] for life in known])


def fill(registry: str, life: Many) -> None:
    """Put them into the empty log of a registry, whose own consumer has then digested them all. The indexes are made
    when the rows are there: row by row they would take most of an hour."""
    with psycopg.connect(registry) as conn:
        conn.execute("ALTER TABLE log DROP CONSTRAINT log_pkey")
        conn.execute("DROP INDEX log_position")
        copy_rows(conn, life.rows())
        conn.execute("SET LOCAL maintenance_work_mem = '512MB'")
        conn.execute(PRIMARY)
        conn.execute("CREATE UNIQUE INDEX log_position ON log (notification_id)")
        conn.execute("INSERT INTO cursors SELECT 'registry', 'registry', max(notification_id) FROM log")
    with psycopg.connect(registry, autocommit=True) as conn:
        conn.execute("VACUUM ANALYZE log")


def _telling(life: Life, topic: str, payload: bytes) -> Telling:
    before, behind = payload.split(str(life.household_id).encode())
    return Telling(topic, before, behind)
