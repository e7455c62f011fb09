"""Another duty set costs a document: a county's helpers talk every month, visit once a term, deliver something warm once a year,
plan once a term, and visit at Spring Festival; what they do is recorded as records of work."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from contracts.facts import Recorded
from contracts.roles import Role
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from services.registry.document_kinds import FIRST_TEXTS as REGISTRY_TEXTS
from tests.assistance.harness import COUNTY, AssistanceHarness, Family, assistance_harness
from tests.casework.records.requests import about, correction_of, delivery, talk, visit
from tests.support.helper_forms import helper_form, successor_form

FOUR_ONES = """
duty_set: pairing_four_ones
of_programme: pairing
edition: "990001-2014"
zh: 帮扶干部四个一
en: the helpers' four ones
jurisdiction: "990001"
source: R40, R41; a county's paper
in_force: {from: 2014-01-01, to: null}
duties:
  - key: talk
    zh: 每月谈心一次
    en: talk once a month
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: month}
    fulfilled_by: {fact: talk}
    least_days: 15
    grace_days: 5
    escalation: [{level: township, after_days: 10}]
  - key: term_visit
    zh: 每学期入户走访一次，了解诉求
    en: visit once a term and ask what is wanted
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: term}
    fulfilled_by: {fact: home_visit, fields: [requests]}
  - key: warmth
    zh: 每年送温暖一次
    en: something warm once a year
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: year}
    fulfilled_by: {fact: goods_delivery}
  - key: plan
    zh: 每学期制定帮扶计划
    en: plan once a term
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: term}
    fulfilled_by: {fact: help_plan}
  - key: spring_festival
    zh: 春节前慰问
    en: visit before Spring Festival
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: festivals, festivals: [spring_festival], days_before: 15}
    fulfilled_by: {fact: home_visit, done_by: anyone}
"""
HELPER, SUCCESSOR = "staff-1", "staff-2"
NUMBER = "H1"


class County:
    """Assistance with the county's document. ``pair``: the last one."""

    pair: str

    def __init__(self, harness: AssistanceHarness) -> None:
        self.harness = harness
        proposer, confirmer = (harness.running.client_for(name, COUNTY, Role.OPERATOR) for name in ("op-1", "op-2"))
        content = canonical_text(YamlText(FOUR_ONES, "four ones").content)
        self.document = harness.post(proposer, "/documents", {"content": content})
        assert confirmer.post(f"/assistance{self.document}/confirmations").status_code == 201

    def helped(self, day: str) -> UUID:
        family = Family.new()
        recorded = msgspec.structs.replace(family.recorded("2014-01-05"), national_no=NUMBER)
        self.harness.record(recorded, family.enrolled("2014-06-01"))
        self.pair = self.harness.post(self.harness.cadre, "/pairs", helper_form(family.household, day, HELPER))
        return family.household

    def done(self, body: dict[str, Any], by: str = HELPER) -> str:
        """The cadre enters what the helper did; where it can be read."""
        return self.harness.post(self.harness.cadre, "/records", {**body, "done_by": by})

    def talked(self, household: UUID, day: str) -> str:
        return self.done({**talk(household, day), "subject": about("household", household)})

    def states(self, household: UUID, duty: str, **asked: Any) -> list[tuple[str, str, str]]:
        """First day, who owes it, state."""
        (found,) = self.harness.get("/duties", subject=str(household), **asked)["items"]
        return [(d["first"], d["obliged"], d["state"]) for d in found["duties"] if d["duty"] == duty]

    def misses(self, household: UUID) -> tuple[Recorded, ...]:
        return self.harness.assistance.stream(f"duties-{household}")


@contextmanager
def county_of_june(database: Callable[[str], str], folder: Path) -> Iterator[County]:
    with assistance_harness(database, folder, "2014-06-01") as harness:
        REGISTRY_TEXTS.adopt(harness.registry)
        harness.running.positions["registry"] = harness.registry.position()
        harness.get("/inbox")
        yield County(harness)


@pytest.fixture
def county(database: Callable[[str], str], tmp_path: Path) -> Iterator[County]:
    """Whose clock is the test's own."""
    with county_of_june(database, tmp_path) as started:
        yield started


@pytest.fixture(scope="module")
def june(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """Whose clock stands still: for tests with a household of their own."""
    with county_of_june(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


def test_a_month_without_a_talk_is_missed_after_the_grace_and_made_good_by_a_late_entry(county: County) -> None:
    household, harness = county.helped("2014-06-01"), county.harness
    due = Counter(e["details"]["duty"] for e in harness.get("/inbox", harness.cadre, kind="due")["items"])
    assert due == {"talk": 1, "term_visit": 1, "warmth": 1, "plan": 1}
    harness.advance_to("2014-07-05")
    assert county.states(household, "talk") == [("2014-06-01", HELPER, "due"), ("2014-07-01", HELPER, "due")]
    harness.advance_to("2014-07-06")
    assert county.states(household, "talk")[0] == ("2014-06-01", HELPER, "overdue")
    (miss,) = county.misses(household)
    assert miss.fact.document == f"assistance{county.document}"  # type: ignore[attr-defined]
    (entry,) = harness.get("/inbox", harness.cadre, kind="overdue")["items"]
    assert (entry["national_no"], entry["details"]) == (
        NUMBER,
        {"duty_set": "pairing_four_ones", "duty": "talk", "obliged": HELPER},
    )
    assert (entry["act"]["operation"], entry["act"]["path"]) == (
        "record_visit",
        f"/registry/households/{household}/visits",
    )
    assert [e["kind"] for e in harness.get("/inbox", harness.reviewer)["items"]] == ["waiting"]
    harness.advance_to("2014-07-11")
    assert [e["kind"] for e in harness.get("/inbox", harness.reviewer)["items"]] == ["escalated"]

    stream = f"assistance/records-{household}-2014"
    late = county.talked(household, "2014-06-28")
    assert county.misses(household)[-1].fact.caused_by == f"{stream}/1"
    assert county.states(household, "talk")[0] == ("2014-06-01", HELPER, "met")
    assert county.states(household, "talk", as_of="2014-07-06", known_at="2014-07-06")[0][2] == "overdue"
    assert harness.get("/inbox", harness.cadre, kind="overdue")["items"] == []

    harness.post(harness.cadre, f"{late}/annulments", {"reason": "记错了人"})
    assert county.states(household, "talk")[0] == ("2014-06-01", HELPER, "overdue")
    assert county.misses(household)[-1].fact.caused_by == f"{stream}/2"
    assert len(harness.get("/inbox", harness.cadre, kind="overdue")["items"]) == 1
    harness.post(harness.cadre, f"{late}/restorations", {"reason": "没有记错"})
    assert county.states(household, "talk")[0] == ("2014-06-01", HELPER, "met")
    corrected = correction_of(talk(household, "2014-07-02"), done_by=HELPER)
    harness.post(harness.cadre, f"{late}/corrections", corrected)
    assert [state for _, _, state in county.states(household, "talk")] == ["missed", "met"]
    assert [r.fact.type_name for r in county.misses(household)] == [
        "DutyMissed", "DutyMissesAnnulled", "DutyMissed", "DutyMissesAnnulled", "DutyMissed",
    ]  # fmt: skip


def test_each_of_the_four_has_a_clock_of_its_own_and_goods_count_once_they_are_confirmed(june: County) -> None:
    household, harness = june.helped("2014-06-01"), june.harness
    june.talked(household, "2014-06-01")
    june.done(visit(household, "2014-06-01"))
    assert june.states(household, "term_visit") == [("2014-02-15", HELPER, "due")]
    asked = visit(household, "2014-06-01")
    june.done({**asked, "values": [*asked["values"], {"field": "requests", "text": "想学修车"}]}, by="staff-9")
    assert june.states(household, "term_visit") == [("2014-02-15", HELPER, "due")]
    goods = june.done(delivery(household, "2014-06-01"))
    assert june.states(household, "warmth") == [("2014-01-01", HELPER, "due")]
    assert harness.reviewer.post(f"/assistance{goods}/confirmations").status_code == 201
    values = [{"field": "goals", "text": "学一门手艺"}, {"field": "measures", "text": "介绍培训"}]
    plan = {
        "kind": "help_plan",
        "subject": about("household", household),
        "effective_on": "2014-06-01",
        "values": values,
    }
    june.done(plan)
    states = {duty: june.states(household, duty) for duty in ("talk", "term_visit", "warmth", "plan")}
    assert states == {
        "talk": [("2014-06-01", HELPER, "met")], "term_visit": [("2014-02-15", HELPER, "due")],
        "warmth": [("2014-01-01", HELPER, "met")], "plan": [("2014-02-15", HELPER, "met")],
    }  # fmt: skip
    waiting = harness.get("/inbox", harness.cadre, kind="due", limit=200)["items"]
    due = {e["details"]["duty"] for e in waiting if e["household_id"] == str(household)}
    assert due == {"term_visit"}


def test_a_helper_has_a_page_of_their_own_whatever_office_looks_after_it(county: County) -> None:
    """A helper of the county's bureau, of whose level no duty is; and one who helps nobody."""
    household, harness = county.helped("2014-06-01"), county.harness
    client = harness.running.client_for
    helper, other, village = client(HELPER, COUNTY, Role.CADRE), client(SUCCESSOR, COUNTY, Role.CADRE), harness.cadre

    def page(who: Any, kind: str, **asked: Any) -> set[tuple[str, str, str]]:
        items = harness.get("/inbox", who, kind=kind, **asked)["items"]
        return {(e["household_id"], e["details"]["duty"], e["details"]["obliged"]) for e in items}

    duties = {(str(household), duty, HELPER) for duty in ("talk", "term_visit", "warmth", "plan")}
    assert (page(helper, "due"), page(helper, "due", mine=True)) == (set(), duties)
    assert (page(village, "due"), page(village, "due", mine=True)) == (duties, set())
    assert page(other, "due", mine=True) == set()
    counts = harness.get("/inbox/counts", helper, mine=True)["counts"]
    assert {kind: count for kind, count in counts.items() if count} == {"due": 4}
    harness.advance_to("2014-07-06")
    assert page(helper, "overdue", mine=True) == {(str(household), "talk", HELPER)}
    county.talked(household, "2014-07-01")
    assert page(helper, "overdue", mine=True) == set()
    assert ("talk", HELPER) not in {each[1:] for each in page(helper, "due", mine=True)}


def test_the_festival_takes_anybody_and_a_successor_owes_what_is_left(county: County) -> None:
    household, harness = county.helped("2014-06-01"), county.harness
    harness.advance_to("2015-02-10")
    harness.post(harness.cadre, f"{county.pair}/successions", successor_form("2015-02-10", SUCCESSOR))
    county.done(visit(household, "2015-02-05", topic="condolence"), by="staff-9")
    assert county.states(household, "spring_festival") == [
        ("2015-02-04", HELPER, "met"), ("2015-02-04", SUCCESSOR, "met"),
    ]  # fmt: skip
    february = [s for s in county.states(household, "talk", since="2015-02-20") if s[0] == "2015-02-01"]
    assert february == [
        ("2015-02-01", SUCCESSOR, "due")
    ]  # nine days are no month: of the former helper nothing is owed
    asked = harness.get("/duties", obliged=SUCCESSOR)["items"]
    assert [(i["household_id"], {d["obliged"] for d in i["duties"]}) for i in asked] == [(str(household), {SUCCESSOR})]
    assert harness.get("/duties", obliged="staff-9")["items"] == []


def test_a_document_that_asks_for_what_nobody_records_is_not_adopted(june: County) -> None:
    operator = june.harness.running.client_for("op-1", COUNTY, Role.OPERATOR)
    content = canonical_text(YamlText(FOUR_ONES.replace("[requests]", "[mood]"), "four ones").content)
    answer = operator.post("/assistance/documents", {"content": content})
    assert (answer.status_code, answer.json()["code"]) == (422, "document_malformed")
    assert "mood" in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "2200-12-31"])
def test_any_day_may_be_asked_for(june: County, day: str) -> None:
    household = june.helped("2014-06-01")
    assert june.states(household, "talk", as_of="0001-01-01", since="0001-01-01", known_at=day) == []
    assert len(june.states(household, "talk", as_of=day, since="0001-01-01")) <= 121


def test_what_was_owed_as_known_on_any_day_is_answered(june: County) -> None:
    """Before anything was known nothing was owed; what is known later than today is what is known now."""
    household = june.helped("2014-06-01")

    def owed(known_at: str = "2014-06-01") -> Any:
        return june.harness.get("/duties", subject=str(household), known_at=known_at)["items"]

    assert len(owed()[0]["duties"]) > 1
    for day in ("1990-01-01", "2014-05-31"):
        assert [item["duties"] for item in owed(day)] == [[]]
    assert owed("2099-12-31") == owed() == june.harness.get("/duties", subject=str(household))["items"]
