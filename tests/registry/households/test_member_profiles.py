"""The member's whole form over HTTP: what is entered is read back masked, changes from its day, and is kept in history."""

from typing import Any

import pytest

from services.registry.households.personal_values import MEMBER_PERSONAL_FIELDS
from tests.registry.households.example_requests import member_body, member_ids, unused_resident_id
from tests.registry.households.example_villages import Village, done
from tests.support.running import Lika

WORDS: dict[str, Any] = {
    "nation": "苗族", "education_level": "初中", "political_status": "党员", "health": "长期慢性病、残疾",
    "disability_level": "肢体二级", "assistance_track": "开发式", "work_place": "省外务工", "work_months": 7,
    "medical_insurance": "新农合", "medical_contribution": "政府代缴", "serious_illness_insurance": True,
    "pension_insurance": "城乡居保", "pension_contribution": "已缴费", "social_assistance": "低保",
    "military_service": "退伍军人", "hukou_here": False, "hukou_address": "某省某县某村", "lives_here": True,
}  # fmt: skip
CODES: dict[str, Any] = {
    "education_level": "junior", "disability_level": 2, "assistance_track": "development", "work_place": "outside",
    "work_months": 7, "medical_insurance": "resident", "medical_contribution": "subsidised",
    "serious_illness_insurance": True, "pension_insurance": "resident", "pension_contribution": "paid",
    "social_assistance": "low_income_security", "hukou_here": False, "lives_here": True,
}  # fmt: skip
SEALED = {
    "nation": "06", "political_status": "01", "health": "chronic,disabled", "disability_category": "limb",
    "military_service": "veteran", "hukou_address": "某省某县某村",
}  # fmt: skip


@pytest.fixture(scope="module")
def village(running: Lika) -> Village:
    return Village(running)


def home_with(village: Village, **said: Any) -> str:
    head = member_body("head", 1970, **{"id_number": unused_resident_id(), **said})
    return village.household("2018-01-10", members=[head])


def head_of(village: Village, home: str, **asked: str) -> dict[str, Any]:
    member: dict[str, Any] = village.cadre.get(home, **asked).json()["members"][0]
    return member


def test_what_is_entered_in_the_words_of_the_form_is_read_back_and_what_is_sealed_is_masked(village: Village) -> None:
    home = home_with(village, **WORDS)
    seen = head_of(village, home)
    assert {name: seen[name] for name in CODES} == CODES
    assert set(SEALED) <= set(MEMBER_PERSONAL_FIELDS)
    assert {name: seen[name] for name in SEALED}.items().isdisjoint(SEALED.items())
    paper = {"organ": "县审计局", "document_no": "审通〔2018〕5号"}
    asked = {
        "household_ids": [home.rpartition("/")[2]],
        "purpose": "access_request",
        "fields": sorted(SEALED),
        "order": paper,
    }
    (opened,) = done(village.county_reviewer.post("/registry/disclosures", asked)).json()["households"]
    (values,) = opened["members"].values()
    assert SEALED.items() <= values.items()


def test_a_survey_changes_from_its_day_what_it_says_and_nothing_else(village: Village) -> None:
    home = home_with(village, **WORDS)
    (person,) = member_ids(village.cadre, home)
    survey = {"effective_on": "2018-03-02", "work_place": "none", "work_months": 0, "assistance_track": "security"}
    done(village.cadre.post(f"{home}/members/{person}/surveys", survey))
    before, after = (head_of(village, home, as_of=f"2018-03-0{day}") for day in (1, 2))
    assert {name: before[name] for name in CODES} == CODES
    assert {name: after[name] for name in CODES} == {**CODES, **{k: v for k, v in survey.items() if k in CODES}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("work_months", 13), ("work_months", -1), ("work_months", "半年"), ("nation", "火星族"), ("education_level", "博学"),
        ("health", "健康、残疾"), ("disability_level", 5), ("political_status", "07x"), ("hukou_address", ""),
        ("social_assistance", "双低保"),
    ],
)  # fmt: skip
def test_impossible_words_are_refused(village: Village, field: str, value: object) -> None:
    body = {
        "division": village.code,
        "effective_on": "2018-01-10",
        "members": [member_body("head", 1970, **{field: value})],
    }
    answer = village.cadre.post("/registry/households", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed"), answer.text


def test_a_card_that_contradicts_is_refused_when_recorded_and_when_surveyed(village: Village) -> None:
    number = unused_resident_id()
    wrong = member_body("head", 1970, id_number=number, disability_card=f"{number}42", disability_level=3)
    body = {"division": village.code, "effective_on": "2018-01-10", "members": [wrong]}
    refused = village.cadre.post("/registry/households", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "disability_card_contradicts")
    home = home_with(village)
    (person,) = member_ids(village.cadre, home)
    survey = {"effective_on": "2018-03-02", "disability_card": f"{number}42", "disability_level": 3}
    refused = village.cadre.post(f"{home}/members/{person}/surveys", survey)
    assert (refused.status_code, refused.json()["code"]) == (422, "disability_card_contradicts")
