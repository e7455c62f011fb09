"""Live view = rebuilt view, for every view of every service, after a history that concerns all of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from lika.house import BUILDS
from services.chassis.following.sources import LocalSource
from services.chassis.rebuild_service import RebuildResult, rebuild, views_of
from services.chassis.views.rollup import COLUMNS as SUMS
from services.chassis.views.view import View
from services.chassis.views.worker_pool import WorkerPool
from tests.assistance.harness import AssistanceHarness
from tests.journeys.rebuilt_history import record_history, wait_until_consumed
from tests.support.running import Lika, lika

VIEWS = {
    "registry": {
        "divisions",
        "schools",
        "screenings",
        "enrolments",
        "household_periods",
        "memberships",
        "cases",
        "directory",
        "findings",
        "account_findings",
        "reconciliations",
        "reconciled_households",
        "reconciliation_findings",
        "finding_answers",
        "reports",
        "clues",
        "move_proposals",
        "identity_digests",
        "reading_days",
        "recertification",
        "records",
        "duty_misses",
        "revoked_tokens",
    },
    "assistance": {
        "cases",
        "entitlements",
        "register_pairs",
        "handovers",
        "staff_leavers",
        "pairs",
        "parties",
        "loan_accounts",
        "risk_funds",
        "training_entries",
        "training_needs",
        "employment_entries",
        "job_offers",
        "measures",
        "risk_findings",
        "registrations",
        "duty_misses",
        "records",
        "record_doers",
        "pay_lists",
        "unit_money",
        "payment_years",
        "fund_quotas",
        "reported_deaths",
        "household_accounts",
        "followed_records",
        "inbox",
        "households",
        "directory",
        "findings",
        "finding_answers",
        "revoked_tokens",
    },
    "monitoring": {
        "cases",
        "projects",
        "funds",
        "agreements",
        "programme_payments",
        "households",
        "targets",
        "exits",
        "directory",
        "findings",
        "finding_answers",
        "revoked_tokens",
    },
    "audit": {
        "stock",
        "declared_divisions",
        "asserted_openings",
        "staff",
        "revoked_tokens",
        *(f"readings_{service}" for service in BUILDS),
    },
}
WITHOUT_ROWS = {
    "registry": {
        "duty_misses",
        "screenings",
        "account_findings",
        "reconciliations",
        "reconciled_households",
        "reconciliation_findings",
    },
    "assistance": {
        "handovers",
        "finding_answers",
        "loan_accounts",
        "risk_funds",
        "training_entries",
        "training_needs",
        "employment_entries",
        "job_offers",
        "measures",
        "risk_findings",
    },
    "audit": {"asserted_openings"},
}
FOLDED_TO_NOTHING = {"assistance": {"staff_leavers"}}
"""Views that fold somebody of the sample, and have no row of anybody: all of its staff hold their posts."""
EMPTY_TABLES = {
    "registry": {
        "duty_misses",
        "village_groups",
        "group_screenings",
        "post_reviews",
        "account_digests",
        "account_findings",
        "account_checked_subjects",
        "reconciliations",
        "reconciled_households",
        "reconciled_numbers",
        "reconciliation_findings",
        "reconciliation_checked_subjects",
        "case_steps_beside",
    },
    "assistance": {
        "handovers",
        "staff_leavers",
        "findings",
        "finding_answers",
        "case_steps_beside",
        "loan_accounts",
        "loan_figures",
        "late_loan_figures",
        "risk_funds",
        "training_entries",
        "training_needs",
        "employment_entries",
        "job_offers",
        "measure_entries",
        "household_plans",
        "risk_findings",
        "risk_checked_subjects",
        "granted_quotas",
        "fund_use_notices",
    },
    "monitoring": {"case_steps_beside", "fund_draws", "programme_commitments", "agreement_dues"},
    "audit": {"asserted_openings"},
}
"""Views, and tables, of which this history has nothing: posts are recertified from 2020 on, no helper has more than ten
households, nobody borrows, and of what runs here no step stands beside another."""
Rows = Mapping[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("lika")
    with lika(BUILDS.values(), module_database, folder, datetime(2014, 6, 1, 1, tzinfo=UTC)) as started:
        record_history(started, AssistanceHarness(started))
        wait_until_consumed(started)
        yield started


def view_rows(running: Lika, service: str) -> Rows:
    """The rows of every table of a service's views."""
    found = {}
    with running.services[service].store.reading() as conn:
        for _, view in views_of(running.services[service]).values():
            for table in view.stored:
                columns = ", ".join(f"{name}::text" for name in table.columns)
                # Sums that came to nothing again are kept, and not made anew.
                some = " WHERE households <> 0 OR persons <> 0" if table.columns == SUMS else ""
                found[table.name] = sorted(conn.execute(f"SELECT {columns} FROM {table.name}{some}".encode()), key=repr)
    return found


def run_rebuild(running: Lika, service: str, *, workers: int = 1) -> RebuildResult:
    """As the command does: by a service that has read nothing yet."""
    sources = {name: LocalSource(s.store) for name, s in running.services.items()}
    opened = BUILDS[service](running.services[service].environment)[0]
    try:
        with WorkerPool(workers) as processes:
            return rebuild(opened, None, sources, processes, lambda *_: None, confirmed=False)
    finally:
        opened.stop()


@pytest.mark.parametrize("service", BUILDS)
def test_every_view_rebuilt_beside_the_running_services_is_the_live_one(running: Lika, service: str) -> None:
    live = view_rows(running, service)
    assert set(views_of(running.services[service])) == VIEWS[service]
    assert {table for table, rows in live.items() if not rows} == EMPTY_TABLES.get(service, set())
    for report in run_rebuild(running, service).reports:
        assert (report.compared, report.differences.rows, report.failed) == ("compared", 0, 0), report
        assert report.swapped
        assert bool(report.subjects) == (report.view not in WITHOUT_ROWS.get(service, ()))
    assert view_rows(running, service) == live
    assert all(consumer.runs for consumer in running.services[service].consumers.values())


@pytest.fixture(scope="module")
def processes() -> Iterator[WorkerPool]:
    """Two that fold; whatever service they are asked by."""
    with WorkerPool(2) as pool:
        pool.start()
        yield pool


@pytest.mark.parametrize("service", BUILDS)
def test_an_emptied_view_is_filled_again_from_the_log_alone(running: Lika, service: str, processes: WorkerPool) -> None:
    """And every view can be sent to another process."""
    live = view_rows(running, service)
    emptied = running.services[service]
    with emptied.store.reading() as conn, conn.transaction():
        for table in live:
            conn.execute(f"DELETE FROM {table}".encode())
    sources = {name: LocalSource(s.store) for name, s in running.services.items()}
    again = rebuild(emptied, None, sources, processes, lambda *_: None, confirmed=True)
    assert {r.view for r in again.reports if r.swapped and r.differences.rows} == (
        VIEWS[service] - WITHOUT_ROWS.get(service, set()) - FOLDED_TO_NOTHING.get(service, set())
    )
    assert view_rows(running, service) == live


def test_no_view_has_a_column_for_what_is_sealed(running: Lika) -> None:
    """Their rows are printed where they differ (docs/privacy.md)."""
    for service in running.services.values():
        for _, view in views_of(service).values():
            assert isinstance(view, View)
            with service.store.reading() as conn:
                for table in view.tables:
                    boxes = f"SELECT count(*) FROM {table.name} AS t WHERE t::text LIKE '%%A256GCM%%'"
                    assert conn.execute(boxes.encode()).fetchone() == (0,)
