"""The logs hold what was told, whatever the chunks and the interruptions, and nothing else is ever written over."""

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
from lika.simulation.months import Month, months
from lika.simulation.plan import Plan
from lika.simulation.writer import LogTaken, WrittenMeanwhile
from services.chassis.log.session import Session
from services.chassis.security.sealing import open_box, rewrite
from services.registry.vault.keys import Vault
from tests.lika.simulation.installation import SMALL, House
from tests.lika.simulation.simulated_logs import law, story

Database = Callable[[str], str]
ELSEWHERE = DivisionDeclared(
    effective_on=date(2014, 1, 1), entered_by="operator", code="11", level=Level.PROVINCE, name="别处"
)


class Cut(Exception):
    """The machine went away."""


def broken_off(plan: Plan, after: int) -> Iterator[Month]:
    """The plan's months until so many acts were told."""
    left = after

    def cut(month: Month) -> Iterator[object]:
        nonlocal left
        for act in month.acts:
            if not left:
                raise Cut
            left -= 1
            yield act

    for month in months(plan, law()):
        yield Month(month.recorded_on, cut(month))  # type: ignore[arg-type]


def test_the_logs_are_the_same_whatever_the_chunks_and_however_often_it_was_broken_off(
    database: Database, tmp_path: Path
) -> None:
    whole = House(database, tmp_path / "whole")
    assert whole.load()[0] == 0
    broken = House(database, tmp_path / "broken")
    before = 0
    for acts in (40, 900, 1_700):
        with pytest.raises(Cut):
            broken.load(chunk=150, told=broken_off(SMALL, acts))
        with broken.stores() as (stores, _):
            heads = sum(store.position() for store in stores.values())
        assert heads > before  # what was written stays
        before = heads
    resumed_from, written = broken.load(chunk=333)
    assert resumed_from == before
    assert broken.digests() == whole.digests()
    with whole.stores() as (stores, _):
        # Beside the facts told, each log declares its clock and steps it to the end.
        assert sum(store.position() for store in stores.values()) == written.events + 2 * len(stores)


def test_a_finished_simulation_started_again_writes_nothing(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)
    house.load()
    before = house.digests()
    resumed_from, _ = house.load()
    assert resumed_from > 3_000
    assert house.digests() == before


def test_the_log_holds_the_facts_that_were_told_and_their_boxes_open(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)
    house.load()
    told = story(SMALL)
    with house.stores() as (stores, seals):
        opened = 0
        for log, expected in told.logs.items():
            for name in dict.fromkeys(r.stream for r in expected[:400]):
                held = stores[log].stream(name)
                assert [r.id for r in held] == [r.id for r in expected if r.stream == name]
                for recorded, plain in zip(held, (r for r in expected if r.stream == name), strict=True):
                    assert civil_day(recorded.recorded_at) == civil_day(plain.recorded_at)
                    opened += boxes_hold(seals.vault, recorded.fact, plain.fact)
        assert opened > 100


def boxes_hold(vault: Vault, fact: Fact, plain: Fact) -> int:
    """How many boxes of the fact open to what was told."""
    expected, found = list[object](), list[object]()

    def note(value: Personal[str], *_: object) -> Personal[str]:
        expected.append(value.plain)
        return value

    def open_(value: Personal[str], subject: UUID, name: str) -> Personal[str]:
        found.append(open_box(value, subject, name, vault.keys_for([subject])[subject]))
        return value

    rewrite(plain, note)
    rewrite(fact, open_)
    assert found == expected
    return len(found)


def test_nothing_is_asked_under_the_lock_that_could_be_asked_together_with_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ask = Session._ask

    def noted(session: Session, *question: Any) -> Any:
        asked.append(question)
        return ask(session, *question)

    monkeypatch.setattr(Session, "_ask", noted)
    House(database, tmp_path).load()
    assert asked == []


def test_another_plan_is_refused_before_anything_is_written(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)
    house.load()
    before = house.digests()
    with pytest.raises(LogTaken, match="registry") as refused:
        house.load(Plan(households=61, first=2014, last=2018, seed=3))
    assert "empty data folder" in str(refused.value)
    assert "空的数据目录" in str(refused.value)
    assert house.digests() == before


def test_a_house_in_which_somebody_lives_is_refused(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)
    with house.stores() as (stores, _):
        stores["monitoring"].transact(lambda tx: tx.append("division-11", ELSEWHERE))
    with pytest.raises(LogTaken, match="monitoring"):
        house.load()
    with house.stores() as (stores, _):
        assert {name: store.position() for name, store in stores.items()} == {
            "registry": 0, "assistance": 0, "monitoring": 1, "audit": 0,
        }  # fmt: skip


def test_it_does_not_go_on_where_somebody_else_has_written_since(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)
    with pytest.raises(Cut):
        house.load(told=broken_off(SMALL, 900))
    with house.stores() as (stores, _):
        stores["registry"].transact(lambda tx: tx.append("division-11", ELSEWHERE))
    with pytest.raises(WrittenMeanwhile, match="registry"):
        house.load()


def test_what_somebody_else_writes_while_it_runs_stops_it(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)

    def disturbed() -> Iterator[Month]:
        for month in months(SMALL, law()):
            if month.recorded_on == date(2015, 3, 31):
                with house.stores() as (stores, _):
                    stores["assistance"].transact(lambda tx: tx.append("division-11", ELSEWHERE))
            yield month

    with pytest.raises(WrittenMeanwhile, match="assistance"):
        house.load(told=disturbed())


def test_every_log_begins_and_ends_with_its_clock(database: Database, tmp_path: Path) -> None:
    house = House(database, tmp_path)
    house.load()
    ends = start_of_day(date(2019, 1, 1))
    with house.stores() as (stores, _):
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
