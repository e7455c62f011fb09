"""Workbooks taken into the register: new households, surveys of known ones, and rows that the register refuses."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal

import pytest

from contracts.registry.intake import WorkbookImported
from contracts.registry.members import MemberJoined, MemberSurveyed
from contracts.registry.surveys import HouseholdSurveyed, IncomeSurveyed
from contracts.roles import Role
from tests.registry.intake.example_workbooks import resident_id_of
from tests.registry.intake.import_requests import (
    ALL_CONDITIONS,
    ELSEWHERE,
    VILLAGE,
    WORKBOOKS,
    cadre_of,
    child_line,
    head_line,
    household_fact_types,
    household_facts,
    household_line,
    import_workbook,
    income_fields,
    logged_types,
    post_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def test_a_workbook_makes_households_with_members_income_and_conditions(running: Lika) -> None:
    person = cadre_of(running)
    book = workbook_bytes(
        [household_line("F1", **income_fields(), **ALL_CONDITIONS), household_line("F2")],
        [head_line("F1", 1), child_line("F1", 2), head_line("F2", 3)],
    )
    result = import_workbook(person, book)
    assert (result["households_seen"], result["members_seen"]) == (2, 3)
    assert (result["recorded"], result["updated"], result["unchanged"], result["refused"]) == (2, 0, 0, 0)
    assert result["errors"] == []
    assert household_fact_types(running, "F1") == ["HouseholdRecorded", "IncomeSurveyed", "ConditionsSurveyed"]
    household_id, facts = household_facts(running, "F1")
    seen = person.get(f"/registry/households/{household_id}").json()
    assert (seen["status"], seen["main_cause"], seen["address"], len(seen["members"])) == (
        "candidate",
        "illness",
        "***",
        2,
    )
    assert seen["incomes"][0]["per_head"] == "2674.75"
    paper = facts[0].fact.evidence[0]
    assert paper.kind == "workbook"
    assert paper.file is not None
    kept = person.get(f"/registry/evidence/{paper.file.id}/content", purpose="verification")
    assert (kept.status_code, kept.content) == (200, book)
    assert facts[0].fact.entered_by == f"cadre-{VILLAGE}"


def test_the_import_itself_is_a_fact_with_its_figures(running: Lika) -> None:
    person = cadre_of(running)
    result = import_workbook(person, workbook_bytes([household_line("I1")], [head_line("I1", 5)]))
    (recorded,) = running.services["registry"].store.stream(f"intake-{result['batch_id']}")
    fact = recorded.fact
    assert isinstance(fact, WorkbookImported)
    assert (fact.households_seen, fact.recorded, fact.refused, fact.division) == (1, 1, 0, VILLAGE)
    (book,) = fact.evidence
    assert book.file is not None
    kept = person.get(f"/registry/evidence/{book.file.id}").json()
    assert (kept["subjects"], kept["sha256"]) == ([result["batch_id"]], book.file.sha256)
    assert result["position"] == {"registry": recorded.position}
    seen = person.get(f"{WORKBOOKS}/{result['batch_id']}").json()
    assert (seen["households_seen"], seen["households_done"], seen["summary"]["recorded"]) == (1, 1, 1)
    assert (
        running.client_for("stranger", ELSEWHERE, Role.CADRE).get(f"{WORKBOOKS}/{result['batch_id']}").status_code
        == 404
    )


def test_trying_a_file_tells_all_and_records_only_that_it_was_tried(running: Lika) -> None:
    before = logged_types(running)
    book = workbook_bytes(
        [household_line("D1"), household_line("D2", division="990001101999")], [head_line("D1", 7), head_line("D2", 9)]
    )
    answer = post_workbook(cadre_of(running), book, dry_run=True)
    assert answer.status_code == 200
    result = answer.json()
    assert (result["batch_id"], result["recorded"], result["refused"]) == (None, 1, 1)
    assert row_errors(result) == [("户表", 3, "行政区划代码", "unknown_village")]
    assert logged_types(running) == [*before, "DryRunMade"]


def test_the_same_workbook_again_changes_nothing(running: Lika) -> None:
    person = cadre_of(running)
    book = workbook_bytes(
        [household_line("S1", **income_fields(), **ALL_CONDITIONS)],
        [head_line("S1", 11, phone="13900000001", health="健康"), child_line("S1", 12, disability_level="无")],
    )
    import_workbook(person, book)
    before = len(household_facts(running, "S1")[1])
    result = import_workbook(person, book)
    assert (result["updated"], result["unchanged"]) == (0, 1)
    assert len(household_facts(running, "S1")[1]) == before


def test_a_blank_means_unchanged(running: Lika) -> None:
    person = cadre_of(running)
    full = [head_line("B1", 13, phone="13900000002"), child_line("B1", 14, school="某小学", boarder="是")]
    import_workbook(person, workbook_bytes([household_line("B1", **income_fields(), **ALL_CONDITIONS)], full))
    bare = {"national_no": "B1", "division": VILLAGE, "surveyed_on": "2014-05-21"}
    result = import_workbook(
        person, workbook_bytes([bare], [head_line("B1", 13), {**child_line("B1", 14), "school_stage": None}])
    )
    assert (result["unchanged"], result["warnings"][0]["code"]) == (1, "id_unknown_area")
    assert household_fact_types(running, "B1").count("HouseholdSurveyed") == 0


def test_only_what_differs_is_recorded(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(
        person,
        workbook_bytes(
            [household_line("U1", **income_fields())], [head_line("U1", 15, phone="13900000003"), child_line("U1", 16)]
        ),
    )
    lines = [household_line("U1", surveyed_on="2014-05-28", arable_mu=4, **income_fields(wages=5000))]
    result = import_workbook(
        person, workbook_bytes(lines, [head_line("U1", 15, phone="13900000004"), child_line("U1", 16)])
    )
    assert (result["updated"], result["unchanged"]) == (1, 0)
    new = [recorded.fact for recorded in household_facts(running, "U1")[1][2:]]
    surveyed, earned, member = new
    assert isinstance(surveyed, HouseholdSurveyed)
    assert (surveyed.arable_mu, surveyed.address, surveyed.main_cause) == (Decimal("4.000"), None, None)
    assert surveyed.effective_on == date(2014, 5, 28)
    assert isinstance(earned, IncomeSurveyed)
    assert earned.wages == Decimal("5000.00")
    assert isinstance(member, MemberSurveyed)
    assert (member.school_stage, member.phone is not None) == (None, True)


def test_a_disability_that_ended_is_told_apart_from_a_blank(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("Z1")], [head_line("Z1", 17, disability_level="二级")]))
    result = import_workbook(
        person, workbook_bytes([household_line("Z1")], [head_line("Z1", 17, disability_level="无")])
    )
    assert result["updated"] == 1
    assert (
        import_workbook(person, workbook_bytes([household_line("Z1")], [head_line("Z1", 17, disability_level="无")]))[
            "unchanged"
        ]
        == 1
    )


def test_a_new_member_joins_and_a_missing_one_stays(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("J1")], [head_line("J1", 19), child_line("J1", 20)]))
    baby = {**child_line("J1", 21, born="20140522", school_stage=None), "national_no": None}
    result = import_workbook(
        person, workbook_bytes([household_line("J1", surveyed_on="2014-05-30")], [head_line("J1", 19), baby])
    )
    assert result["updated"] == 1
    assert [w["code"] for w in result["warnings"] if w["code"].startswith("intake")] == ["intake_member_missing"]
    household_id, facts = household_facts(running, "J1")
    joined = facts[-1].fact
    assert isinstance(joined, MemberJoined)
    assert (joined.reason, joined.effective_on) == ("birth", date(2014, 5, 22))
    assert len(person.get(f"/registry/households/{household_id}").json()["members"]) == 3


def test_a_late_workbook_is_compared_with_its_own_day(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("T1")], [head_line("T1", 49)]))
    import_workbook(
        person, workbook_bytes([household_line("T1", surveyed_on="2014-05-30", arable_mu=5)], [head_line("T1", 49)])
    )
    assert (
        import_workbook(
            person, workbook_bytes([household_line("T1", surveyed_on="2014-05-25")], [head_line("T1", 49)])
        )["unchanged"]
        == 1
    )
    household_id, _ = household_facts(running, "T1")
    assert person.get(f"/registry/households/{household_id}").status_code == 200


def test_a_row_error_keeps_its_household_out_and_lets_the_others_in(running: Lika) -> None:
    person = cadre_of(running)
    result = import_workbook(
        person,
        workbook_bytes(
            [household_line("R1"), household_line("R2")], [head_line("R1", 51), {**head_line("R2", 53), "name": None}]
        ),
    )
    assert (result["recorded"], result["refused"]) == (1, 1)
    assert row_errors(result) == [("成员表", 3, "姓名", "required")]


def test_no_plaintext_of_a_workbook_is_kept(running: Lika) -> None:
    number = resident_id_of("19700315", "057")
    line = household_line("X1", address="某组不可见门牌")
    import_workbook(cadre_of(running), workbook_bytes([line], [head_line("X1", 57)]))
    entries = running.services["registry"].store.recorder.select_notifications(1, 9999)
    with running.services["registry"].store.reading() as conn:
        kept = str(conn.execute("SELECT * FROM workbook_batches").fetchall())
    for text in (number, "不可见门牌"):
        assert text not in kept
        assert all(text.encode() not in entry.state for entry in entries)
