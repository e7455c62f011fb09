"""Words of the forms instead of codes: looked up in the code list in force on the day of the form, as known then."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from services.chassis.law.content import canonical_text, content_of
from services.registry.document_kinds import FIRST_TEXTS
from tests.registry.households.example_requests import (
    VILLAGE,
    household_body,
    member_body,
    member_ids,
    registry_with_villages,
    status_and_code,
)
from tests.support.running import ApiClient, Lika

COUNTY = VILLAGE[:6]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("lika")
    with registry_with_villages(module_database, folder) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


def body(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**household_body(**more), "members": [member_body("本人（户主）", sex="男性"), *members]}


def with_alias(edition: str, alias: str, *, since: date) -> str:
    """The shipped kinship list with one more word for a child."""
    (shipped,) = [fact.content for fact in FIRST_TEXTS.proposals if fact.key == "relation"]
    content = content_of(shipped)
    codes = tuple(
        {**code, "aliases": (*code["aliases"], alias)} if code["code"] == "child" else code for code in content["codes"]
    )
    return canonical_text({**content, "edition": edition, "jurisdiction": COUNTY, "from": since, "codes": codes})


def adopt(running: Lika, content: str) -> None:
    proposed = running.client_for("op-a", COUNTY, Role.OPERATOR).post("/registry/documents", {"content": content})
    assert proposed.status_code == 201, proposed.text
    location = proposed.headers["Location"]
    confirmed = running.client_for("op-b", COUNTY, Role.OPERATOR).post(f"{location}/confirmations")
    assert confirmed.status_code == 201, confirmed.text


def test_a_household_is_recorded_in_the_words_of_the_form(running: Lika, cadre: ApiClient) -> None:
    child = member_body(
        "长子",
        2001,
        school_stage="七年级",
        health="长期慢性病、残疾",
        disability_level="肢体二级",
        labour_skill="无劳动力",
    )
    answer = cadre.post("/registry/households", body(child, main_cause="因病致贫", other_causes=["其它"]))
    assert answer.status_code == 201, answer.text
    household = cadre.get(answer.headers["Location"]).json()
    assert (household["main_cause"], household["other_causes"]) == ("illness", ["other"])
    head, son = household["members"]
    assert (head["relation"], head["sex"], son["relation"]) == ("head", "male", "child")
    assert (son["school_stage"], son["disability_level"], son["labour_skill"]) == ("junior", 2, "none")
    assert household["labels"]["relation"]["child"] == {"zh": "子女", "en": "child"}
    assert household["labels"]["poverty_cause"]["other"]["zh"] == "其他"
    told = {each["pointer"]: each["zh"] for each in answer.json()["read_as"]}
    assert "子女" in told["#/members/1/relation"]
    assert told["#/members/1/health"] == "按代码表读取，只登记代码"
    assert "慢性病" not in answer.text
    fact = running.services["registry"].store.stream(f"household-{household['household_id']}")[0].fact
    assert fact.decided_from is not None
    assert len(fact.decided_from.documents) > 1


def test_what_stands_late_in_a_long_text_of_words_is_read_or_refused_and_never_lost(cadre: ApiClient) -> None:
    location = cadre.post("/registry/households", body()).headers["Location"]
    (person,) = member_ids(cadre, location)
    surveys = f"{location}/members/{person}/surveys"
    late = "、".join(["长期慢性病"] * 15 + ["残疾"])
    assert cadre.post(surveys, {"effective_on": "2014-05-25", "health": late}).status_code == 201
    assert disclosed_health(cadre, location, person) == "chronic,disabled"
    for word in ("长期慢性病、" * 40 + "残疾", "男" + "。" * 200 + "女"):
        answer = cadre.post(surveys, {"effective_on": "2014-05-26", "health": word})
        assert (status_and_code(answer), answer.json()["errors"][0]["code"]) == ((422, "malformed"), "string_too_long")


def test_health_is_disclosed_as_codes(running: Lika, cadre: ApiClient) -> None:
    answer = cadre.post("/registry/households", body())
    location = answer.headers["Location"]
    (person,) = member_ids(cadre, location)
    survey = {"effective_on": "2014-05-25", "health": "残疾，长期慢性病"}
    assert cadre.post(f"{location}/members/{person}/surveys", survey).status_code == 201
    assert disclosed_health(cadre, location, person) == "chronic,disabled"


def test_an_unknown_word_is_refused_and_the_nearest_named(cadre: ApiClient) -> None:
    answer = cadre.post("/registry/households", body(member_body("大儿媳妇儿")))
    assert status_and_code(answer) == (422, "malformed")
    error = answer.json()["errors"][0]
    assert (error["pointer"], error["code"]) == ("#/members/1/relation", "word_unknown")
    assert error["nearest"] == "大儿媳"
    assert "大儿媳妇儿" not in answer.text


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("缺资金", "no_capital"), ("缺技术", "no_skill"), ("地处偏远", "poor_transport"), ("因灾", "disaster"),
        ("因病", "illness"), ("因残", "disability"), ("因学", "schooling"), ("耕作方式落后", "no_skill"),
        ("年老体弱", "no_labour"), ("抚养人口多", "no_labour"),
    ],
)  # fmt: skip
def test_every_cause_that_the_papers_name_is_one_of_the_national_table(cadre: ApiClient, word: str, code: str) -> None:
    answer = cadre.post("/registry/households", body(main_cause=word))
    assert answer.status_code == 201, answer.text
    assert cadre.get(answer.headers["Location"]).json()["main_cause"] == code


def test_two_words_for_one_cause_are_one_cause(cadre: ApiClient) -> None:
    answer = cadre.post("/registry/households", body(main_cause="因病", other_causes=["疾病"]))
    assert status_and_code(answer) == (422, "malformed")


def test_a_county_s_edition_adds_a_word_without_a_release_for_its_days_only(running: Lika, cadre: ApiClient) -> None:
    kid = member_body("崽", 2004)
    assert status_and_code(cadre.post("/registry/households", body(kid))) == (422, "malformed")
    adopt(running, with_alias("990001-kid", "崽", since=date(2014, 5, 20)))
    eve = cadre.post("/registry/households", body(kid, effective_on="2014-05-19"))
    assert status_and_code(eve) == (422, "malformed")
    on_the_day = cadre.post("/registry/households", body(kid, effective_on="2014-05-20"))
    assert on_the_day.status_code == 201, on_the_day.text


def test_an_edition_that_lacks_a_code_is_refused(running: Lika) -> None:
    (shipped,) = [fact.content for fact in FIRST_TEXTS.proposals if fact.key == "sex"]
    content = content_of(shipped)
    text = canonical_text({**content, "edition": "short", "jurisdiction": COUNTY, "codes": content["codes"][:1]})
    answer = running.client_for("op-a", COUNTY, Role.OPERATOR).post("/registry/documents", {"content": text})
    assert status_and_code(answer) == (422, "document_malformed")


def test_labels_are_those_in_force_on_the_day_asked(cadre: ApiClient) -> None:
    location = cadre.post("/registry/households", body()).headers["Location"]
    assert cadre.get(location, as_of="2014-05-20").json()["labels"]["sex"] == {"male": {"zh": "男", "en": "male"}}


def disclosed_health(cadre: ApiClient, location: str, person: str) -> str:
    [entered, *_] = cadre.get(f"{location}/facts").json()
    asked = {
        "household_ids": [location.rpartition("/")[2]], "purpose": "verification", "fields": ["health"],
        "matters": [{"kind": "entry", "id": entered["act"]}],
    }  # fmt: skip
    opened = cadre.post("/registry/disclosures", asked)
    assert opened.status_code == 201, opened.text
    return str(opened.json()["households"][0]["members"][person]["health"])


@pytest.mark.parametrize(
    ("words", "category"),
    [
        (("扶贫户", "扶贫开发户"), "general_poor"),
        (("纯低保户", "低保"), "low_income_security"),
        (("五保", "特困户"), "five_guarantees"),
        (("扶贫低保户",), "low_income_security_poor"),
    ],
)
def test_aliases_of_a_category_are_one_and_no_category_is_a_kind_of_another(
    cadre: ApiClient, words: tuple[str, ...], category: str
) -> None:
    """R11, as the household is entered and as it is surveyed."""
    for word in words:
        entered = cadre.post("/registry/households", body(attribute=word))
        assert entered.status_code == 201, entered.text
        assert cadre.get(entered.headers["Location"]).json()["attribute"] == category
    survey = {"effective_on": "2014-05-26", "attribute": words[0]}
    plain = cadre.post("/registry/households", body()).headers["Location"]
    assert cadre.post(f"{plain}/surveys", survey).status_code == 201
    assert cadre.get(plain).json()["attribute"] == category
