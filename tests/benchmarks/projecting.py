"""The eventsourcing library's way to keep a view: a ``ProjectionRunner``, which hands one event after the other to a
projection, which writes a household's row together with how far it has read, in a commit of its own.

The row is what the event itself tells. Our view folds periods of validity and knowledge from all facts, which is more.
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
from psycopg.conninfo import conninfo_to_dict

from tests.benchmarks.environment import answer, questions, told

READ = "SELECT originator_id, topic, state FROM log WHERE originator_id LIKE 'household-%%' ORDER BY 1, 2 LIMIT %s"
AT_ONCE = 500
PATIENCE = 120.0
TABLE = """
CREATE TABLE IF NOT EXISTS household_now (
    household_id uuid PRIMARY KEY, national_no text, division text, status text, attribute text, persons int
)
"""
KEEP = """
INSERT INTO household_now VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (household_id) DO UPDATE SET
    national_no = coalesce(excluded.national_no, household_now.national_no),
    division = coalesce(excluded.division, household_now.division),
    status = coalesce(excluded.status, household_now.status),
    attribute = coalesce(excluded.attribute, household_now.attribute),
    persons = coalesce(excluded.persons, household_now.persons)
"""


class Told(Aggregate):
    """A fact of ours as an event of the library's: its type and its payload as text."""

    @event("Said")
    def __init__(self, kind: str, payload: str) -> None:
        self.kind, self.payload = kind, payload


class Households(PostgresTrackingRecorder):
    """The view and its tracking, in one transaction."""

    def keep(self, row: tuple[object, ...], tracking: Tracking) -> None:
        with self.datastore.transaction(commit=True) as cur:
            self._insert_tracking(cur, tracking)
            cur.execute(KEEP, row, prepare=True)


class Keeping(Projection[Households]):
    name = "households"

    def process_event(self, domain_event: object, tracking: Tracking) -> None:
        """The row of the household that a fact is about, as far as the fact tells it."""
        assert isinstance(domain_event, Told.Said)  # type: ignore[attr-defined]
        fact = json.loads(domain_event.payload)
        members = fact.get("members")
        status = "registered" if domain_event.kind.startswith("HouseholdEnrolled") else None
        self.view.keep(
            (
                UUID(fact["household_id"]), fact.get("national_no"), fact.get("division"), status,
                fact.get("attribute"), len(members) if members else None,
            ),
            tracking,
        )  # fmt: skip


def main() -> None:
    """Each round projects all events anew; answers with events a second."""
    said = told()
    where = conninfo_to_dict(said["conninfo"])
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(where["dbname"]),
        "POSTGRES_HOST": str(where["host"]),
        "POSTGRES_PORT": str(where["port"]),
        "POSTGRES_USER": str(where["user"]),
        "POSTGRES_PASSWORD": "",
    }
    library: Application[UUID] = Application(env=env)
    with psycopg.connect(said["registry"]) as conn:
        facts = conn.execute(READ.encode(), (said["events"],)).fetchall()
    for start in range(0, len(facts), AT_ONCE):
        library.save(*(Told(topic, bytes(state).decode()) for _, topic, state in facts[start : start + AT_ONCE]))
    library.close()
    answer("ready")
    for _ in questions():
        with psycopg.connect(said["conninfo"]) as conn:
            conn.execute("DROP TABLE IF EXISTS household_now, households_tracking")
            conn.execute(TABLE)
        began = time.monotonic()
        with ProjectionRunner(
            application_class=Application, projection_class=Keeping, view_class=Households, env=env
        ) as runner:
            runner.wait(len(facts), timeout=PATIENCE)
            seconds = time.monotonic() - began
        answer(len(facts) / seconds)


if __name__ == "__main__":
    main()
