"""Plan tables of the field go in as drafts, and come out with the tables' sums, or with the conflict that they state."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from services.monitoring.service import monitoring
from tests.monitoring.projects.more_plan_tables import CITY, HUANGMEI, TABLES
from tests.monitoring.projects.plan_tables import TOWNSHIP_2016, Table, draft_of
from tests.monitoring.projects.road import PROJECTS, Handlers, done, draft, refused
from tests.monitoring.registry_stub import registry_stub
from tests.support.running import lika

TODAY = "2016-01-12"


@pytest.fixture(scope="module")
def handlers(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handlers]:
    folder = tmp_path_factory.mktemp("plans")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2016, 1, 12, 2, tzinfo=UTC)) as started:
        yield Handlers(started)


def entered(h: Handlers, table: Table) -> dict[str, Any]:
    answer: dict[str, Any] = h.auditor.get(done(h.township, PROJECTS, draft_of(table, TODAY))).json()
    return answer


def quantities(components: Any) -> Counter[str]:
    """By unit: nothing is added up across units."""
    found: Counter[str] = Counter()
    for each in components:
        if each["quantity"] is not None:
            found[each["quantity"]["unit"]] += Decimal(each["quantity"]["amount"])  # type: ignore[assignment]
    return found


def test_every_table_comes_out_with_its_sums_and_its_gaps(handlers: Handlers) -> None:
    for table in TABLES:
        project = entered(handlers, table)
        form = draft_of(table, TODAY)
        assert Decimal(project["cost"]) == Decimal(table.cost) * 10_000, table.plan
        assert project["gaps"] == form["gaps"]
        assert quantities(project["components"]) == quantities(form["components"])
        sums = quantities(project["components"])
        assert {unit: sums[unit] for unit in table.sums} == {u: Decimal(s) for u, s in table.sums.items()}, table.plan
        served = [sum(c[name] or 0 for c in project["components"]) for name in ("households", "persons")]
        assert tuple(served) == table.figures, table.plan
        unfilled = {**form, "gaps": form["gaps"][1:]}
        code = refused(handlers.township, PROJECTS, unfilled) if form["gaps"][0]["gap"] == "unknown" else None
        assert code in (None, "project_gap_unlisted")


def test_the_stated_conflict_of_the_townships_roads_is_reported(handlers: Handlers) -> None:
    project = entered(handlers, TOWNSHIP_2016)
    roads = [c["quantity"] for c in project["components"] if c["content"] == "村道公路改建"]
    assert [r["amount"] for r in roads] == ["3", "13"]
    assert [g["as_written"] for g in project["gaps"] if g["gap"] == "conflict"] == [
        "3公里+13公里；同一报告另写8.2公里"
    ] * 2


def test_figures_that_conflict_come_out_with_the_conflict_and_half_a_figure_is_a_gap(handlers: Handlers) -> None:
    """50 households are 200 persons in one line and 160 in another; 36 trained are 26 when added up."""
    for table, said in ((CITY, "160人"), (HUANGMEI, "只有26人")):
        gaps = entered(handlers, table)["gaps"]
        assert [said in gap["as_written"] for gap in gaps if gap["gap"] == "conflict"] == [True]
    half = draft()
    half["components"][0]["persons"] = 600
    assert refused(handlers.township, PROJECTS, half) == "project_gap_unlisted"
    half["components"][0]["households"] = 230
    whole = handlers.auditor.get(done(handlers.township, PROJECTS, half)).json()
    assert [(c["households"], c["persons"]) for c in whole["components"]] == [(230, 600)]


def test_how_projects_of_a_kind_run_is_a_document_with_a_first_day(handlers: Handlers) -> None:
    before = draft(effective_on="2010-12-31")
    assert refused(handlers.village, PROJECTS, before) == "project_kind_unknown"
    for day in ("2011-01-01", "2011-01-02"):
        done(handlers.village, PROJECTS, draft(effective_on=day))
    assert refused(handlers.village, PROJECTS, draft(project_kind="bridges")) == "project_kind_unknown"
