"""The simulated province has the proportions of its sources, as far as they give any."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from statistics import mean
from uuid import UUID

import pytest

from contracts.assistance.measures import MeasureBegun, MeasureStepTaken
from contracts.facts import Fact
from contracts.registry.households import HouseholdMoved, HouseholdRecorded
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, HouseholdRemoved, HouseholdReturned
from lika.simulation.months import simulated_months
from lika.simulation.plan import Plan
from tests.lika.simulation.simulated_logs import regulations

PLAN = Plan(households=560, first=2014, last=2025, seed=2)


@cache
def simulated_facts() -> dict[str, list[Fact]]:
    """Facts by log, in order."""
    logs: dict[str, list[Fact]] = {}
    for month in simulated_months(PLAN, regulations()):
        for batch in month.batches:
            logs.setdefault(batch.log, []).extend(batch.facts)
    return logs


def status_facts(kind: type[Fact], year: int | None = None) -> Iterator[Fact]:
    return (f for f in simulated_facts()["registry"] if isinstance(f, kind) and year in (None, f.effective_on.year))


def test_a_household_has_about_a_hundred_events_over_the_years() -> None:
    total = sum(map(len, simulated_facts().values()))
    assert 85 <= total / PLAN.households <= 115
    shares = {log: len(facts) / total for log, facts in simulated_facts().items()}
    assert shares["registry"] == pytest.approx(0.78, abs=0.05)
    assert shares["assistance"] == pytest.approx(0.20, abs=0.05)
    assert 0.003 <= shares["monitoring"] <= 0.04


def test_households_have_the_size_of_the_2014_round() -> None:
    """P03: 2,073 persons in 746 households."""
    sizes = [len(f.members) for f in simulated_facts()["registry"] if isinstance(f, HouseholdRecorded)]
    assert len(sizes) == PLAN.households
    assert mean(sizes) == pytest.approx(2073 / 746, abs=0.2)


def test_exits_have_the_rates_of_the_township() -> None:
    """P04, P05: 160, 118 and 105 of 746 in the first three years."""
    identified = sum(1 for _ in status_facts(HouseholdEnrolled, 2014))
    assert identified >= 0.8 * PLAN.households
    for year, of_746 in ((2014, 160), (2015, 118), (2016, 105)):
        exited = sum(1 for _ in status_facts(HouseholdExited, year))
        assert exited / identified == pytest.approx(of_746 / 746, abs=0.05)


def test_the_look_back_removes_a_third_of_those_it_verifies_again() -> None:
    """P01, P02: 3,745 of 10,995 households."""
    stock: set[UUID] = set()
    removed = 0
    for fact in simulated_facts()["registry"]:
        if isinstance(fact, HouseholdEnrolled | HouseholdReturned) and fact.effective_on < date(2017, 7, 1):
            stock.add(fact.household_id)
        elif isinstance(fact, HouseholdExited) and fact.effective_on < date(2017, 7, 1):
            stock.discard(fact.household_id)
        elif isinstance(fact, HouseholdRemoved):
            assert fact.effective_on < date(2017, 1, 1)  # undone from the wrongful entry on
            removed += 1
    assert removed / len(stock) == pytest.approx(3745 / 10995, abs=0.06)


def test_nobody_is_in_poverty_after_2020_but_those_whose_exit_failed() -> None:
    left = Counter[UUID]()
    for fact in simulated_facts()["registry"]:
        if isinstance(fact, HouseholdEnrolled | HouseholdReturned):
            left[fact.household_id] = 1
        elif isinstance(fact, HouseholdExited | HouseholdRemoved):
            left[fact.household_id] = 0
    assert left.total() / PLAN.households < 0.04
    assert not any(f.effective_on.year > 2020 for f in status_facts(HouseholdEnrolled))


def test_who_moved_was_relocated_step_by_step() -> None:
    """M179: of the families whose measures are simulated, each that moved and was poor enough to be followed."""
    facts = [f for f in simulated_facts()["assistance"] if isinstance(f, MeasureBegun | MeasureStepTaken)]
    relocations = {f.measure_id: f for f in facts if isinstance(f, MeasureBegun) and f.measure_kind == "relocation"}
    moved_in = {f.measure_id: f.effective_on for f in facts if isinstance(f, MeasureStepTaken) and f.step == "moved_in"}
    register = simulated_facts()["registry"]
    moves = {(f.household_id, f.effective_on) for f in register if isinstance(f, HouseholdMoved)}
    assert len(relocations) > 3
    assert {(f.household_id, moved_in[measure]) for measure, f in relocations.items()} <= moves


def test_every_kind_of_fact_occurs() -> None:
    kinds = {fact.type_name for facts in simulated_facts().values() for fact in facts}
    assert kinds >= {
        "HouseholdSplit", "HouseholdFormed", "HouseholdMoved", "HouseholdReturned", "HouseholdCancelled", "MemberJoined",
        "MemberLeft", "MemberDied", "HeadSucceeded", "FactsAnnulled", "PersonalDataRead", "WorkbookImported",
        "CaseReturned", "ObjectionRaised", "ObjectionResolved", "DutyMissed", "PairEnded", "PairingEnded",
        "EntitlementGranted", "EntitlementContinued", "EntitlementEndedAtStageChange", "EntitlementStopped", "EntitlementFactsAnnulled",
        "OverpaidReviewOpened", "EntitlementTransferred", "TargetOverdue", "TargetStruckOff", "PoorVillageDesignated",
        "ProjectAccepted", "ProjectClosed", "ProjectIssueRectified", "FundPaid", "RetentionPaid", "FundReportFiled", "AgreementRenewed",
        "LoanContracted", "LoanFactsAnnulled", "InterestSubsidyPaid", "LoanReviewDecided", "LoanRunsToTerm", "CoursePlanned",
        "SessionAttended", "CertificateIssued", "TraineeLeft", "JobPlaced", "PlacementKept", "WageReported", "PostAttended",
        "PovertyPlanDrawn", "MeasureBegun", "MeasureStepTaken", "MeasureDelivered", "MeasureWithdrawn",
        "PayListCompiled", "PaymentsSettled", "PaymentsReturned", "RecoveryPlanned", "AmountRecovered",
    }  # fmt: skip
