"""The sheet for a visit says what was known last, masked and as fields are called, and what every service owes the household."""

from collections.abc import Callable, Iterator

import pytest

from contracts.roles import Role
from lika.house import BUILDS
from services.chassis.following.foresight import Foretold, Question
from services.chassis.ground.refusals import Unavailable
from services.chassis.web.positions import NOT_REACHED
from tests.journeys.rebuilt_history import wait_until_consumed
from tests.registry.corrections.correction_cases import CorrectedVillage, house_of_2018
from tests.registry.households.example_requests import TOWNSHIP, member_body, member_ids
from tests.registry.households.example_villages import done, id_of
from tests.support.helper_forms import helper_form
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with house_of_2018(module_database, tmp_path_factory.mktemp("lika"), *BUILDS.values()) as started:
        yield started


def test_the_sheet_holds_last_values_and_what_is_due_until_it_is_done(running: Lika) -> None:
    village = CorrectedVillage(running)
    pupil = member_body("child", 2005, school_stage="primary", boarder=True)
    household = village.household("2016-01-10", members=[member_body("head"), pupil])
    village.enrol(household, "2016-02-18")
    head, child = member_ids(village.cadre, household)
    survey = {"effective_on": "2018-05-01", "housing_m2": "86.50", "main_cause": "illness"}
    done(village.cadre.post(f"{household}/surveys", survey))
    done(
        village.cadre.post(
            f"{household}/members/{child}/surveys", {"effective_on": "2018-05-01", "school_stage": "junior"}
        )
    )
    wait_until_consumed(running)
    sheet = village.cadre.get(f"{household}/visit-sheet").json()
    own, first, second = sheet["parts"]
    texts = {line["name"]: line["text_zh"] for line in own["lines"]}
    assert (texts["housing_m2"], texts["main_cause"], texts["housing_grade"]) == ("86.5", "因病", "")
    assert [line["zh"] for line in own["lines"] if line["name"] == "housing_m2"] == ["住房面积(㎡)"]
    assert first["title_zh"].startswith("户主")
    assert "*" in first["title_zh"]
    stage = next(line for line in second["lines"] if line["name"] == "school_stage")
    assert (stage["text_zh"], stage["text_en"]) == ("初中", "junior secondary")
    # A helper is owed until there is one.
    (duty,) = sheet["duties"]
    assert (duty["service"], duty["zh"], duty["effect"]) == ("assistance", "落实帮扶责任人", "goes_on")
    assert {"name": "last", "value": "2018-07-01"} in duty["details"]
    assert sheet["away"] == []
    # What comes back is entered by one request, with a place for each member in the order of the sheet.
    assert (sheet["act"]["path"], sheet["act"]["form"]) == (
        f"{household}/visits",
        {"members": [{"person_id": head}, {"person_id": child}]},
    )
    reader = running.client_for("analyst-1", TOWNSHIP, Role.ANALYST)
    assert reader.get(f"{household}/visit-sheet").json()["act"] is None
    done(village.cadre.post("/assistance/pairs", helper_form(id_of(household), "2018-06-01")))
    assert village.cadre.get(f"{household}/visit-sheet").json()["duties"] == []
    assert head != child


def test_a_sheet_without_a_services_answer_says_so_and_is_for_todays_area_alone(running: Lika) -> None:
    village = CorrectedVillage(running)
    household = village.household("2016-01-10")

    async def away(_: Question) -> Foretold:
        raise Unavailable(NOT_REACHED)

    registry = running.services["registry"]
    all_of_them = registry.asks
    try:
        registry.asks = {**all_of_them, "assistance": away}
        assert village.cadre.get(f"{household}/visit-sheet").json()["away"] == ["assistance"]
    finally:
        registry.asks = all_of_them
    elsewhere = running.client_for("cadre-x", f"{TOWNSHIP}299", Role.CADRE)
    assert elsewhere.get(f"{household}/visit-sheet").status_code == 404


def test_reported_wages_stand_on_the_sheet_until_the_survey_says_what_was_earned(running: Lika) -> None:
    """Issue of work: what is reported is no income; the next survey confirms it, and both are seen."""
    village = CorrectedVillage(running)
    household = village.household("2016-01-10", members=[member_body("head"), member_body("spouse", 1981)])
    village.enrol(household, "2016-02-18")
    head, spouse = member_ids(village.cadre, household)
    wait_until_consumed(running)
    office = village.township_reviewer
    for person, months in ((head, (12, 1, 2, 3)), (spouse, (3,))):
        of = f"/assistance/employment/persons/{person}"
        placement = {"effective_on": "2017-12-01", "post_kind": "job", "employer": "县电机厂"}
        done(office.post(f"{of}/placements", placement))
        (placed,) = office.get(of).json()["placements"]
        for month in months:
            told = {"month": f"{2017 if month == 12 else 2018}-{month:02}-01", "amount": "2400.50"}
            wage = {"effective_on": "2018-05-02", "placement_id": placed["placement_id"], **told}
            done(office.post(f"{of}/wages", wage))

    def wages() -> list[dict[str, object]]:
        found = village.cadre.get(f"{household}/visit-sheet").json()["wages"]
        return sorted(found, key=lambda each: str(each["year"]))

    before, this = (
        {"year": 2017, "persons": 1, "months": 1, "earned": "2400.50", "surveyed": None},
        {"year": 2018, "persons": 2, "months": 4, "earned": "9602.00", "surveyed": None},
    )
    assert wages() == [before, this]
    income = {
        "period_from": "2017-01-01", "period_to": "2017-12-31", "wages": "2500", "business": "0", "property": "0", "transfers": "0",
        "business_costs": "0",
    }  # fmt: skip
    visit = {"effective_on": "2018-05-20", "seen": {"topic": "routine", "situation": "核实收入"}, "income": income}
    done(village.cadre.post(f"{household}/visits", visit))
    assert wages() == [{**before, "surveyed": "2500.00"}, this]


def test_dividends_of_a_loan_and_who_draws_the_household_in_stand_on_the_sheet(running: Lika) -> None:
    """Issue of loans: dividends received, households drawn in and jobs created reach the register."""
    village = CorrectedVillage(running)
    household = village.household("2016-01-10", members=[member_body("head"), member_body("spouse", 1981)])
    other = village.household("2016-01-10")
    for each in (household, other):
        village.enrol(each, "2016-02-18")
    head = member_ids(village.cadre, household)[0]
    wait_until_consumed(running)
    office = village.township_reviewer
    terms = {
        "effective_on": "2017-03-01", "division": str(village.cadre.get(household).json()["division"]), "lender": "县农商行",
        "principal": "20000.00", "rate": "4.35", "method": "bullet", "day_count": "actual_360", "first_due_on": "2017-06-20",
        "period_months": 3, "final_on": "2019-03-01",
    }  # fmt: skip

    def entered(path: str, **form: object) -> str:
        answer = office.post(path, {"effective_on": "2017-03-01", **form})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["location"])

    def benefits(of: str) -> list[dict[str, object]]:
        return list(village.cadre.get(f"{of}/visit-sheet").json()["loan_benefits"])

    invested = entered(
        "/assistance/loans", **terms, product="poverty_micro_credit", contract_no="分红-1", use="invested_for_dividend",
        household_id=id_of(household), person_id=head,
    )  # fmt: skip
    firm = entered(
        "/assistance/loans", **terms, product="industry_loan", contract_no="产业-1", use="industry", organisation="茶叶合作社",
        drawn_in=[id_of(household)],
    )  # fmt: skip
    wait_until_consumed(running)
    assert benefits(household) == []  # nothing was paid out, nor had
    for loan in (invested, firm):
        entered(f"{loan}/disbursements", amount="20000.00", voucher="D-1")
    entered(f"{firm}/jobs", jobs=12)
    for on, yuan, voucher in (
        ("2017-06-30", "700.00", "V-1"),
        ("2017-12-31", "800.00", "V-2"),
        ("2018-01-01", "9.00", "V-3"),
    ):
        entered(f"{invested}/dividends", effective_on=on, amount=yuan, voucher=voucher)
    wait_until_consumed(running)
    own = {"loan_id": id_of(invested), "product": "poverty_micro_credit", "lender": "县农商行", "jobs": None}
    expected = [
        {**own, "on": "2017-12-31", "year": 2017, "dividends": "1500.00"},
        {**own, "on": "2018-01-01", "year": 2018, "dividends": "9.00"},
        {
            "loan_id": id_of(firm), "product": "industry_loan", "lender": "县农商行", "on": "2017-03-01", "year": None,
            "dividends": None, "jobs": 12,
        },
    ]  # fmt: skip
    assert sorted(benefits(household), key=lambda each: str(each["year"])) == expected
    assert benefits(other) == []
    void = next(
        e for e in office.get(invested).json()["entries"] if e["on"] == "2018-01-01" and e["type"] == "LoanDividendPaid"
    )
    entered(f"{invested}/annulments", effective_on="2018-01-01", facts=[void["fact"]], reason="typed_wrong")
    wait_until_consumed(running)
    assert benefits(household) == [expected[2], expected[0]]  # by day
