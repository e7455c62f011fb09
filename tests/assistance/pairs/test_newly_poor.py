"""Whoever comes into the register gets a named helper and a measure without delay (R21): the helper by the release's own document,
the measure by a county's."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from contracts.casework.duties import DutyMissed, DutyMissesAnnulled
from contracts.roles import Role
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import YamlText
from tests.assistance.harness import COUNTY, AssistanceHarness, Family, assistance_harness
from tests.support.helper_forms import helper_form

TEXT = Path(__file__).parents[3] / "docs" / "examples" / "newly_poor-2014" / "measures.yaml"
HELPER, MEASURE = ("pairing_helper", "helper"), ("measures_newly_poor", "measure")
ENROLLED, LAST, AFTER = "2014-06-01", "2014-07-01", "2014-07-02"


def adopted(harness: AssistanceHarness) -> None:
    proposer, confirmer = (harness.running.client_for(name, COUNTY, Role.OPERATOR) for name in ("op-1", "op-2"))
    content = canonical_text(YamlText(TEXT.read_text(encoding="utf-8"), TEXT.name).content)
    document = harness.post(proposer, "/documents", {"content": content})
    assert confirmer.post(f"/assistance{document}/confirmations").status_code == 201


def states(harness: AssistanceHarness, one: Family, **asked: Any) -> dict[tuple[str, str], str]:
    (found,) = harness.get("/duties", subject=str(one.household), since="2014-01-01", **asked)["items"]
    assert {(duty["first"], duty["last"]) for duty in found["duties"]} <= {(ENROLLED, LAST)}
    return {(duty["duty_set"], duty["duty"]): duty["state"] for duty in found["duties"]}


def begin(harness: AssistanceHarness, one: Family, on: str) -> None:
    form = {"effective_on": on, "measure_kind": "skill_training"}
    harness.post(harness.reviewer, f"/measures/households/{one.household}/measures", form)


def inbox(harness: AssistanceHarness, who: Any, kind: str) -> set[tuple[str, str, str]]:
    items = harness.get("/inbox", who, kind=kind, limit=200)["items"]
    return {(e["household_id"], e["details"]["duty_set"], e["act"] and e["act"]["operation"]) for e in items}


def test_the_newly_poor_have_a_helper_and_a_measure_within_thirty_days(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    """The last day, the day after, and two weeks later; what is told late is made good or was never missed; who had one before."""
    with assistance_harness(database, tmp_path, ENROLLED) as harness:
        adopted(harness)
        families = helped, late, told_late, before = [Family.new() for _ in range(4)]
        harness.record(*(one.recorded("2014-01-05") for one in families))
        begin(harness, before, "2014-05-01")
        harness.record(*(one.enrolled(ENROLLED) for one in families))
        assert states(harness, helped) == {HELPER: "due", MEASURE: "due"}
        assert states(harness, before) == {HELPER: "due", MEASURE: "met"}
        harness.post(harness.cadre, "/pairs", helper_form(helped.household, ENROLLED))
        begin(harness, helped, ENROLLED)
        assert states(harness, helped) == {HELPER: "met", MEASURE: "met"}
        owed = {(str(one.household), "measures_newly_poor", "begin_measure") for one in (late, told_late)}
        assert owed <= inbox(harness, harness.cadre, "due")
        harness.advance_to(LAST)
        assert states(harness, late) == {HELPER: "due", MEASURE: "due"}
        harness.advance_to(AFTER)
        assert states(harness, late) == {HELPER: "overdue", MEASURE: "overdue"}
        assert {h for h, duty_set, _ in inbox(harness, harness.cadre, "overdue") if duty_set == "measures_newly_poor"} == {
            str(late.household), str(told_late.household),
        }  # fmt: skip
        begin(harness, told_late, LAST)
        begin(harness, late, AFTER)
        assert [states(harness, one)[MEASURE] for one in (late, told_late)] == ["missed", "met"]
        assert states(harness, told_late, known_at="2014-07-01", as_of=AFTER)[MEASURE] == "overdue"
        facts = [
            [type(r.fact) for r in harness.assistance.stream(f"duties-{one.household}") if _of_measures(r.fact)]
            for one in (late, told_late, before)
        ]
        assert facts == [[DutyMissed], [DutyMissed, DutyMissesAnnulled], []]
        harness.advance_to("2014-07-17")
        escalated = inbox(harness, harness.reviewer, "escalated")
        assert {duty_set for _, duty_set, _ in escalated} == {"pairing_helper"}  # both have a measure by now


def _of_measures(fact: Any) -> bool:
    return isinstance(fact, DutyMissesAnnulled) or getattr(fact, "duty_set", None) == "measures_newly_poor"
