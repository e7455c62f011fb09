"""A risk that no measure is against: found from the day on which the household is monitored, gone with a measure or with the risk, back
when the measure is annulled or withdrawn."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.assistance.measures import Help, MeasureBegun, MeasureFactsAnnulled, MeasureTerms, PlanCause
from contracts.registry.monitoring import EliminationManner, MonitoringStarted, RiskEliminated
from contracts.roles import Role
from services.assistance.document_kinds import KINDS
from services.assistance.findings.risks.domain import CheckedRisks, now_of, periods_of
from services.assistance.findings.risks.feed import RiskFindingsView
from services.chassis.views.rebuild import Rebuild
from services.chassis.views.worker_pool import WorkerPool
from tests.assistance.harness import COUNTY, TOWNSHIP, AssistanceHarness, Family, assistance_harness, fact
from tests.support.recorded import recorded

START = "2016-12-05"


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("risks"), START) as started:
        yield started


def monitored(of: UUID, on: str, *risks: str) -> Any:
    return MonitoringStarted(
        household_id=of, effective_on=date.fromisoformat(on), entered_by="reviewer-0", kind="marginal", risks=risks
    )


def risks(harness: AssistanceHarness, of: UUID, **asked: Any) -> list[str]:
    found = harness.get("/findings", rule="risk_without_measure", subject=str(of), **asked)["items"]
    return sorted(f["values"]["risk"] for f in found)


def rebuilt_alike(harness: AssistanceHarness) -> int:
    """How many households there are rows of."""
    service = harness.running.services["assistance"]
    (view,) = (v for v in service.reads["registry"] if isinstance(v, RiskFindingsView))
    conninfo = service.environment.conninfo("assistance")
    with WorkerPool(1) as workers:
        report = Rebuild(conninfo, "assistance", "registry", view, workers, lambda *_: None).run(confirmed=False)
    assert (report.compared, report.differences.rows) == ("compared", 0)
    return report.subjects


def test_a_risk_without_a_measure_is_found_until_there_is_one(harness: AssistanceHarness) -> None:
    office, one = harness.reviewer, Family.new()
    household, path = one.household, f"/measures/households/{one.household}"
    begin = {"effective_on": "2016-11-20", "measure_kind": "skill_training"}
    # Recorded and given a measure against one of its risks before it is monitored.
    harness.record(one.recorded("2014-01-05"))
    harness.post(office, f"{path}/measures", begin)
    told = harness.record(monitored(household, "2016-12-01", "illness", "unstable_work", "other"))
    (found,) = harness.get("/findings", subject=str(household))["items"]
    assert (found["values"], found["household_id"], found["facts"]) == (
        {"risk": "illness", "causes": "illness"}, str(household), list(told),
    )  # fmt: skip
    assert (found["state"], found["raised_on"], found["due_by"]) == ("open", "2016-12-05", "2016-12-20")
    assert risks(harness, household, as_of="2016-11-30") == []
    assert risks(harness, household, as_of="2016-12-01") == ["illness"]
    entries = [e for e in harness.get("/inbox", office)["items"] if e["subject"] == str(household)]
    assert [(e["act"]["operation"], e["due_by"], "因病" in e["why"]["zh"]) for e in entries] == [
        ("answer_finding", "2016-12-20", True)
    ]
    county = harness.running.client_for("reviewer-c", COUNTY, Role.REVIEWER)
    answers = f"/findings/{found['finding_id']}/answers"
    assert harness.refused(county, answers, {"reason": "已在办理"})[1] == "finding_of_another_office"

    # A measure, from its day on; annulled, the finding is back, and the annulment annulled, it is gone.
    harness.post(office, f"{path}/measures", {**begin, "measure_kind": "medical_aid", "effective_on": "2016-12-03"})
    assert [risks(harness, household, as_of=on) for on in ("2016-12-02", "2016-12-03", START)] == [["illness"], [], []]
    assert harness.get(f"/findings/{found['finding_id']}")["state"] == "cleared"
    stream = f"assistance/measures-{household}"
    void = {"effective_on": "2016-12-03", "reason": "误录入"}
    harness.post(office, f"{path}/annulments", {**void, "facts": [f"{stream}/2"]})
    assert risks(harness, household) == ["illness"]
    harness.post(office, f"{path}/annulments", {**void, "facts": [f"{stream}/3"]})
    assert risks(harness, household) == []
    measures = {m["measure_kind"]: m["measure_id"] for m in harness.get(path)["measures"]}
    harness.post(
        office, f"{path}/withdrawals",
        {"effective_on": "2016-12-04", "measure_id": measures["skill_training"], "reason": "外出"},
    )  # fmt: skip
    assert [risks(harness, household, as_of=on) for on in ("2016-12-03", "2016-12-04")] == [[], ["unstable_work"]]

    # The risk is gone, and the taking in annulled.
    harness.record(fact(RiskEliminated, household, "2016-12-05", manner=EliminationManner.BY_HELP))
    assert [risks(harness, household, as_of=on) for on in ("2016-12-04", START)] == [["unstable_work"], []]
    harness.record(one.annulled("2016-12-01", *told))
    assert risks(harness, household, as_of="2016-12-04") == []

    # Who splits off is monitored as its parent was, and takes no measure along.
    parent, new = Family.new(), uuid4()
    harness.record(parent.recorded("2014-01-05"), monitored(parent.household, "2016-12-01", "illness"))
    harness.post(office, f"/measures/households/{parent.household}/measures", {**begin, "measure_kind": "medical_aid"})
    gone, formed = parent.split("2016-12-02", new)
    harness.record(gone, formed)
    assert (risks(harness, parent.household), risks(harness, new)) == ([], ["illness"])
    assert harness.get("/findings", office, rule="risk_without_measure", division=TOWNSHIP)["items"] != []
    assert rebuilt_alike(harness) >= 2


def test_what_a_household_is_at_risk_of_is_known_for_every_day_as_known_at_any_instant() -> None:
    family = Family.new()
    household = family.household
    register = recorded(
        family.recorded("2014-01-05"), monitored(household, "2014-03-01", "illness"), log="registry", stream="household"
    )
    terms = MeasureTerms(help=Help.SECURITY, answers=(PlanCause.ILLNESS, PlanCause.DISABILITY), steps=())
    begun = fact(
        MeasureBegun, household, "2014-04-01", measure_id=uuid4(), measure_kind="medical_aid", division="990001101201",
        persons=2, terms=terms,
    )  # fmt: skip
    void = fact(MeasureFactsAnnulled, household, "2014-04-01", annuls=("assistance/measures/1",), reason="误录入")
    measures = recorded(begun, void, log="assistance", stream="measures")
    here, against = "990001101201", ("disability", "illness")
    alone, helped = CheckedRisks(here, ("illness",), ()), CheckedRisks(here, ("illness",), against)
    assert now_of(household, register) == alone
    assert now_of(household, [*register, measures[0]]) == helped
    assert now_of(household, [*register, *measures]) == alone
    last = max(r.recorded_at for r in (*register, *measures))
    found = [(p.value, p.valid_from) for p in periods_of(household, [*register, *measures]) if p.known_from == last]
    assert found == [(alone, date(2014, 3, 1))]
    assert periods_of(household, [register[0], *measures]) == []


def test_a_document_chooses_among_causes_only() -> None:
    read = KINDS["check_rules"]
    terms = {
        "zh": "风险", "en": "risk", "source": "x", "severity": "warning", "owner": {"level": "township", "role": "reviewer"},
        "answer_within_days": 15, "choices": {"illness": ["illness"]},
    }  # fmt: skip
    document = {
        "check_rules": "household_risks", "edition": "A", "zh": "规则", "en": "rules", "jurisdiction": "CN", "source": "x",
        "in_force": {"from": date(2014, 1, 1), "to": None},
    }  # fmt: skip
    read({**document, "rules": {"risk_without_measure": terms}})
    with pytest.raises(ValueError, match="prayer"):
        read({**document, "rules": {"risk_without_measure": {**terms, "choices": {"illness": ["prayer"]}}}})
    helper = {**terms, "limits": {"most": 10}}
    with pytest.raises(ValueError, match="choices"):
        read({**document, "check_rules": "helpers", "rules": {"too_many_households": helper}})
