"""Another duty set costs a document: a county has its helpers visit every month, once a term with a topic, and at Spring Festival."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from contracts.facts import Recorded
from contracts.roles import Role
from services.assistance.pairing.duty_matters import duty_matters
from services.assistance.service import FOLLOWED, kinds_of
from services.casework.documents.reading import Documents
from services.casework.duties.repository import DutySetRepository
from services.casework.duties.store import Duties
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from services.registry.service import FIRST_TEXTS as REGISTRY_TEXTS
from tests.assistance.harness import COUNTY, AssistanceHarness, Family, assistance_harness
from tests.assistance.pairing.visit_records import HouseholdVisited, Visits, stream_of

FOUR_ONES = """
duty_set: pairing_four_ones
programme: pairing
edition: "990001-2014"
zh: 帮扶干部四个一
en: the helpers' four ones
jurisdiction: "990001"
source: R41; a county's paper
in_force: {from: 2014-01-01, to: null}
duties:
  - key: visit
    zh: 每月走访一次
    en: visit once a month
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: month}
    fulfilled_by: {fact: visit}
    least_days: 15
    grace_days: 5
    escalation: [{level: township, after_days: 10}]
  - key: term_talk
    zh: 每学期专题走访一次
    en: visit about a topic once a term
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: every, period: term}
    fulfilled_by: {fact: visit, fields: [topic]}
  - key: spring_festival
    zh: 春节前慰问
    en: visit before Spring Festival
    obligation: helper_of_household
    office: {level: village, role: cadre}
    cadence: {kind: festivals, festivals: [spring_festival], days_before: 15}
    fulfilled_by: {fact: visit, done_by: anyone}
"""
HELPER, SUCCESSOR = "staff-1", "staff-2"


class County:
    """Assistance whose helpers' visits are recorded, with the county's document."""

    def __init__(self, harness: AssistanceHarness) -> None:
        self.harness, matters = harness, duty_matters([Visits()])
        self.duties = Duties(DutySetRepository(Documents(harness.assistance, kinds_of(matters), FOLLOWED)), matters)
        proposer, confirmer = (harness.running.client_for(name, COUNTY, Role.OPERATOR) for name in ("op-1", "op-2"))
        content = canonical_text(YamlText(FOUR_ONES, "four ones").content)
        self.document = harness.post(proposer, "/documents", {"content": content})
        assert confirmer.post(f"/assistance{self.document}/confirmations").status_code == 201

    def helped(self, day: str) -> UUID:
        family = Family.new()
        self.harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
        body = {"household_id": str(family.household), "helper": HELPER, "unit": "县农业局", "effective_on": day}
        self.harness.post(self.harness.cadre, "/pairings", body)
        return family.household

    def visited(self, household: UUID, day: str, helper: str = HELPER, topic: str | None = None) -> str:
        """As a command would record it; its id."""
        fact = HouseholdVisited(
            effective_on=date.fromisoformat(day), entered_by=helper, household_id=household, helper=helper, topic=topic
        )

        def work(tx: Any) -> str:
            (told,) = tx.append(stream_of(household), fact)
            self.duties.reconcile(tx, [household])
            return str(told)

        told = self.harness.assistance.transact(work)
        self.harness.running.positions["assistance"] = self.harness.assistance.position()
        return told

    def states(self, household: UUID, duty: str, **asked: Any) -> list[tuple[str, str, str]]:
        """First day, who owes it, state."""
        (found,) = self.harness.get("/duties", subject=str(household), **asked)["items"]
        return [(d["first"], d["obliged"], d["state"]) for d in found["duties"] if d["duty"] == duty]

    def misses(self, household: UUID) -> tuple[Recorded, ...]:
        return self.harness.assistance.stream(f"duties-{household}")


@pytest.fixture
def county(database: Callable[[str], str], tmp_path: Path) -> Iterator[County]:
    with assistance_harness(database, tmp_path, "2014-06-01", done=[Visits()]) as harness:
        REGISTRY_TEXTS.adopt(harness.registry)
        harness.running.positions["registry"] = harness.registry.position()
        harness.get("/inbox")
        yield County(harness)


def test_a_month_without_a_visit_is_missed_after_the_grace_and_none_once_it_is_entered_late(county: County) -> None:
    household, harness = county.helped("2014-06-01"), county.harness
    due = Counter(e["details"]["duty"] for e in harness.get("/inbox", harness.cadre, kind="due")["items"])
    assert due == {"visit": 1, "term_talk": 1}
    harness.advance_to("2014-07-05")
    assert county.states(household, "visit") == [("2014-06-01", HELPER, "due"), ("2014-07-01", HELPER, "due")]
    harness.advance_to("2014-07-06")
    assert county.states(household, "visit")[0] == ("2014-06-01", HELPER, "overdue")
    (miss,) = county.misses(household)
    assert miss.fact.document == f"assistance{county.document}"  # type: ignore[attr-defined]
    (entry,) = harness.get("/inbox", harness.cadre, kind="overdue")["items"]
    assert entry["details"] == {"duty_set": "pairing_four_ones", "duty": "visit", "obliged": HELPER}
    assert [e["kind"] for e in harness.get("/inbox", harness.reviewer)["items"]] == ["waiting"]
    harness.advance_to("2014-07-11")
    assert [e["kind"] for e in harness.get("/inbox", harness.reviewer)["items"]] == ["escalated"]

    told = county.visited(household, "2014-06-28")
    assert county.misses(household)[-1].fact.caused_by == told
    assert county.states(household, "visit")[0] == ("2014-06-01", HELPER, "met")
    assert county.states(household, "visit", as_of="2014-07-06", known_at="2014-07-06")[0][2] == "overdue"
    assert harness.get("/inbox", harness.cadre, kind="overdue")["items"] == []


def test_the_term_wants_a_topic_the_festival_anybody_and_a_successor_owes_what_is_left(county: County) -> None:
    household, harness = county.helped("2014-06-01"), county.harness
    county.visited(household, "2014-06-01")
    assert county.states(household, "term_talk") == [("2014-02-15", HELPER, "due")]
    county.visited(household, "2014-06-01", topic="就业")
    assert county.states(household, "term_talk") == [("2014-02-15", HELPER, "met")]
    harness.advance_to("2015-02-10")
    successor = {"helper": SUCCESSOR, "unit": "县教育局", "effective_on": "2015-02-10"}
    harness.post(harness.cadre, f"/pairings/{household}/handovers", successor)
    county.visited(household, "2015-02-05", helper="staff-9")
    assert county.states(household, "spring_festival") == [
        ("2015-02-04", HELPER, "met"), ("2015-02-04", SUCCESSOR, "met"),
    ]  # fmt: skip
    february = [s for s in county.states(household, "visit", since="2015-02-20") if s[0] == "2015-02-01"]
    assert february == [
        ("2015-02-01", SUCCESSOR, "due")
    ]  # nine days are no month: of the former helper nothing is owed
    asked = harness.get("/duties", obliged=SUCCESSOR)["items"]
    assert [(i["household_id"], {d["obliged"] for d in i["duties"]}) for i in asked] == [(str(household), {SUCCESSOR})]
    assert harness.get("/duties", obliged="staff-9")["items"] == []


def test_a_document_that_asks_for_what_nobody_records_is_not_adopted(county: County) -> None:
    operator = county.harness.running.client_for("op-1", COUNTY, Role.OPERATOR)
    content = canonical_text(YamlText(FOUR_ONES.replace("[topic]", "[mood]"), "four ones").content)
    answer = operator.post("/assistance/documents", {"content": content})
    assert (answer.status_code, answer.json()["code"]) == (422, "document_malformed")
    assert "mood" in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "2200-12-31"])
def test_any_day_may_be_asked_for(county: County, day: str) -> None:
    household = county.helped("2014-06-01")
    assert county.states(household, "visit", as_of="0001-01-01", since="0001-01-01", known_at=day) == []
    assert len(county.states(household, "visit", as_of=day, since="0001-01-01")) <= 121
