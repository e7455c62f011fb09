"""One visit is one command: what has changed, a talk and a clue are recorded together or not at all, and what helpers owe is met."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from contracts.roles import Role
from services.assistance.service import assistance
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from services.registry.service import registry
from tests.casework.records.requests import visit
from tests.journeys.rebuilt_history import wait_until_consumed
from tests.registry.corrections.correction_cases import CorrectedVillage, house_of_2018
from tests.registry.households.example_requests import TOWNSHIP, member_body, member_ids, status_and_code
from tests.registry.households.example_villages import TODAY, day, done, facts_of, id_of
from tests.support.helper_forms import helper_form
from tests.support.running import ApiClient, Lika

MONTHLY = """
duty_set: pairing_visits
of_programme: pairing
edition: "990001-2018"
zh: 帮扶走访
en: visits of helpers
jurisdiction: "990001"
source: a county's paper
in_force: {from: 2018-01-01, to: null}
duties:
  - key: visit
    zh: 每月入户一次
    en: visit once a month
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: month}
    fulfilled_by: {fact: home_visit}
  - key: second
    zh: 每月入户两次
    en: visit twice a month
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: month}
    at_least: 2
    fulfilled_by: {fact: home_visit}
  - key: talk
    zh: 每月谈心一次
    en: talk once a month
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: month}
    fulfilled_by: {fact: talk, fields: [follow_up]}
"""
HELPER = "staff-1"
VISIT_KEY = "7b0c6a52-52a4-4f4b-9f53-6d4a1f6a0c11"
SEEN = {"topic": "routine", "situation": "老人独居，冬衣不足"}
TALK = {"topic": "升学", "content": "愿意继续读书", "follow_up": "九月再访"}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with house_of_2018(module_database, tmp_path_factory.mktemp("lika"), registry, assistance) as started:
        proposer, confirmer = (started.client_for(name, TOWNSHIP[:6], Role.OPERATOR) for name in ("op-1", "op-2"))
        content = canonical_text(YamlText(MONTHLY, "visits of helpers").content)
        document = done(proposer.post("/assistance/documents", {"content": content})).headers["Location"]
        done(confirmer.post(f"{document}/confirmations"))
        yield started


@pytest.fixture
def village(running: Lika) -> CorrectedVillage:
    return CorrectedVillage(running)


def visited(who: ApiClient, at: str, on: str = TODAY, key: str | None = None, **more: Any) -> Any:
    return who.post(f"{at}/visits", {"effective_on": on, "seen": SEEN, **more}, key=key)


def helped(village: CorrectedVillage) -> str:
    """A registered household that a helper owes a visit and a talk this month."""
    household = village.household("2016-01-10", members=[member_body("head"), member_body("child", 2005)])
    village.enrol(household, "2016-02-18")
    wait_until_consumed(village.running)
    done(village.cadre.post("/assistance/pairs", helper_form(id_of(household), TODAY, HELPER)))
    return household


def due(village: CorrectedVillage, household: str) -> dict[str, str]:
    """Duty → the request that answers it."""
    wait_until_consumed(village.running)
    entries = village.cadre.get("/assistance/inbox", kind="due").json()["items"]
    mine = [each for each in entries if each["household_id"] == id_of(household)]
    return {each["details"]["duty"]: each["act"]["path"] for each in mine}


def records(who: ApiClient, household: str) -> list[dict[str, Any]]:
    return list(who.get("/registry/records", subject=id_of(household)).json()["items"])


def test_one_visit_yields_surveys_a_talk_a_clue_and_what_the_helper_owes(village: CorrectedVillage) -> None:
    household = helped(village)
    _, child = member_ids(village.cadre, household)
    path = f"/registry/households/{id_of(household)}/visits"
    assert due(village, household) == dict.fromkeys(("visit", "second", "talk"), path)
    answer = done(
        visited(
            village.cadre, household, done_by=HELPER, talk=TALK, risk={"statement": "家中有人患大病"},
            household={"housing_m2": "86.50", "water_supply": "自来水", "phone": "13900000001"},
            conditions=dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True),
            members=[
                {"person_id": child, "health": "长期慢性病", "residence": {"lives_in_common": False, "reason": "lives_apart"}}
            ],
        )
    )  # fmt: skip
    assert set(due(village, household)) == {"second"}
    kinds = {each["kind"]: each for each in records(village.cadre, household)}
    assert {kind: (each["done_by"], each["status"]) for kind, each in kinds.items()} == {
        "home_visit": (HELPER, "standing"),
        "talk": (HELPER, "standing"),
    }
    assert answer.headers["Location"] == f"/registry/records/{kinds['home_visit']['id']}"
    assert {each["text"] for each in kinds["talk"]["values"]} == {"***"}
    now = village.cadre.get(household).json()
    assert (now["housing_m2"], now["water_supply"], now["conditions"]["food"]) == ("86.500", "piped", True)
    assert now["members"][1]["lives_in_common"] is False
    told = [fact for fact in facts_of(village.cadre, household) if fact["effective_on"] == TODAY]
    # They are one act: where the visit was entered of the wrong household, they are annulled together.
    assert len(told) == 4
    assert len({fact["act"] for fact in told}) == 1
    (clue,) = village.cadre.get("/registry/clues", division=village.code).json()["items"]
    assert (clue["household_id"], clue["source"]) == (id_of(household), "cadre_round")


def test_a_visit_that_changes_nothing_records_nothing_of_the_household(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10")
    before = facts_of(village.cadre, household)
    done(visited(village.cadre, household, household={}, members=[]))
    assert facts_of(village.cadre, household) == before
    assert [each["kind"] for each in records(village.cadre, household)] == ["home_visit"]


def test_a_visit_sent_twice_is_one(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10")
    changed: dict[str, Any] = {"household": {"housing_m2": "70"}}
    first = done(visited(village.cadre, household, key=VISIT_KEY, **changed))
    again = visited(village.cadre, household, key=VISIT_KEY, **changed)
    assert (again.status_code, again.json()["replayed"]) == (201, True)
    assert again.headers["Location"] == first.headers["Location"]
    stands = facts_of(village.cadre, household)
    refused = visited(village.cadre, household, household={"housing_m2": "75"})
    assert status_and_code(refused) == (409, "record_made_already_that_day")
    assert facts_of(village.cadre, household) == stands
    # Of somebody else, or of the day before, it is another visit.
    done(visited(village.cadre, household, done_by="staff-9"))
    done(visited(village.cadre, household, on=day(TODAY, -1)))
    assert len(records(village.cadre, household)) == 3


@pytest.mark.parametrize(("on", "code"), [(day(TODAY, 1), "future_day"), ("2016-01-09", "record_subject_not_known_then")])  # fmt: skip
def test_a_visit_is_of_a_day_between_the_households_first_and_today(
    village: CorrectedVillage, on: str, code: str
) -> None:
    household = village.household("2016-01-10")
    assert status_and_code(visited(village.cadre, household, on=on)) == (409, code)
    done(visited(village.cadre, household, on="2016-01-10"))
    done(visited(village.cadre, household))


def test_what_is_refused_in_one_part_is_recorded_in_none(village: CorrectedVillage) -> None:
    household, other = village.household("2016-01-10"), village.household("2016-01-10")
    stranger = member_ids(village.cadre, other)[0]
    before = facts_of(village.cadre, household)
    refused = visited(
        village.cadre, household, talk=TALK, household={"housing_m2": "70"}, risk={"statement": "受灾"},
        members=[{"person_id": stranger, "health": "healthy"}],
    )  # fmt: skip
    assert refused.status_code == 409, refused.text
    assert facts_of(village.cadre, household) == before
    assert records(village.cadre, household) == []
    assert village.cadre.get("/registry/clues", division=village.code).json()["items"] == []
    malformed = visited(village.cadre, household, talk={"topic": "升学"}, household={"housing_m2": "很大"})
    pointers = {each["pointer"] for each in malformed.json()["errors"]}
    assert (malformed.status_code, pointers) == (422, {"#/talk/content", "#/household/housing_m2"})
    more = {**SEEN, "more": [{"field": "weather", "text": "晴"}]}
    unknown = village.cadre.post(f"{household}/visits", {"effective_on": TODAY, "seen": more})
    assert (unknown.json()["code"], unknown.json()["facts"]["fields"]) == ("record_field_unknown", ["weather"])


def test_a_visit_tried_out_says_all_that_it_would_record_and_records_nothing(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10")
    before = facts_of(village.cadre, household)
    body = {
        "effective_on": TODAY, "seen": SEEN, "talk": TALK, "household": {"housing_m2": "70"}, "risk": {"statement": "受灾"},
    }  # fmt: skip
    tried = village.cadre.post(f"{household}/visits?dry_run=true", body).json()
    assert sorted(fact["type"] for fact in tried["would_record"]) == [
        "ClueReceived",
        "HouseholdSurveyed",
        "WorkRecorded",
        "WorkRecorded",
    ]
    assert tried["refused"] == []
    assert facts_of(village.cadre, household) == before
    assert records(village.cadre, household) == []


def test_who_may_not_survey_visits_without_changes_and_nobody_elsewhere(village: CorrectedVillage) -> None:
    household = village.household("2016-01-10")
    refused = visited(village.township_reviewer, household, household={"housing_m2": "70"})
    assert refused.status_code == 403
    done(visited(village.township_reviewer, household, risk={"statement": "受灾"}))
    elsewhere = village.running.client_for("cadre-x", f"{TOWNSHIP}299", Role.CADRE)
    assert visited(elsewhere, household).status_code == 404


def test_a_visit_that_is_annulled_is_owed_again(village: CorrectedVillage) -> None:
    household = helped(village)
    record = done(visited(village.cadre, household, done_by=HELPER)).headers["Location"]
    assert set(due(village, household)) == {"second", "talk"}
    done(village.cadre.post(f"{record}/annulments", {"reason": "误填"}))
    assert set(due(village, household)) == {"visit", "second", "talk"}
    done(village.cadre.post(f"{record}/restorations", {"reason": "误撤"}))
    assert set(due(village, household)) == {"second", "talk"}


def test_a_visit_told_in_two_logs_was_made_once(village: CorrectedVillage) -> None:
    household = helped(village)
    done(visited(village.cadre, household, done_by=HELPER))
    told = visit(UUID(id_of(household)), TODAY, done_by=HELPER)
    done(village.cadre.post("/assistance/records", told))
    assert set(due(village, household)) == {"second", "talk"}
    record = village.cadre.get("/assistance/duties", subject=id_of(household)).json()["items"][0]
    assert {each["duty"]: each["state"] for each in record["duties"] if each["obliged"] == HELPER}["second"] == "due"


def test_by_two_helpers_or_on_two_days_it_was_made_twice(village: CorrectedVillage) -> None:
    household = helped(village)
    village.next_day()
    done(visited(village.cadre, household, done_by=HELPER))
    done(visited(village.cadre, household, on=village.today, done_by=HELPER))
    assert set(due(village, household)) == {"talk"}
