"""The sweep puts right what differs, in portions that are resumed, and holds nobody up; a rebuild comes to the same rows."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest

from contracts.facts import Fact
from contracts.registry import households as h
from contracts.registry.members import Member, Relation, Sex
from services.casework.documents.editions import STREAM
from services.casework.documents.reading import Documents
from services.casework.findings.feed import COLUMNS, CurrentEditions, FindingRows, FindingsView
from services.casework.findings.sweep import FindingsSweep
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import LocalSource
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.session import APPEND_LOCK
from services.chassis.log.store import Store
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from services.registry.findings.checked_households import CheckedHousehold
from services.registry.findings.feed import household_findings_view
from services.registry.findings.store import CHECKS
from services.registry.households.domain import stream_of
from tests.casework.findings.check_documents import KINDS, adopted, content, withdrawn
from tests.registry.households.example_facts import NAME

HOUSEHOLDS = [uuid5(UUID(int=0), f"household {n}") for n in range(7)]
ALL = f"SELECT {', '.join(COLUMNS)} FROM findings ORDER BY subject, finding_id, known_from, valid_from"


class Swept:
    """A register with seven households, whose consumer and sweep are stepped by hand."""

    def __init__(self, conninfo: str) -> None:
        self.conninfo, self.clock = conninfo, SimulatedClock(datetime(2018, 6, 1, 4, tzinfo=UTC))
        self.store = Store("registry", conninfo, self.clock)
        rows: FindingRows[CheckedHousehold] = FindingRows(
            CHECKS, CurrentEditions(Documents(self.store, KINDS), CHECKS.key)
        )
        self.view: FindingsView = household_findings_view(rows)
        self.sweep = FindingsSweep(self.store, rows, portion=3)
        self.append(STREAM, *adopted(content("2014")))
        for number, household in enumerate(HOUSEHOLDS):
            # Heads born from 1968 on: 47 is young for one, by the strict rules, until the year in which it is reached.
            self.append(stream_of(household), recorded_household(household, 1968 + number))
        self.consume()

    def append(self, stream: str, *facts: Fact) -> None:
        self.store.transact(lambda tx: tx.append(stream, *facts))

    def consume(self) -> None:
        consumer = Consumer(self.store, LocalSource(self.store), (self.view,))
        while consumer.position < self.store.position():
            consumer.step()

    def rows(self) -> list[tuple[Any, ...]]:
        with self.store.reading() as conn:
            return conn.execute(ALL.encode()).fetchall()

    def change(self, sql: str) -> None:
        with self.store.reading() as conn:
            conn.execute(sql.encode())

    def portions(self) -> list[tuple[int, int]]:
        """Subjects looked at and corrected, portion by portion, to the end."""
        found = []
        while (portion := self.sweep.step()) is not None:
            found.append((portion.subjects, portion.corrected))
        return found


def recorded_household(household: UUID, born: int) -> h.HouseholdRecorded:
    head = Member(person_id=uuid5(household, "head"), name=NAME, sex=Sex.MALE, birth_year=born, relation=Relation.HEAD)
    return h.HouseholdRecorded(
        household_id=household, effective_on=date(2014, 3, 1), entered_by="cadre-1", division="990001101201",
        members=(head,),
    )  # fmt: skip


@pytest.fixture
def swept(database: Callable[[str], str]) -> Iterator[Swept]:
    opened = Swept(database("registry"))
    yield opened
    opened.store.close()


def test_a_night_without_change_corrects_nothing(swept: Swept) -> None:
    before = swept.rows()
    assert before
    assert swept.portions() == [(3, 0), (3, 0), (1, 0)]
    assert swept.portions() == []
    assert swept.rows() == before


def test_what_was_lost_doubled_or_invented_is_put_right(swept: Swept) -> None:
    before = swept.rows()
    swept.change(f"DELETE FROM findings WHERE subject = '{before[0][0]}'")
    swept.change(f"INSERT INTO findings SELECT * FROM findings WHERE subject = '{before[-1][0]}'")
    swept.change(
        "INSERT INTO findings SELECT gen_random_uuid(), household_id, gen_random_uuid(), rule, about, grounds, edition,"
        " severity, owner_level, owner_role, raised_on, due_by, valid_from, valid_to, known_from, known_to, valid_since,"
        " known_since FROM findings LIMIT 1"
    )
    assert sum(corrected for _, corrected in swept.portions()) == 3
    assert swept.rows() == before


def test_it_goes_on_where_it_broke_off(swept: Swept) -> None:
    first = swept.sweep.step()
    assert first is not None
    again = FindingsSweep(swept.store, swept.sweep._rows, portion=3)
    rest = [again.step(), again.step(), again.step()]
    assert [p and p.subjects for p in rest] == [3, 1, None]


def test_another_edition_reaches_every_household_and_leaves_what_was_known(swept: Swept) -> None:
    swept.portions()
    known = list(swept.rows())
    mild = {code: {"asked": False} for code in ("head_too_young", "age_implausible")}
    swept.clock.step(datetime(2018, 6, 2, 4, tzinfo=UTC))
    facts = adopted(content("2018", since="2018-01-01", rules=mild), after=2)
    swept.append(STREAM, *facts)
    swept.consume()
    assert sum(corrected for _, corrected in swept.portions()) == len(HOUSEHOLDS)
    now = swept.rows()
    assert {r[2] for r in now} == {r[2] for r in known}
    assert not [r for r in now if r[13] > date(2018, 1, 1) and r[15].year == 9999]
    swept.append(STREAM, withdrawn("registry/documents/3", "registry/documents/4", date(2018, 6, 2)))
    swept.portions()
    standing = [(r[2], r[12], r[13]) for r in swept.rows() if r[15].year == 9999]
    assert standing == [(r[2], r[12], r[13]) for r in known]
    require_rebuilt_alike(swept)


def test_the_turn_of_the_year_brings_the_next_one(swept: Swept) -> None:
    """Until the end of next year everything is known ahead, so no birthday is missed by a night without a sweep."""
    swept.portions()

    def turns() -> tuple[set[str], set[str]]:
        """Rules that begin to find something on the first day of 2020, and that cease to."""
        rows, day = swept.rows(), date(2020, 1, 1)
        return {r[3] for r in rows if r[12] == day}, {r[3] for r in rows if r[13] == day}

    assert turns() == (set(), set())
    swept.clock.step(datetime(2018, 12, 31, 15, tzinfo=UTC))
    assert sum(corrected for _, corrected in swept.portions()) == 0
    swept.clock.step(datetime(2018, 12, 31, 17, tzinfo=UTC))
    assert sum(corrected for _, corrected in swept.portions()) == 2
    assert turns() == ({"age_implausible"}, {"head_too_young"})
    require_rebuilt_alike(swept)


def test_it_waits_for_nobody_who_appends(swept: Swept) -> None:
    """The lock of those who append is held by somebody else all the time, and so is nothing else that they need."""
    before = swept.rows()
    swept.change("DELETE FROM findings")
    with swept.store.connect() as conn, conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(%s)", (APPEND_LOCK,))
        swept.portions()
    assert swept.rows() == before


def test_one_process_sweeps_at_a_time(swept: Swept) -> None:
    assert swept.sweep.step() is not None
    with swept.store.connect() as conn, conn.transaction():
        conn.execute("SELECT FROM finding_sweep FOR UPDATE")
        assert swept.sweep.step() is None
    assert swept.sweep.step() is not None


def test_a_rebuild_comes_to_the_same_rows(swept: Swept) -> None:
    require_rebuilt_alike(swept)


def require_rebuilt_alike(swept: Swept) -> None:
    swept.consume()
    before = swept.rows()
    with WorkerPool(1) as processes:
        rebuild = Rebuild(swept.conninfo, "registry", "registry", swept.view, processes, lambda *_: None)
        report = rebuild.run(confirmed=False)
    assert (report.compared, report.differences.rows, report.swapped) == ("compared", 0, True)
    assert swept.rows() == before
