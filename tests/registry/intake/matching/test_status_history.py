"""Status history of an older system: taken over with its own dates and precision, kept apart from what was recorded
here."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from uuid import uuid4

import pytest

from contracts.facts import Precision
from contracts.registry.members import MemberJoined
from contracts.registry.poverty_status import HouseholdExited, HouseholdReturned
from contracts.roles import Role
from tests.registry.intake.example_workbooks import SheetLine
from tests.registry.intake.history_imports import ApprovedImporter, open_history_import
from tests.registry.intake.import_requests import (
    NEIGHBOUR,
    VILLAGE,
    cadre_of,
    child_line,
    head_line,
    household_fact_types,
    household_facts,
    household_line,
    import_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2018, 3, 1)) as started:  # noqa: DTZ001
        open_history_import(started)
        yield started


@pytest.fixture
def county(running: Lika) -> ApiClient:
    return ApprovedImporter(running)


def event(number: str, kind: str, day: str, **more: object) -> SheetLine:
    return {"household_no": number, "event": kind, "effective_on": day, "source_recorded_on": "2017-12-30", **more}


def test_history_keeps_its_precision_and_what_the_old_system_said(running: Lika, county: ApiClient) -> None:
    decision = {"document_no": "样府〔2014〕1号", "organ": "样例县", "decided_on": "2014-12-20", "signer": "县长"}
    history = [event("A1", "识别", "2014"), event("A1", "脱贫", "2015-12", **decision)]
    result = import_workbook(
        county, workbook_bytes([household_line("A1", surveyed_on="2018-02-01")], [head_line("A1", 1)], history)
    )
    assert (result["recorded"], result["errors"]) == (1, [])
    household_id, facts = household_facts(running, "A1")
    assert household_fact_types(running, "A1") == ["HouseholdRecorded", "HouseholdEnrolled", "HouseholdExited"]
    assert [(r.fact.effective_on, r.fact.precision) for r in facts] == [
        (date(2014, 1, 1), Precision.YEAR),
        (date(2014, 1, 1), Precision.YEAR),
        (date(2015, 12, 1), Precision.MONTH),
    ]
    assert {r.fact.source_recorded_on for r in facts} == {date(2017, 12, 30)}
    exit_fact = facts[2].fact
    assert isinstance(exit_fact, HouseholdExited)
    assert (exit_fact.case_id, exit_fact.decision is not None and exit_fact.decision.organ) == (None, "样例县")
    seen = county.get(f"/registry/households/{household_id}", as_of="2015-11-30").json()
    assert seen["status"] == "registered"
    assert county.get(f"/registry/households/{household_id}", known_at="2018-02-28").status_code == 404


def test_a_return_names_the_exit_that_it_undoes(running: Lika, county: ApiClient) -> None:
    history = [event("B1", "识别", "2014"), event("B1", "脱贫", "2015"), event("B1", "返贫", "2016-08")]
    import_workbook(
        county, workbook_bytes([household_line("B1", surveyed_on="2018-02-01")], [head_line("B1", 3)], history)
    )
    _, facts = household_facts(running, "B1")
    returned = facts[3].fact
    assert isinstance(returned, HouseholdReturned)
    assert (returned.former_exit, returned.cause) == (facts[2].id, "illness")


def test_children_born_after_the_old_entry_join_on_their_birthday(running: Lika, county: ApiClient) -> None:
    members = [head_line("C1", 5), child_line("C1", 6, born="20160307", school_stage=None)]
    import_workbook(
        county, workbook_bytes([household_line("C1", surveyed_on="2018-02-01")], members, [event("C1", "识别", "2014")])
    )
    household_id, facts = household_facts(running, "C1")
    joined = facts[1].fact
    assert isinstance(joined, MemberJoined)
    assert (joined.reason, joined.effective_on) == ("birth", date(2016, 3, 7))
    seen = county.get(f"/registry/households/{household_id}", as_of="2015-12-31").json()
    assert len(seen["members"]) == 1


def test_history_that_is_on_record_is_not_taken_twice_and_may_be_continued(running: Lika, county: ApiClient) -> None:
    line, members = household_line("D1", surveyed_on="2018-02-01"), [head_line("D1", 7)]
    history = [event("D1", "识别", "2014-05-20"), event("D1", "脱贫", "2015")]
    import_workbook(county, workbook_bytes([line], members, history))
    assert (
        import_workbook(county, workbook_bytes([line], members, [event("D1", "识别", "2014"), history[1]]))["unchanged"]
        == 1
    )
    result = import_workbook(county, workbook_bytes([line], members, [*history, event("D1", "剔除", "2017-11-02")]))
    assert result["updated"] == 1
    assert household_fact_types(running, "D1")[-1] == "HouseholdRemoved"


def test_who_was_removed_is_identified_again(running: Lika, county: ApiClient) -> None:
    line, members = household_line("D2", surveyed_on="2018-02-01"), [head_line("D2", 8)]
    history = [event("D2", "识别", "2014-05-20"), event("D2", "剔除", "2015-11-02"), event("D2", "识别", "2016-05-20")]
    assert import_workbook(county, workbook_bytes([line], members, history))["recorded"] == 1
    assert household_fact_types(running, "D2")[-2:] == ["HouseholdRemoved", "HouseholdEnrolled"]


def test_an_impossible_history_is_an_error_of_its_row(county: ApiClient) -> None:
    history = [event("E1", "识别", "2014"), event("E1", "返贫", "2015")]
    result = import_workbook(
        county, workbook_bytes([household_line("E1", surveyed_on="2018-02-01")], [head_line("E1", 9)], history)
    )
    assert (result["recorded"], row_errors(result)) == (0, [("历史表", 3, "事件", "poverty_status_forbids")])


def test_the_day_of_the_old_record_must_be_given(county: ApiClient) -> None:
    history = [event("F1", "识别", "2014", source_recorded_on=None)]
    result = import_workbook(
        county, workbook_bytes([household_line("F1", surveyed_on="2018-02-01")], [head_line("F1", 11)], history)
    )
    assert row_errors(result) == [("历史表", 2, "", "source_day_missing")]


def test_a_village_or_township_cannot_migrate_a_status(running: Lika) -> None:
    for area in (VILLAGE, VILLAGE[:9]):
        line = household_line("G1", surveyed_on="2018-02-01")
        result = import_workbook(
            cadre_of(running, area), workbook_bytes([line], [head_line("G1", 13)], [event("G1", "识别", "2014")])
        )
        assert row_errors(result) == [("历史表", 2, "", "history_needs_county")]


def test_a_household_with_a_procedure_here_takes_no_more_history(running: Lika, county: ApiClient) -> None:
    line, members = household_line("H1", surveyed_on="2018-02-01"), [head_line("H1", 15)]
    import_workbook(county, workbook_bytes([line], members, [event("H1", "识别", "2014")]))
    household_id, _ = household_facts(running, "H1")
    by_case = HouseholdExited(
        household_id=household_id, effective_on=date(2016, 11, 7), entered_by="county-1", enjoys_policies=True,
        case_id=uuid4(),
    )  # fmt: skip
    running.services["registry"].store.transact(lambda tx: tx.append(f"household-{household_id}", by_case))
    result = import_workbook(
        county, workbook_bytes([line], members, [event("H1", "识别", "2014"), event("H1", "返贫", "2017")])
    )
    assert row_errors(result) == [("历史表", 3, "", "history_after_case")]


def test_a_household_that_moved_is_not_moved_back_by_an_old_workbook(running: Lika, county: ApiClient) -> None:
    line = household_line("J1", surveyed_on="2018-02-01")
    import_workbook(county, workbook_bytes([line], [head_line("J1", 17)], [event("J1", "识别", "2014")]))
    household_id, _ = household_facts(running, "J1")
    move = {"effective_on": "2018-02-10", "from_division": VILLAGE, "to_division": NEIGHBOUR}
    assert (
        running.client_for("cadre-t", VILLAGE[:9], Role.CADRE)
        .post(f"/registry/households/{household_id}/moves", move)
        .is_success
    )
    before = import_workbook(county, workbook_bytes([line], [head_line("J1", 17)]))
    assert (before["unchanged"], before["errors"]) == (1, []), "it is about a day on which the household lived there"
    later = workbook_bytes([{**line, "surveyed_on": "2018-02-10"}], [head_line("J1", 17)])
    assert row_errors(import_workbook(county, later)) == [("户表", 2, "行政区划代码", "other_village")]
