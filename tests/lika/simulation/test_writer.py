"""The logs hold the simulated facts, whatever the chunks and interruptions; other content is never overwritten."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.civil import civil_day, start_of_day
from contracts.clock import ClockStepped, SimulatedClockDeclared
from contracts.facts import Fact
from contracts.personal import Personal
from contracts.registry.divisions import DivisionDeclared, Level
from lika.simulation.months import Month, simulated_months
from lika.simulation.plan import Plan
from lika.simulation.writer import ConcurrentWrite, ForeignLogContent
from services.chassis.log.formats import ADMITTED, UNREADABLE_BY
from services.chassis.log.session import Session
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import open_box, rewrite
from services.registry.households.claims import HOUSEHOLD_NO
from tests.lika.simulation.installation import SMALL, Installation
from tests.lika.simulation.simulated_logs import regulations, simulated_logs

Database = Callable[[str], str]
FOREIGN_FACT = DivisionDeclared(
    effective_on=date(2014, 1, 1), entered_by="operator", code="11", level=Level.PROVINCE, name="别处"
)

FIRST_OF_A_TYPE = (ADMITTED, UNREADABLE_BY)
"""Asked once in the life of a database for each type of facts."""


class Interrupted(Exception):
    """Stands for the end of the process."""


def interrupted_after(batches: int) -> Iterator[Month]:
    """The months of ``SMALL`` until so many batches were simulated."""
    remaining = batches

    def interrupt(month: Month) -> Iterator[object]:
        nonlocal remaining
        for batch in month.batches:
            if not remaining:
                raise Interrupted
            remaining -= 1
            yield batch

    for month in simulated_months(SMALL, regulations()):
        yield Month(month.recorded_on, interrupt(month))  # type: ignore[arg-type]


@pytest.mark.long_run
def test_the_logs_are_the_same_whatever_the_chunks_and_interruptions(database: Database, tmp_path: Path) -> None:
    whole = Installation(database, tmp_path / "whole")
    assert whole.load()[0] == 0
    interrupted = Installation(database, tmp_path / "interrupted")
    before = 0
    for batches in (40, 900, 1_700):
        with pytest.raises(Interrupted):
            interrupted.load(chunk_size=150, months=interrupted_after(batches))
        with interrupted.stores() as (stores, _):
            heads = sum(store.position() for store in stores.values())
        assert heads > before  # what was written stays
        before = heads
    resumed_from, written = interrupted.load(chunk_size=333)
    assert resumed_from == before
    assert interrupted.digests() == whole.digests()
    with whole.stores() as (stores, _):
        # Beside the simulated facts, each log declares its clock and steps it to the end.
        assert sum(store.position() for store in stores.values()) == written.events + 2 * len(stores)


@pytest.mark.long_run
def test_a_finished_simulation_started_again_writes_nothing(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    installation.load()
    before = installation.digests()
    resumed_from, _ = installation.load()
    assert resumed_from > 3_000
    assert installation.digests() == before


def test_the_log_holds_the_simulated_facts_and_their_personal_values_can_be_opened(
    database: Database, tmp_path: Path
) -> None:
    installation = Installation(database, tmp_path)
    installation.load()
    simulation = simulated_logs(SMALL)
    with installation.stores() as (stores, seals):
        opened = 0
        for log, expected in simulation.logs.items():
            for name in dict.fromkeys(r.stream for r in expected[:400]):
                held = stores[log].stream(name)
                assert [r.id for r in held] == [r.id for r in expected if r.stream == name]
                for recorded, plain in zip(held, (r for r in expected if r.stream == name), strict=True):
                    assert civil_day(recorded.recorded_at) == civil_day(plain.recorded_at)
                    opened += opened_values(seals.data_keys, recorded.fact, plain.fact)
        assert opened > 100


def opened_values(data_keys: DataKeys, fact: Fact, plain: Fact) -> int:
    """How many personal values of the fact were opened; each holds what was simulated."""
    expected, found = list[object](), list[object]()

    def note(value: Personal[str], *_: object) -> Personal[str]:
        expected.append(value.plain)
        return value

    def open_(value: Personal[str], subject: UUID, name: str) -> Personal[str]:
        found.append(open_box(value, subject, name, data_keys.keys_for([subject])[subject]))
        return value

    rewrite(plain, note)
    rewrite(fact, open_)
    assert found == expected
    return len(found)


@pytest.mark.long_run
def test_no_query_runs_under_the_lock_that_could_be_prefetched(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries: list[object] = []
    ask = Session._ask

    def recorded(session: Session, *query: Any) -> Any:
        if query[0] not in FIRST_OF_A_TYPE:
            queries.append(query)
        return ask(session, *query)

    monkeypatch.setattr(Session, "_ask", recorded)
    Installation(database, tmp_path).load()
    assert queries == []


@pytest.mark.long_run
def test_another_plan_is_refused_before_anything_is_written(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    installation.load()
    before = installation.digests()
    with pytest.raises(ForeignLogContent, match="registry") as refused:
        installation.load(Plan(households=61, first=2014, last=2018, seed=6))
    assert "empty data folder" in str(refused.value)
    assert "空的数据目录" in str(refused.value)
    assert installation.digests() == before


def test_an_installation_with_other_facts_is_refused(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    with installation.stores() as (stores, _):
        stores["monitoring"].transact(lambda tx: tx.append("division-11", FOREIGN_FACT))
    with pytest.raises(ForeignLogContent, match="monitoring"):
        installation.load()
    with installation.stores() as (stores, _):
        assert {name: store.position() for name, store in stores.items()} == {
            "registry": 0, "assistance": 0, "monitoring": 1, "audit": 0,
        }  # fmt: skip


def test_it_does_not_resume_where_somebody_else_has_written_since(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    with pytest.raises(Interrupted):
        installation.load(months=interrupted_after(900))
    with installation.stores() as (stores, _):
        stores["registry"].transact(lambda tx: tx.append("division-11", FOREIGN_FACT))
    with pytest.raises(ConcurrentWrite, match="registry"):
        installation.load()


def test_what_somebody_else_writes_while_it_runs_stops_it(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)

    def with_foreign_append() -> Iterator[Month]:
        for month in simulated_months(SMALL, regulations()):
            if month.recorded_on == date(2015, 3, 31):
                with installation.stores() as (stores, _):
                    stores["assistance"].transact(lambda tx: tx.append("division-11", FOREIGN_FACT))
            yield month

    with pytest.raises(ConcurrentWrite, match="assistance"):
        installation.load(months=with_foreign_append())


def test_each_command_is_an_act_and_gives_the_claims_of_its_household_alone(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    installation.load()
    with installation.stores() as (stores, _), stores["registry"].reading() as conn:
        acts = conn.execute(
            "SELECT command_id, count(DISTINCT recorded_at), array_agg(DISTINCT topic), count(DISTINCT originator_id)"
            " FROM log WHERE originator_id LIKE 'household-%' GROUP BY command_id"
        ).fetchall()
        assert len(acts) > 1_000
        for _, instants, topics, streams in acts:
            assert instants == 1
            assert (streams == 2) is (set(topics) == {"HouseholdSplit/1", "HouseholdFormed/1"})
        assert [streams for _, _, _, streams in acts].count(2) > 1
        given = conn.execute(
            "SELECT count(*), count(DISTINCT given_by) FROM claims WHERE kind = %s AND standing", (HOUSEHOLD_NO,)
        ).fetchone()
        assert given is not None
        assert given[0] == given[1] >= SMALL.households
        strangers = conn.execute(
            "SELECT count(*) FROM claims WHERE kind = %s AND NOT EXISTS (SELECT 1 FROM log WHERE command_id = given_by"
            " AND originator_id = 'household-' || holder)", (HOUSEHOLD_NO,)
        ).fetchone()  # fmt: skip
        assert strangers == (0,)


def test_every_log_begins_and_ends_with_its_clock(database: Database, tmp_path: Path) -> None:
    installation = Installation(database, tmp_path)
    installation.load()
    ends = start_of_day(date(2019, 1, 1))
    with installation.stores() as (stores, _):
        for store in stores.values():
            begin, *_, end = (r for r in store.stream("clock"))
            assert isinstance(begin.fact, SimulatedClockDeclared)
            assert begin.position == 1
            assert begin.fact.starts_at.astimezone(UTC) == start_of_day(date(2014, 1, 1))
            assert isinstance(end.fact, ClockStepped)
            assert end.position == store.position()
            assert end.fact.to == end.recorded_at == ends
            instants = [e.recorded_at for e in store.page(0, 1_000_000)[0]]
            assert instants == sorted(instants)
            assert instants[-1] < datetime(2019, 1, 2, tzinfo=UTC)
