"""The services, started on a simulated province: they add nothing, and their figures agree."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.roles import Role
from lika.house import BUILDS
from tests.lika.simulation.installation import Installation
from tests.support.eventually import eventually
from tests.support.running import ApiClient, Lika, lika

UNITS = ("households", "persons")
INFLOWS = ("identified", "returned", "moved_in", "size_change")
OUTFLOWS = ("exited", "removed", "cancelled", "moved_out")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("simulated")
    installation = Installation(module_database, folder)
    installation.load()
    with lika(BUILDS.values(), installation.conninfo, folder) as started:
        heads = {name: service.store.position() for name, service in started.services.items()}
        for service in started.services.values():
            for consumer in service.consumers.values():
                eventually(lambda c=consumer: c.position >= heads[c.log], 60)  # type: ignore[misc]
        started.positions.update(heads)
        yield started


@pytest.fixture
def auditor(running: Lika) -> ApiClient:
    return running.client_for("auditor", "", Role.AUDITOR, Role.ANALYST)


def statement(auditor: ApiClient, **asked: Any) -> list[dict[str, Any]]:
    answer = auditor.get("/audit/statements", division="99", **{"from": 2014, "to": 2018}, **asked)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


@pytest.mark.parametrize("known_at", ["2016-12-31", "2018-12-31"])
def test_every_row_balances_and_each_closing_is_the_next_opening(auditor: ApiClient, known_at: str) -> None:
    rows = statement(auditor, known_at=known_at)
    for row in rows:
        for unit in UNITS:
            flow = sum(row[c][unit] for c in INFLOWS) - sum(row[c][unit] for c in OUTFLOWS)
            assert row["opening"][unit] + flow == row["closing"][unit], row
            assert row["difference"][unit] == 0
    assert [r["opening"] for r in rows[1:]] == [r["closing"] for r in rows[:-1]]
    assert rows[0]["identified"]["households"] > 40


def test_the_look_back_of_2017_changes_2014_only_for_those_who_ask_later(auditor: ApiClient) -> None:
    then, now = statement(auditor, known_at="2016-12-31"), statement(auditor, known_at="2018-12-31")
    assert then[0]["removed"]["households"] == 0
    assert now[0]["removed"]["households"] > 0
    assert then[0]["identified"] == now[0]["identified"]


@pytest.mark.parametrize("year", [2014, 2015, 2016, 2017, 2018])
@pytest.mark.parametrize("known_at", ["2016-12-31", "2018-12-31"])
def test_the_registers_own_totals_are_the_audits_closings(
    running: Lika, auditor: ApiClient, year: int, known_at: str
) -> None:
    analyst = running.client_for("analyst", "", Role.ANALYST)
    answer = analyst.get("/registry/totals", division="99", as_of=f"{year}-12-31", known_at=known_at)
    assert answer.status_code == 200, answer.text
    by_status = answer.json()["by_status"]
    in_stock = [by_status[s] for s in ("registered", "returned") if s in by_status]
    row = next(r for r in statement(auditor, known_at=known_at) if r["period"] == str(year))
    assert {unit: sum(f[unit] for f in in_stock) for unit in UNITS} == row["closing"]


def test_no_service_adds_anything_when_it_is_started(running: Lika) -> None:
    for name, service in running.services.items():
        last = service.store.stream("clock")[-1]
        later = service.store.page(last.position, 100)[0]
        # Deadlines of the last day fall due as soon as the services run; nothing else may follow.
        assert {e.type_name for e in later} <= {"TargetOverdue"}, name
