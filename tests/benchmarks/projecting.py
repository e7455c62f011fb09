"""The eventsourcing library's projection: a ``ProjectionRunner`` passes one event after the other to a ``Projection``, which
writes a household's row together with its tracking position in a transaction of its own.

The row holds what the event itself says. Our view folds periods of validity and knowledge from all facts, which is more.
"""

import json
import time
from uuid import UUID

import psycopg
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner

from tests.benchmarks.environment import answer, messages, read_message
from tests.benchmarks.stock_library import stock_environment

SELECT_FACTS = (
    "SELECT originator_id, topic, state FROM log WHERE originator_id LIKE 'household-%%' ORDER BY 1, 2 LIMIT %s"
)
SAVED_AT_ONCE = 500
TIMEOUT = 120.0
CREATE_TABLE = """
CREATE TABLE IF NOT EXISTS service.household_now (
    household_id uuid PRIMARY KEY, national_no text, division text, status text, attribute text, persons int
)
"""
UPSERT = """
INSERT INTO household_now VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (household_id) DO UPDATE SET
    national_no = coalesce(excluded.national_no, household_now.national_no),
    division = coalesce(excluded.division, household_now.division),
    status = coalesce(excluded.status, household_now.status),
    attribute = coalesce(excluded.attribute, household_now.attribute),
    persons = coalesce(excluded.persons, household_now.persons)
"""


class ImportedFact(Aggregate):
    """A fact of ours as an event of the library: its type and its payload as text."""

    @event("Imported")
    def __init__(self, kind: str, payload: str) -> None:
        self.kind, self.payload = kind, payload


class HouseholdRecorder(PostgresTrackingRecorder):
    """Writes a row and its tracking position in one transaction."""

    def upsert(self, row: tuple[object, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cur:
            self._insert_tracking(cur, tracking)
            cur.execute(UPSERT, row, prepare=True)


class HouseholdProjection(Projection[HouseholdRecorder]):
    name = "households"

    def process_event(self, domain_event: object, tracking: Tracking) -> None:
        """Upsert the household's row with what the fact says."""
        assert isinstance(domain_event, ImportedFact.Imported)  # type: ignore[attr-defined]
        fact = json.loads(domain_event.payload)
        members = fact.get("members")
        status = "registered" if domain_event.kind.startswith("HouseholdEnrolled") else None
        self.view.upsert(
            (
                UUID(fact["household_id"]), fact.get("national_no"), fact.get("division"), status,
                fact.get("attribute"), len(members) if members else None,
            ),
            tracking,
        )  # fmt: skip


def main() -> None:
    """In a child: save the facts as events of the library, then project all of them for each message; answers with events a
    second."""
    config = read_message()
    env = stock_environment(config["conninfo"])
    library: Application[UUID] = Application(env=env)
    with psycopg.connect(config["registry"]) as conn:
        facts = conn.execute(SELECT_FACTS.encode(), (config["events"],)).fetchall()
    for start in range(0, len(facts), SAVED_AT_ONCE):
        library.save(
            *(ImportedFact(topic, bytes(state).decode()) for _, topic, state in facts[start : start + SAVED_AT_ONCE])
        )
    library.close()
    answer("ready")
    for _ in messages():
        with psycopg.connect(config["conninfo"]) as conn:
            conn.execute("DROP TABLE IF EXISTS household_now, households_tracking")
            conn.execute(CREATE_TABLE)
        started = time.monotonic()
        with ProjectionRunner(
            application_class=Application, projection_class=HouseholdProjection, view_class=HouseholdRecorder, env=env
        ) as runner:
            runner.wait(len(facts), timeout=TIMEOUT)
            seconds = time.monotonic() - started
        answer(len(facts) / seconds)


if __name__ == "__main__":
    main()
