"""What one record costs on disk: a province keeps hundreds of millions of them (docs/decisions/0029-records.md)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.casework.records import Attendance, CodeValue, SealedValue, SubjectKind, WorkRecorded
from contracts.personal import Personal
from services.casework.records.streams import stream_of, subject_of_division
from services.casework.records.view import view
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.sealing import DataKey, seal

FIRST = date(2016, 1, 4)
HOUSEHOLDS, VISITS = 100, 25
TEXT = "入户了解到老人独居，冬衣不足，已联系民政所；孩子在外务工，春节返乡，希望学习茶叶种植技术。"


@pytest.fixture
def store(database: Callable[[str], str]) -> Iterator[Store]:
    opened = Store("assistance", database("assistance"), SimulatedClock(datetime(2016, 6, 1, tzinfo=UTC)))
    yield opened
    opened.close()


def told(store: Store, facts: Sequence[WorkRecorded]) -> None:
    def work(tx: Tx) -> None:
        for fact in facts:
            tx.append(stream_of(fact.subject, fact.effective_on), fact)

    store.transact(work, actor="staff-0101")
    streams = list(dict.fromkeys(stream_of(f.subject, f.effective_on) for f in facts))
    store.transact(lambda tx: view().refold(tx.cur, tx.log, streams))


def visit(household: UUID, day: date, key: DataKey) -> WorkRecorded:
    """As it is usually told: a choice, and two lines of text."""
    return seal(
        WorkRecorded(
            effective_on=day, entered_by="staff-0101", subject=household, kind="home_visit", edition="2014",
            about=SubjectKind.HOUSEHOLD, done_by="staff-0101", codes=(CodeValue(field="topic", code="routine"),),
            sealed=(SealedValue(field="situation", text=Personal(TEXT)),),
        ),
        {household: key},
    )  # fmt: skip


def bytes_of(store: Store, *tables: str) -> dict[str, int]:
    """Of each table with its indexes and its long values."""
    with store.reading() as conn:
        found = [conn.execute("SELECT pg_total_relation_size(%s)", (table,)).fetchone() for table in tables]
    return {table: size[0] for table, size in zip(tables, found, strict=True) if size}


def test_a_visit_takes_a_kilobyte_and_a_fifth_in_the_log_and_a_quarter_of_one_in_the_view(store: Store) -> None:
    empty = bytes_of(store, "log", "records")
    for _ in range(HOUSEHOLDS):
        household = uuid4()
        key = DataKey(household, 1, bytes(32))
        told(store, [visit(household, FIRST + timedelta(n), key) for n in range(VISITS)])
    full = bytes_of(store, *empty)
    each = {table: (full[table] - empty[table]) / (HOUSEHOLDS * VISITS) for table in empty}
    payload = len(store.page(0, 1)[0][0].state)
    assert payload < 800
    assert each["log"] < 1200
    assert each["records"] < 300


def test_an_attendance_takes_less_than_two_hundred_bytes(store: Store) -> None:
    division = subject_of_division("990001101201")
    attended = 0
    before = bytes_of(store, "log", "records")
    sessions = []
    for n in range(100):
        attendance = Attendance(persons=tuple(uuid4() for _ in range(40)))
        session = WorkRecorded(
            effective_on=FIRST + timedelta(n), entered_by="staff-0101", subject=division, kind="training_session",
            edition="2014", about=SubjectKind.DIVISION, place="990001101201", done_by="staff-0101",
            attendance=attendance,
        )  # fmt: skip
        sessions.append(session)
        attended += len(attendance.persons)
    told(store, sessions)
    after = bytes_of(store, *before)
    each = sum(after[table] - before[table] for table in before) / attended
    assert each < 200
