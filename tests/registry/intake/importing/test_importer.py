"""Workbooks taken into the register: new households, surveys of known ones, and rows that the register refuses."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from contracts.registry.households import (
    HouseholdSurveyed,
    IncomeSurveyed,
    MemberJoined,
    MemberSurveyed,
)
from contracts.registry.intake import WorkbookImported
from contracts.roles import Role
from services.registry.intake.layout import SUMMARY_SHEET
from tests.registry.intake.example_workbooks import resident_id
from tests.registry.intake.import_requests import (
    ELSEWHERE,
    NEIGHBOUR,
    SECURED,
    VILLAGE,
    WORKBOOKS,
    cadre,
    child,
    errors,
    file,
    head,
    household,
    income,
    log,
    register,
    send,
    stream,
    took_in,
    types,
)
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with register(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def test_a_workbook_makes_households_with_members_income_and_conditions(running: Lika) -> None:
    who = cadre(running)
    book = file(
        [household("F1", **income(), **SECURED), household("F2")], [head("F1", 1), child("F1", 2), head("F2", 3)]
    )
    told = took_in(who, book, name="青山村.xlsx")
    assert (told["households_seen"], told["members_seen"]) == (2, 3)
    assert (told["recorded"], told["updated"], told["unchanged"], told["refused"]) == (2, 0, 0, 0)
    assert told["errors"] == []
    assert types(running, "F1") == ["HouseholdRecorded", "IncomeSurveyed", "ConditionsSurveyed"]
    household_id, facts = stream(running, "F1")
    seen = who.get(f"/registry/households/{household_id}").json()
    assert (seen["status"], seen["main_cause"], seen["address"], len(seen["members"])) == (
        "candidate",
        "illness",
        "***",
        2,
    )
    assert seen["incomes"][0]["per_head"] == "2674.75"
    paper = facts[0].fact.evidence[0]
    assert (paper.kind, paper.name, paper.sha256) == ("workbook", "青山村.xlsx", hashlib.sha256(book).hexdigest())
    assert facts[0].fact.entered_by == f"cadre-{VILLAGE}"


def test_the_import_itself_is_a_fact_with_its_figures(running: Lika) -> None:
    who = cadre(running)
    told = took_in(who, file([household("I1")], [head("I1", 5)]))
    (recorded,) = running.services["registry"].store.stream(f"intake-{told['batch_id']}")
    fact = recorded.fact
    assert isinstance(fact, WorkbookImported)
    assert (fact.households_seen, fact.recorded, fact.refused, fact.division) == (1, 1, 0, VILLAGE)
    assert fact.evidence[0].sha256 == told["file_sha256"]
    assert told["position"] == {"registry": recorded.position}
    seen = who.get(f"{WORKBOOKS}/{told['batch_id']}").json()
    assert (seen["households_seen"], seen["households_done"], seen["summary"]["recorded"]) == (1, 1, 1)
    assert running.who("stranger", ELSEWHERE, Role.CADRE).get(f"{WORKBOOKS}/{told['batch_id']}").status_code == 404


def test_trying_a_file_tells_all_and_writes_nothing(running: Lika) -> None:
    before = log(running)
    book = file([household("D1"), household("D2", division="990001101999")], [head("D1", 7), head("D2", 9)])
    answer = send(cadre(running), book, dry_run=True)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["batch_id"], told["recorded"], told["refused"]) == (None, 1, 1)
    assert errors(told) == [("户表", 3, "行政区划代码", "unknown_village")]
    assert log(running) == before


def test_the_same_workbook_again_changes_nothing(running: Lika) -> None:
    who = cadre(running)
    book = file(
        [household("S1", **income(), **SECURED)],
        [head("S1", 11, phone="13900000001", health="健康"), child("S1", 12, disability_level="无")],
    )
    took_in(who, book)
    before = len(stream(running, "S1")[1])
    told = took_in(who, book)
    assert (told["updated"], told["unchanged"]) == (0, 1)
    assert len(stream(running, "S1")[1]) == before


def test_a_blank_means_unchanged(running: Lika) -> None:
    who = cadre(running)
    full = [head("B1", 13, phone="13900000002"), child("B1", 14, school="某小学", boarder="是")]
    took_in(who, file([household("B1", **income(), **SECURED)], full))
    bare = {"national_no": "B1", "division": VILLAGE, "surveyed_on": "2014-05-21"}
    told = took_in(who, file([bare], [head("B1", 13), {**child("B1", 14), "school_stage": None}]))
    assert (told["unchanged"], told["warnings"][0]["code"]) == (1, "id_unknown_area")
    assert types(running, "B1").count("HouseholdSurveyed") == 0


def test_only_what_differs_is_recorded(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("U1", **income())], [head("U1", 15, phone="13900000003"), child("U1", 16)]))
    lines = [household("U1", surveyed_on="2014-05-28", arable_mu=4, **income(wages=5000))]
    told = took_in(who, file(lines, [head("U1", 15, phone="13900000004"), child("U1", 16)]))
    assert (told["updated"], told["unchanged"]) == (1, 0)
    new = [recorded.fact for recorded in stream(running, "U1")[1][2:]]
    surveyed, earned, member = new
    assert isinstance(surveyed, HouseholdSurveyed)
    assert (surveyed.arable_mu, surveyed.address, surveyed.main_cause) == (Decimal("4.000"), None, None)
    assert surveyed.effective_on == date(2014, 5, 28)
    assert isinstance(earned, IncomeSurveyed)
    assert earned.wages == Decimal("5000.00")
    assert isinstance(member, MemberSurveyed)
    assert (member.school_stage, member.phone is not None) == (None, True)


def test_a_disability_that_ended_is_told_apart_from_a_blank(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("Z1")], [head("Z1", 17, disability_level="二级")]))
    told = took_in(who, file([household("Z1")], [head("Z1", 17, disability_level="无")]))
    assert told["updated"] == 1
    assert took_in(who, file([household("Z1")], [head("Z1", 17, disability_level="无")]))["unchanged"] == 1


def test_a_new_member_joins_and_a_missing_one_stays(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("J1")], [head("J1", 19), child("J1", 20)]))
    baby = {**child("J1", 21, born="20140522", school_stage=None), "national_no": None}
    told = took_in(who, file([household("J1", surveyed_on="2014-05-30")], [head("J1", 19), baby]))
    assert told["updated"] == 1
    assert [w["code"] for w in told["warnings"] if w["code"].startswith("intake")] == ["intake_member_missing"]
    household_id, facts = stream(running, "J1")
    joined = facts[-1].fact
    assert isinstance(joined, MemberJoined)
    assert (joined.reason, joined.effective_on) == ("birth", date(2014, 5, 22))
    assert len(who.get(f"/registry/households/{household_id}").json()["members"]) == 3


def test_an_id_of_another_person_refuses_its_household_and_no_other(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("K1")], [head("K1", 23)]))
    book = file([household("K2"), household("K3")], [head("K2", 25), child("K2", 24), head("K3", 23)])
    told = took_in(who, book)
    assert (told["recorded"], told["refused"]) == (1, 1)
    assert errors(told) == [("成员表", 4, "证件号码", "id_number_on_register")]
    again = took_in(who, file([household("K3")], [head("K3", 27)]))
    assert again["recorded"] == 1


def test_an_id_of_another_person_in_a_known_household_is_refused_too(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("L1"), household("L2")], [head("L1", 29), head("L2", 31)]))
    stranger = {**head("L1", 31), "national_no": None, "relation": "其他"}
    assert errors(took_in(who, file([household("L1")], [head("L1", 29), stranger]))) == [
        ("成员表", 3, "证件号码", "id_number_on_register")
    ]


def test_who_somebody_is_does_not_change_by_a_survey(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("N1")], [head("N1", 33), child("N1", 34)]))
    told = took_in(who, file([household("N1")], [{**head("N1", 33), "name": "王五"}, {**child("N1", 36)}]))
    assert errors(told) == [("成员表", 2, "姓名", "identity_differs"), ("成员表", 3, "证件号码", "identity_differs")]
    swapped = [{**head("N1", 33), "relation": "父母"}, {**child("N1", 34), "relation": "户主"}]
    assert {code for *_, code in errors(took_in(who, file([household("N1")], swapped)))} == {"head_differs"}


def test_villages_unknown_outside_the_area_or_not_the_households_own_are_row_errors(running: Lika) -> None:
    township = cadre(running, VILLAGE[:9])
    took_in(township, file([household("V1"), household("V2", division=NEIGHBOUR)], [head("V1", 37), head("V2", 39)]))
    lines = [household("V1", division=NEIGHBOUR), household("V3", division=ELSEWHERE)]
    told = took_in(
        township,
        file([*lines, household("V4", division="990001101777")], [head("V1", 37), head("V3", 41), head("V4", 43)]),
    )
    assert errors(told) == [
        ("户表", 2, "行政区划代码", "other_village"),
        ("户表", 3, "行政区划代码", "village_outside_area"),
        ("户表", 4, "行政区划代码", "unknown_village"),
    ]
    # Where a household out of sight lives is not told.
    told = took_in(cadre(running), file([household("V2")], [head("V2", 39)]))
    assert errors(told) == [("户表", 2, "户编号", "household_no_on_register")]


def test_a_person_whom_nobody_knows_needs_an_id(running: Lika) -> None:
    nameless = {**head("P1", 45), "id_number": None, "sex": "男"}
    assert errors(took_in(cadre(running), file([household("P1")], [nameless]))) == [
        ("成员表", 2, "证件号码", "new_person_needs_id")
    ]


def test_a_survey_before_the_household_was_on_record_is_refused(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("E1")], [head("E1", 47)]))
    told = took_in(who, file([household("E1", surveyed_on="2014-05-01", arable_mu=9)], [head("E1", 47)]))
    assert errors(told) == [("户表", 2, "调查日期", "household_not_yet_recorded")]


def test_a_late_workbook_is_compared_with_its_own_day(running: Lika) -> None:
    who = cadre(running)
    took_in(who, file([household("T1")], [head("T1", 49)]))
    took_in(who, file([household("T1", surveyed_on="2014-05-30", arable_mu=5)], [head("T1", 49)]))
    assert took_in(who, file([household("T1", surveyed_on="2014-05-25")], [head("T1", 49)]))["unchanged"] == 1
    household_id, _ = stream(running, "T1")
    assert who.get(f"/registry/households/{household_id}").status_code == 200


def test_a_row_error_keeps_its_household_out_and_lets_the_others_in(running: Lika) -> None:
    who = cadre(running)
    told = took_in(who, file([household("R1"), household("R2")], [head("R1", 51), {**head("R2", 53), "name": None}]))
    assert (told["recorded"], told["refused"]) == (1, 1)
    assert errors(told) == [("成员表", 3, "姓名", "required")]


def test_the_annotated_workbook_shows_the_registers_objections(running: Lika) -> None:
    who = cadre(running)
    book = file([household("A1", division=ELSEWHERE)], [head("A1", 55)])
    answer = who._client.post(f"{WORKBOOKS}/annotations", content=book, headers=who._headers)
    assert answer.status_code == 200
    summary = openpyxl.load_workbook(BytesIO(answer.content))[SUMMARY_SHEET]
    assert [row[3] for row in summary.iter_rows(min_row=2, values_only=True)] == ["intake_village_outside_area"]


def test_no_plaintext_of_a_workbook_is_kept(running: Lika) -> None:
    number = resident_id("19700315", "057")
    line = household("X1", address="某组不可见门牌")
    took_in(cadre(running), file([line], [head("X1", 57)]), name=f"{number}.xlsx")
    entries = running.services["registry"].store.recorder.select_notifications(1, 9999)
    with running.services["registry"].store.reading() as conn:
        kept = str(conn.execute("SELECT * FROM intake_batches").fetchall())
    for text in (number, "不可见门牌"):
        assert text not in kept
        assert all(text.encode() not in entry.state for entry in entries)


def test_only_a_cadre_brings_workbooks_in_and_only_workbooks(running: Lika) -> None:
    book = file([household("C1")], [head("C1", 59)])
    assert send(running.who("r", VILLAGE, Role.REVIEWER), book).status_code == 403
    refused = send(cadre(running), b"not a workbook")
    assert (refused.status_code, refused.json()["code"]) == (422, "intake_not_a_workbook")
    wrong_kind = cadre(running).post(WORKBOOKS, {"file": "x"})
    assert (wrong_kind.status_code, wrong_kind.json()["code"]) == (415, "unsupported_media")


def test_the_template_is_served(running: Lika) -> None:
    answer = cadre(running).get("/registry/intake/template")
    assert answer.status_code == 200
    assert openpyxl.load_workbook(BytesIO(answer.content)).sheetnames[:2] == ["户表", "成员表"]
