"""The services, started on a simulated province: they add nothing, and their figures agree."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from contracts.roles import Role
from lika.house import BUILDS
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Asked, EntryKind
from services.chassis.following.sources import LocalSource
from services.chassis.rebuild_service import rebuild, views_of
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.views.worker_pool import WorkerPool
from services.registry.disclosures.inbox_source import UnusualReadings
from services.registry.document_kinds import KINDS
from tests.lika.simulation.installation import Installation
from tests.support.eventually import eventually
from tests.support.running import ApiClient, Lika, lika

UNREAD = ("assistance", "registry")
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
    return running.client_for("auditor-1", "", Role.AUDITOR, Role.ANALYST)


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
    analyst = running.client_for("analyst-1", "", Role.ANALYST)
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


@pytest.mark.long_run
def test_what_it_wrote_beside_the_logs_is_what_a_rebuild_makes_of_them(running: Lika) -> None:
    """The memberships are written by whoever appends; the other views are what the services made of the logs. Assistance,
    which has been moved to the end of the register's log, has made none of that one: its operator rebuilds them."""
    sources = {name: LocalSource(service.store) for name, service in running.services.items()}
    with WorkerPool(1) as workers:
        for service in running.services.values():
            names = [name for name, (log, _) in views_of(service).items() if (service.name, log) != UNREAD]
            rebuilt = rebuild(service, names, sources, workers, lambda *_: None, confirmed=False)
            assert {r.view: r.differences.examples for r in rebuilt.reports if r.differences.rows} == {}
            assert all((r.compared, r.failed, r.left_out) == ("compared", 0, 0) for r in rebuilt.reports)
            if service.name == "registry":
                assert next(r.rows for r in rebuilt.reports if r.view == "memberships") > 150


def test_assistance_and_the_register_agree_on_every_household_and_its_members(running: Lika) -> None:
    """Of those that split off, too, and of who moved between households."""
    registry, assistance = running.services["registry"], running.services["assistance"]
    with WorkerPool(1) as workers:
        sources = {"registry": LocalSource(registry.store)}
        rebuild(assistance, ["households"], sources, workers, lambda *_: None, confirmed=True)
    households = rows(assistance, "SELECT household_id, division, status FROM households")
    assert households == rows(
        registry, "SELECT household_id, division, status FROM household_periods"
        " WHERE known_to = '9999-01-01 00:00+00' AND valid_to = '9999-12-31'"
    )  # fmt: skip
    cancelled = {household for household, _, status in households if status == "cancelled"}
    present = rows(assistance, "SELECT household_id, person_id FROM members WHERE present")
    members = "SELECT holder, subject FROM exclusive_periods WHERE valid_to = '9999-12-31' AND NOT final"
    assert {row for row in present if row[0] not in cancelled} == rows(registry, members)
    assert len(present) > 150


def rows(service: Service, query: str) -> set[tuple[Any, ...]]:
    with service.store.reading() as conn:
        return set(conn.execute(query.encode()))


def test_no_day_of_the_simulated_readings_is_called_unusual(running: Lika) -> None:
    """An alarm that cries wolf is worse than none. The inbox of every day on which somebody read."""
    store = running.services["registry"].store
    with store.reading() as conn:
        days = [day for (day,) in conn.execute("SELECT DISTINCT day FROM reading_days ORDER BY day")]
    inbox = UnusualReadings("registry", Documents(store, KINDS))
    auditor = Actor("auditor-1", frozenset({Role.AUDITOR}), "99")
    alerts = [inbox.counts(Asked(actor=auditor, division="99", kind=None, today=day)) for day in days]
    assert len(days) > 5
    assert sum(each[EntryKind.DUE] for each in alerts) == 0
