"""Rows of the source facts of which more is to be shown than a benefit that is due and paid: what is screened and what it costs, who
rides which bus, how migrant families' pupils are treated, and what a school may not keep or charge. Over HTTP in one county."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.registry.enrolments import EnrolmentEnd, EnrolmentEnded, PupilEnrolled
from contracts.roles import Role
from tests.assistance.benefits.field import (
    APPLIED,
    DECIDED,
    PAID,
    TOLD,
    Benefit,
    adopted,
)
from tests.assistance.benefits.field_rows import (
    ALL,
    BUS,
    GRANTING,
    LIVING,
    PRIMARY,
    PUPILS,
    RELIEF,
    SCREENING,
    FieldRows,
    handed_over,
    person,
    posted,
    reach,
    school,
    without_papers,
)
from tests.assistance.care.telling import CareCounty
from tests.assistance.harness import COUNTY, assistance_harness

ELSEWHERE, SPRING = "990002", "2017-02-24"


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FieldRows]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), APPLIED) as harness:
        found = adopted(harness, ALL)
        found.__class__ = FieldRows
        assert isinstance(found, FieldRows)
        found.care = CareCounty(harness, APPLIED)
        found.take_in(ALL)
        harness.advance_to(TOLD)
        yield found


def test_nobody_is_aided_without_the_paper_that_the_rule_asks_for(office: FieldRows) -> None:
    """M114, M136: whose school runs no buses, or who has no diagnosis."""
    assert {without_papers(office, benefit) for benefit in (BUS, RELIEF)} == {"nobody_to_propose"}


def test_women_are_screened_at_a_cost_that_is_not_wholly_matched_and_eleven_are_relieved(office: FieldRows) -> None:
    """M136, B31: 79 of 100 yuan, 60 and 40 per cent of it; eleven grants of 10,000 yuan; 3,126 and 2,570 screened in 2014."""
    harness, care = office.harness, office.care
    for number, woman in enumerate(SCREENING.families[:12]):
        result = "confirmed" if number < 11 else "normal"
        care.post("/records", care.form("cancer_screening", person(woman), TOLD, organ="breast", result=result))
    unknown = care.form("cancer_screening", person(SCREENING.families[0]), TOLD, organ="breast", result="confirmed")
    assert care.refusal("/records", {**unknown, "values": unknown["values"][:1]}) == "record_field_missing"
    counts = harness.get("/records/counts", harness.reviewer, kind="cancer_screening", since=APPLIED)["counts"]
    assert [(c["records"], c["persons"]) for c in counts] == [(12, 12)]
    federation = care.party("association", "妇联", since=APPLIED)
    care.tell("screening_report", federation, TOLD, cervical="3126", breast="2570", unit_cost="100", matched="79")
    sums = care.totals("screening_report")
    assert [sums[name][2] for name in ("cervical", "breast", "unit_cost", "matched")] == [
        "3126.00",
        "2570.00",
        "100.00",
        "79.00",
    ]
    due = [line for e in office.entitlements(SCREENING.programme) for line in e["due"]]
    assert {(line["amount"], line["gap"]) for line in due} == {("79.00", "21")}
    assert {tuple((b["level"], b["amount"]) for b in line["borne"]) for line in due} == {
        (("county", "31.60"), ("province", "47.40"))
    }  # fmt: skip
    examined, relieved = posted(office, SCREENING, "948.00"), posted(office, RELIEF, "110000.00")
    reach(office, PAID)
    for pay_list, total in ((examined, "948.00"), (relieved, "110000.00")):
        handed_over(office, pay_list)
        office.take(pay_list, office.result(pay_list, PAID))
        assert office.read(pay_list)["settled"] == total
    assert {line["payee_kind"] for line in office.lines(examined)} == {"hospital"}
    total = harness.get("/payments/totals", office.finance, programme=RELIEF.programme)["total"]
    assert (total["persons"], total["amount"], total["a_person"]) == (11, "110000.00", "10000.00")
    figures = [office.identities(programme=benefit.programme) for benefit in (SCREENING, RELIEF)]
    assert [(f["hold"], f["unpaid"]) for f in figures] == [(True, "0.00")] * 2


def test_who_rides_a_bus_that_the_school_runs_is_given_five_hundred_yuan_a_school_year(office: FieldRows) -> None:
    """M114: school, route and pupil are on record; the paper of the route is what the application proves."""
    care, runs = office.care, school(office, "有校车小学")
    route = care.form("school_bus_route", runs, TOLD, route="青龙咀—镇小", licence_no="校车许2016-3", pupils="2")
    for missing in ("route", "licence_no"):
        values = [v for v in route["values"] if v["field"] != missing]
        assert care.refusal("/records", {**route, "values": values}) == "record_field_missing"
    care.post("/records", route)
    for pupil in BUS.families:
        care.tell(
            "school_bus_ride",
            person(pupil),
            TOLD,
            school="有校车小学",
            route="青龙咀—镇小",
            school_year_from="2016-09-01",
        )
        assert office.due(BUS.programme, str(pupil.pupil.person_id)) == [("bus", "2016-09-01", "500.00")]
    assert care.totals("school_bus_route")["pupils"] == (1, 1, "2.00")
    pay_list = posted(office, BUS, "1000.00")
    reach(office, PAID)
    handed_over(office, pay_list)
    office.take(pay_list, office.result(pay_list, PAID))
    assert office.read(pay_list)["settled"] == "1000.00"


def studies(office: FieldRows, pupil: Any, *facts: Any) -> None:
    """What education says, in the pupil's own stream."""
    registry = office.harness.registry

    def work(tx: Any) -> None:
        tx.append(f"enrolment-{pupil.pupil.person_id}", *facts)
        office.harness.running.positions["registry"] = tx.head + len(facts)

    registry.transact(work, actor="education-1")


def enrolment(kind: Callable[..., Any], pupil: Any, stay: UUID, on: str, **fields: Any) -> Any:
    return kind(
        effective_on=date.fromisoformat(on), entered_by="education-1", person_id=pupil.pupil.person_id,
        household_id=pupil.household, enrolment_id=stay, **fields,
    )  # fmt: skip


def test_eligibility_follows_the_person_and_not_the_place_of_study(office: FieldRows) -> None:
    """M022; source facts §5 rule 15: enrolled in another county, transferred there, then the family moves after: what is due is what
    the pupil at home is due, and the document says whose county pays."""
    at_home, away = PUPILS
    first, second = uuid4(), uuid4()
    place = {"stage": PRIMARY, "boarding": True, "grade": 4}
    studies(
        office, away,
        enrolment(PupilEnrolled, away, first, "2016-09-01", school_code="9900020001", **place),
        enrolment(EnrolmentEnded, away, first, "2016-09-20", reason=EnrolmentEnd.TRANSFERRED),
        enrolment(PupilEnrolled, away, second, "2016-09-20", school_code="9900020002", **place),
    )  # fmt: skip

    def due(benefit: Benefit, pupil: Any) -> list[tuple[str, str, str]]:
        one = office.entitlement(benefit.programme, str(pupil.pupil.person_id))
        assert ([a["component"] for a in one["amounts"]], one["until"]) == (["boarding", "tuition"], None)
        return [(line["first"], line["amount"], line["county"]) for line in one["due"]]

    autumn = ("2016-09-01", "500.00", COUNTY)
    for benefit in (LIVING, GRANTING):
        assert due(benefit, away) == due(benefit, at_home) == [autumn]
        asked = {"programme": benefit.programme, "person_id": str(away.pupil.person_id)}
        (found,) = office.harness.get("/eligibility", office.harness.reviewer, **asked)["items"]
        assert (found["eligible"], [r["code"] for r in found["reasons"]]) == (True, ["eligible"])
    office.harness.record(away.moved("2016-10-15", f"{ELSEWHERE}101201"))
    office.harness.advance_to("2017-02-14")  # the day before the term
    assert due(LIVING, away) == [autumn]
    for day in ("2017-02-15", "2017-02-16"):
        office.harness.advance_to(day)
        assert due(GRANTING, away) == due(GRANTING, at_home) == [autumn, ("2017-02-15", "500.00", COUNTY)]
        assert due(LIVING, away) == [autumn, ("2017-02-15", "500.00", ELSEWHERE)]
    there = office.harness.running.client_for("reviewer-9", ELSEWHERE, Role.REVIEWER)
    (mine,) = office.harness.get("/entitlements", there, programme=LIVING.programme)["items"]
    assert (mine["unit_id"], mine["from"]) == (str(away.pupil.person_id), DECIDED)
    term = {
        "period_from": "2017-02-01",
        "period_to": "2017-07-31",
        "due_as_of": "2017-02-16",
        "programme": LIVING.programme,
    }
    pay_list = office.harness.post(there, "/pay-lists", {**term, "division": ELSEWHERE})
    lines = office.harness.get(f"{pay_list}/lines", there)["items"]
    assert [(line["unit"], line["amount"]) for line in lines] == [(str(away.pupil.person_id), "500.00")]
    pay_list = office.compile(**term)
    assert [line["unit"] for line in office.lines(pay_list)] == [str(at_home.pupil.person_id)]


def test_a_migrant_familys_pupil_is_treated_alike_matter_by_matter(office: FieldRows) -> None:
    """M022: fees, aid, changes of enrolment, honours and examinations, under the unified number; the school reports each term."""
    care, taught_at = office.care, school(office, "外县小学")
    form = care.form(
        "equal_treatment", person(PUPILS[0]), TOLD, matter="fees", treated="alike", school="外县小学", pupil_no="G990001200401010012"
    )  # fmt: skip
    for missing in ("treated", "pupil_no"):
        values = [v for v in form["values"] if v["field"] != missing]
        assert care.refusal("/records", {**form, "values": values}) == "record_field_missing"
    for matter in ("fees", "aid", "enrolment_change", "honours", "examination"):
        care.tell(
            "equal_treatment", person(PUPILS[0]), TOLD, matter=matter, treated="alike", school="外县小学",
            pupil_no="G990001200401010012",
        )  # fmt: skip
    reach(office, "2017-02-16")
    report = care.tell("equal_treatment_report", taught_at, "2017-02-16", pupils="1", aided="1", refused="0")
    assert "G990001200401010012" not in care.harness.get(report, care.harness.reviewer)["subject"]
    assert care.owed("equal_treatment", taught_at)[0][2:] == ("2017-07-15", "met")
    assert care.totals("equal_treatment_report")["refused"] == (1, 1, "0.00")


def test_aid_arrives_in_full_and_what_a_school_kept_or_charged_is_found_and_given_back(office: FieldRows) -> None:
    """Source facts §5 rule 27: not a fen less, nothing charged for what is free, no study aids recommended."""
    pay_list = posted_term(office)
    head, *rows, foot = office.result(pay_list, SPRING).decode().splitlines()
    less = "\n".join([head, *(row.replace("500.00", "499.99") for row in rows), foot]).encode()
    taken = office.take(pay_list, less)
    assert ([e["code"] for e in taken["errors"]], taken["newly_settled"]) == (
        ["payment_result_too_little"] * len(rows),
        0,
    )
    office.take(pay_list, office.result(pay_list, SPRING))
    figures = office.identities(programme=GRANTING.programme, period_from="2017-02-01", period_to="2017-07-31")
    assert (figures["hold"], figures["due_amount"], figures["settled"], figures["unpaid"]) == (
        True,
        "1000.00",
        "1000.00",
        "0.00",
    )
    care, checked = office.care, school(office, "受检小学")
    found = care.form(
        "school_charge_check", checked, SPRING, withheld="0", charged="300", refunded="300", study_aids="recommended",
        content="收取教辅费，已退还",
    )  # fmt: skip
    assert care.refusal("/records", found, care.village_cadre) == "record_of_another_office"
    assert care.owed("school_charges", checked)[0][3] != "met"
    care.post("/records", found, care.harness.reviewer)
    assert care.owed("school_charges", checked)[0][3] == "met"
    sums = care.totals("school_charge_check")
    assert [Decimal(sums[name][2]) for name in ("withheld", "charged", "refunded")] == [0, 300, 300]


def posted_term(office: FieldRows) -> str:
    """The spring term's list of the county that granted it: both pupils, wherever their families live; handed over."""
    office.quota("1000.00", 2017, programme=GRANTING.programme)
    pay_list = office.compile(
        "2017-02-16", programme=GRANTING.programme, period_from="2017-02-01", period_to="2017-07-31"
    )
    assert {line["unit"] for line in office.lines(pay_list)} == set(GRANTING.units)
    post = office.harness.post
    post(office.township, f"{pay_list}/postings", {"on": "2017-02-16"})
    reach(office, SPRING)
    post(office.department, f"{pay_list}/verifications", {"on": SPRING})
    release = {"on": SPRING, "fund_document": "示财农〔2017〕9号", "order_no": "20170224-1"}
    post(office.finance, f"{pay_list}/releases", release)
    post(office.finance, f"{pay_list}/handovers", {"on": SPRING, "voucher_no": "V1"})
    return pay_list
