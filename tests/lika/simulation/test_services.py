"""The services, started on a simulated province: they add nothing, and their figures agree."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from contracts.assistance.employment import JobPlaced, PlacementKept
from contracts.assistance.loans import LoanReviewOpened
from contracts.assistance.training import CertificateIssued, SessionAttended
from contracts.facts import Fact, Recorded
from contracts.monitoring.agreements import AgreementFact
from contracts.monitoring.funds import FundDeclared, FundFact, FundReceived
from contracts.monitoring.projects import ProjectFact
from contracts.roles import Role
from contracts.selection import timeline
from lika.house import BUILDS
from services.assistance.loans.borrowers import accounts_of
from services.assistance.measures.state import measures_of
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Asked, EntryKind
from services.casework.ledgers.domain import Book
from services.casework.ledgers.money import yuan_of
from services.chassis.following.sources import LocalSource
from services.chassis.rebuild_service import rebuild, views_of
from services.chassis.security.actor import Actor
from services.chassis.service import Service
from services.chassis.views.worker_pool import WorkerPool
from services.monitoring.funds.accounting import Account, account_of, accounting
from services.monitoring.projects.state import fold
from services.registry.disclosures.inbox_source import UnusualReadings
from services.registry.document_kinds import KINDS
from tests.lika.simulation.installation import SMALL, Installation
from tests.lika.simulation.paid_lists import require_payments_add_up
from tests.lika.simulation.simulated_logs import simulated_logs
from tests.lika.simulation.told_again import concluded_again
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


def county_reviewer(running: Lika) -> ApiClient:
    return running.client_for("reviewer-990121", "990121", Role.REVIEWER)


def items(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def simulated(kind: type[Fact]) -> list[list[Recorded]]:
    """The streams of monitoring that begin with a fact of this kind, as they were simulated."""
    return [k for k in simulated_logs(SMALL).streams("monitoring").values() if isinstance(k[0].fact, kind)]


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


@pytest.mark.parametrize("day", ["2015-12-31", "2017-06-30", "2018-12-31"])
def test_the_countys_books_balance_and_come_to_what_was_simulated(running: Lika, day: str) -> None:
    answer = county_reviewer(running).get("/monitoring/trial-balance", division="99", as_of=day).json()
    assert answer["difference"] == "0"
    moved = [
        entry for known in simulated(FundFact) for entry in accounting(timeline(known)) if entry.on.isoformat() <= day
    ]
    simulated_spent = Book(tuple(moved)).balances()
    spent = sum(fen for name, fen in simulated_spent.items() if account_of(name)[0] is Account.SPENT)
    assert Decimal(answer["balances"].get("spent", "0")) == yuan_of(spent)
    assert spent > 0 or day < "2016"


def test_every_project_stands_where_the_simulation_left_it(running: Lika) -> None:
    reviewer = county_reviewer(running)
    listed = {row["project_id"]: row for row in items(reviewer.get("/monitoring/projects", division="99"))}
    expected = [fold(timeline(known)) for known in simulated(ProjectFact)]
    assert {(row["project_id"], row["stage"]) for row in listed.values()} == {
        (str(project.project_id), project.stage) for project in expected if project is not None
    }
    for project in expected:
        assert project is not None
        page = reviewer.get(f"/monitoring/projects/{project.project_id}").json()
        assert page["accepted_on"] == (project.accepted_on and project.accepted_on.isoformat())
        assert [each["stage"] for each in page["evaluations"]] == [each.stage for each in project.evaluations]
    assert any(row["stage"] == "closed" for row in listed.values())


def test_what_the_simulation_told_counts_once(running: Lika) -> None:
    """Documents, vouchers and numbers are held as by commands."""
    reviewer = county_reviewer(running)
    facts = [r.fact for known in simulated(FundFact) for r in known]
    central = next(f for f in facts if isinstance(f, FundDeclared) and f.source == "central")
    again = {
        "effective_on": "2018-06-01", "division": central.division, "title": central.title, "source": "central",
        "source_label": central.source_label, "level": "county", "document_no": central.document_no, "year": 2018,
        "promised": {"sum": "1", "money_unit": "wan_yuan"}, "due_on": "2018-12-31",
    }  # fmt: skip
    refused = reviewer.post("/monitoring/funds", again)
    assert (refused.status_code, refused.json()["code"]) == (409, "fund_told_already"), refused.text
    received = next(f for f in facts if isinstance(f, FundReceived))
    moved = {"effective_on": "2019-01-01", "moved": {"sum": "1", "money_unit": "yuan"}, "voucher": received.voucher}
    refused = reviewer.post(f"/monitoring/funds/{received.fund_id}/receipts", moved)
    assert refused.json()["code"] == "fund_voucher_twice", refused.text


def test_agreements_stand_as_simulated(running: Lika) -> None:
    listed = items(county_reviewer(running).get("/monitoring/agreements", division="99"))
    assert len(listed) == len(simulated(AgreementFact))
    coverage = county_reviewer(running).get(
        "/monitoring/agreement-coverage", division="990121", agreement_kind="collective_contract", as_of="2015-01-01"
    )
    assert coverage.json()["units"] >= 80, coverage.text


@pytest.mark.long_run
def test_what_it_wrote_beside_the_logs_is_what_a_rebuild_makes_of_them(running: Lika) -> None:
    """Memberships, pay-lists and accounts are written by whoever appends; the other views are what the services made of the
    logs. Assistance, which has been moved to the end of the register's log, has made none of that one: its operator rebuilds them."""
    sources = {name: LocalSource(service.store) for name, service in running.services.items()}
    with WorkerPool(1) as workers:
        for service in running.services.values():
            names = [name for name, (log, _) in views_of(service).items() if (service.name, log) != UNREAD]
            rebuilt = rebuild(service, names, sources, workers, lambda *_: None, confirmed=False)
            assert {r.view: r.differences.examples for r in rebuilt.reports if r.differences.rows} == {}
            assert all((r.compared, r.failed, r.left_out) == ("compared", 0, 0) for r in rebuilt.reports)
            if service.name == "registry":
                assert next(r.rows for r in rebuilt.reports if r.view == "memberships") > 150


@pytest.fixture(scope="module")
def people_known(running: Lika) -> Lika:
    """Assistance's view of people, which it has not read, being at the end of the register's log: as its operator makes it."""
    with WorkerPool(1) as workers:
        sources = {"registry": LocalSource(running.services["registry"].store)}
        rebuild(running.services["assistance"], ["households"], sources, workers, lambda *_: None, confirmed=True)
    return running


def test_assistance_told_the_register_again_concludes_nothing_more(people_known: Lika) -> None:
    """Of loans, from the review that a removal or death opened to the office that changed with a move."""
    store, register = people_known.services["assistance"].store, simulated_logs(SMALL).logs["registry"]
    assert concluded_again(store, register) == []
    concluded = [r for r in simulated_logs(SMALL).logs["assistance"] if isinstance(r.fact, LoanReviewOpened)]
    assert concluded


@pytest.mark.parametrize("day", ["2015-12-31", "2016-10-01", "2018-12-31"])
def test_the_portfolio_is_what_was_lent_and_not_paid_back(running: Lika, day: str) -> None:
    reviewer = running.client_for("reviewer-990121", "990121", Role.REVIEWER)
    portfolio = reviewer.get("/assistance/loans/portfolio", division="990121", as_of=day).json()
    streams = simulated_logs(SMALL).streams("assistance").items()
    accounts = [each for name, known in streams if name.startswith("loans-") for each in accounts_of(known)]
    courses = [course for each in accounts if (course := each.through(date.fromisoformat(day))) is not None]
    principal = sum((Decimal(row["principal"]) for row in portfolio), Decimal(0))
    assert principal == yuan_of(sum(course.principal for course in courses))
    assert sum((Decimal(row["arrears"]) for row in portfolio), Decimal(0)) == yuan_of(
        sum(course.due_principal + course.due_interest for course in courses)
    )


def test_courses_and_jobs_count_who_came_and_who_stayed(running: Lika) -> None:
    """Persons and person-times, placements and jobs kept: as the simulation told them one by one."""
    reviewer = running.client_for("reviewer-990121", "990121", Role.REVIEWER)
    told = [r.fact for r in simulated_logs(SMALL).logs["assistance"]]
    trained = reviewer.get("/assistance/training/totals", division="99").json()
    attended = [f for f in told if isinstance(f, SessionAttended)]
    assert sum(row["person_times"] for row in trained) == len(attended) > 50
    assert sum(row["participations"] for row in trained) == len({(f.course_id, f.person_id) for f in attended})
    assert sum(row["certificates"] for row in trained) == sum(isinstance(f, CertificateIssued) for f in told)
    placed = {row["post_kind"]: row for row in reviewer.get("/assistance/employment/totals", division="99").json()}
    for kind in ("job", "public_post"):
        of_kind = {f.placement_id for f in told if isinstance(f, JobPlaced) and f.post_kind == kind}
        assert placed[kind]["placements"] == len(of_kind) > 0
    kept = [{f.person_id for f in told if isinstance(f, PlacementKept) and f.months == months} for months in (3, 6)]
    assert [placed["job"]["kept_three_months"], placed["job"]["kept_six_months"]] == [len(persons) for persons in kept]


def test_plans_and_measures_are_listed_as_simulated(running: Lika) -> None:
    """With the causes that no measure is against."""
    reviewer = running.client_for("reviewer-990121", "990121", Role.REVIEWER)
    streams = simulated_logs(SMALL).streams("assistance").items()
    told = {name: measures_of(timeline(known)) for name, known in streams if name.startswith("measures-")}
    plans = items(reviewer.get("/assistance/measures/plans", division="99"))
    assert {f"measures-{row['household_id']}": row["unplanned"] for row in plans} == {
        name: list(each.unplanned) for name, each in told.items()
    }
    totals = reviewer.get("/assistance/measures/totals", division="99").json()
    begun = [measure for each in told.values() for measure in each.measures.values() if measure.withdrawn_on is None]
    assert sum(row["households"] for row in totals) == len(begun) > 0
    assert sum(row["persons"] for row in totals) == sum(measure.begun.persons for measure in begun)


def test_what_was_paid_adds_up(people_known: Lika) -> None:
    decider = people_known.client_for("decider-990121", "990121", Role.DECIDER, Role.REVIEWER)
    require_payments_add_up(decider, simulated_logs(SMALL))


def test_assistance_and_the_register_agree_on_every_household_and_its_members(people_known: Lika) -> None:
    """Of those that split off, too, and of who moved between households."""
    registry, assistance = people_known.services["registry"], people_known.services["assistance"]
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
