"""Steps that run side by side, the term of a case, and whose authorisation a comparison demands: monitoring as its document says
it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from contracts.casework import cases as f
from contracts.facts import Fact
from contracts.personal import Personal
from contracts.selection import timeline
from services.casework.procedures import commands as c
from services.casework.procedures.case_facts import due_steps
from services.casework.procedures.document import Procedure, procedure_from
from services.casework.procedures.domain import decide
from services.casework.procedures.flags import CaseFlag, flags_of
from services.casework.procedures.repository import procedures_changing
from services.casework.procedures.state import Adult, CaseState, Subject, fold
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import CASE, HOUSEHOLD, MINUTES, VILLAGE, document
from tests.support.recorded import recorded

INCLUSION = procedure_from(document("monitoring_inclusion-2021"))
FIRST = date(2023, 3, 6)
ADULTS = [UUID(int=n) for n in (1, 2, 3)]
SUBJECT = Subject(
    id=HOUSEHOLD, household_id=HOUSEHOLD, area=VILLAGE, standing="none",
    adults=[Adult(person) for person in ADULTS],
)  # fmt: skip
TEXT = Personal("stated in the paper")


class Run:
    def __init__(self, procedure: Procedure = INCLUSION, **more: Any) -> None:
        self.procedure = procedure
        self.facts: list[Fact] = []
        self.give(c.OpenCase, 6, subject=HOUSEHOLD, grounds=TEXT, **more)

    def give(self, kind: Any, day: int, by: str = "", about: Subject = SUBJECT, **more: Any) -> None:
        common = {
            "case_id": CASE,
            "on": FIRST + timedelta(day - 6),
            "today": date(2024, 12, 31),
            "by": by or kind.__name__,
        }
        self.facts += decide(kind(**common, **more), self.state, self.procedure, about)

    def refused(self, kind: Any, day: int, **more: Any) -> str:
        with pytest.raises(Refused) as no:
            self.give(kind, day, **more)
        return no.value.rule.code

    @property
    def state(self) -> CaseState | None:
        return fold(timeline(recorded(*self.facts)))

    @property
    def flags(self) -> list[CaseFlag]:
        return flags_of(timeline(recorded(*self.facts)), self.procedure)

    @property
    def due(self) -> list[str]:
        assert self.state is not None
        return [step.key for step in due_steps(self.state, self.procedure)]

    @property
    def due_by(self) -> date | None:
        assert self.state is not None
        return self.state.due_by

    def appraise(self, day: int) -> None:
        self.give(c.HoldAppraisal, day, entitled=3, present=3, in_favour=3, against=0, evidence=MINUTES)

    def comparison(self) -> dict[str, Any]:
        sources = next(s for s in self.procedure.steps if s.key == "comparison").sources  # type: ignore[union-attr]
        results = tuple(
            f.PersonCompared(person_id=p, source=s, result=f.MatchResult.AMBIGUOUS) for p in ADULTS for s in sources
        )
        return {"clean": False, "departments": ("vehicles",), "results": results}


def test_the_comparison_runs_beside_appraisal_and_notice_and_the_review_waits_for_both() -> None:
    run = Run()
    run.give(c.MakeVisit, 6, confirmed=True)
    assert run.due == ["comparison", "appraisal"]
    run.appraise(9)
    run.give(c.PostNotice, 9)
    assert run.due == ["comparison", "village_notice"]
    # It took place before the appraisal that was entered first.
    run.give(c.MakeComparison, 8, **run.comparison())
    assert run.due == ["village_notice"]
    assert run.refused(c.GiveReview, 14, outcome=f.ReviewOutcome.PASSED) == "notice_not_over"
    run.give(c.GiveReview, 15, outcome=f.ReviewOutcome.PASSED)
    assert run.due == ["decision"]


def test_nothing_is_compared_while_an_authorisation_is_missing_where_the_document_demands_them() -> None:
    run = Run()
    run.give(c.MakeVisit, 6, confirmed=True)
    assert run.refused(c.MakeComparison, 9, clean=True, departments=("vehicles",)) == "comparison_incomplete"
    asked = NextStep("enter_authorisation", Office(()))
    subject = replace(SUBJECT, adults=[*SUBJECT.adults[1:], Adult(ADULTS[0], asked)])
    with pytest.raises(Refused) as no:
        run.give(c.MakeComparison, 9, about=subject, **run.comparison())
    assert (no.value.rule.code, no.value.facts) == ("authorisation_missing", {"persons": [str(ADULTS[0])]})
    content = document("monitoring_inclusion-2021")
    next(s for s in content["steps"] if s["key"] == "comparison")["authorisation_required"] = False
    other = Run(procedure_from(content))
    other.give(c.MakeVisit, 6, confirmed=True)
    other.give(c.MakeComparison, 9, about=subject, **run.comparison())


@pytest.mark.parametrize("demand", [{"authorisation_required": True}, {"sources": ["vehicles"]}])
def test_adults_are_asked_about_only_where_the_service_knows_them(demand: dict[str, Any]) -> None:
    content = document("monitoring_inclusion-2021")
    comparison = next(s for s in content["steps"] if s["key"] == "comparison")
    for field in ("authorisation_required", "sources"):
        del comparison[field]
    standing, lawful = content["standing"], lambda _: None
    unknown = procedures_changing({standing: lawful})
    unknown(content)
    comparison.update(demand)
    with pytest.raises(ValueError, match="asks about no adults"):
        unknown(content)
    procedures_changing({standing: lawful}, with_adults=(standing,))(content)


def test_the_term_counts_from_the_day_after_the_clue_and_stands_still_while_somebody_objects() -> None:
    assert Run().due_by == date(2023, 3, 21)
    run = Run(counts_from=date(2023, 3, 4))
    assert run.due_by == date(2023, 3, 19)
    run.give(c.MakeVisit, 6, confirmed=True)
    run.appraise(9)
    run.give(c.PostNotice, 9)
    run.give(c.RaiseObjection, 11, text=TEXT)
    run.give(c.ResolveObjection, 13, objection_no=1, upheld=False, finding=TEXT)
    assert run.due_by == date(2023, 3, 21)


def test_what_is_upheld_is_posted_again_and_the_term_went_on_standing_still_until_then() -> None:
    run = Run()
    run.give(c.MakeVisit, 6, confirmed=True)
    run.appraise(9)
    run.give(c.PostNotice, 9)
    run.give(c.RaiseObjection, 11, text=TEXT)
    run.give(c.ResolveObjection, 13, objection_no=1, upheld=True, finding=TEXT)
    assert (run.due, run.due_by) == (["comparison", "village_notice"], date(2023, 3, 23))
    run.give(c.PostNotice, 14)


def test_a_term_that_is_over_is_recorded_and_nothing_is_refused_for_it() -> None:
    run = Run()
    run.give(c.MakeVisit, 6, confirmed=True)
    run.give(c.ExceedTerm, 22)
    assert run.state is not None
    assert run.state.term_exceeded
    run.appraise(23)


def test_an_objection_told_late_waits_for_nothing_that_ran_beside_the_notice_and_gives_its_days_back() -> None:
    run = Run()
    run.give(c.MakeVisit, 6, confirmed=True)
    run.appraise(9)
    run.give(c.PostNotice, 9)
    run.give(c.CloseNotice, 15)
    run.give(c.MakeComparison, 16, **run.comparison())
    run.give(c.ExceedTerm, 22)
    assert CaseFlag.TERM_EXCEEDED in run.flags
    assert run.refused(c.RaiseObjection, 15, text=TEXT) == "objection_after_notice"
    run.give(c.RaiseObjection, 11, text=TEXT)
    assert run.due == ["village_notice"]
    run.give(c.ResolveObjection, 13, objection_no=1, upheld=False, finding=TEXT)
    assert run.state is not None
    assert (run.due_by, run.state.term_exceeded) == (date(2023, 3, 23), False)
    assert CaseFlag.TERM_EXCEEDED not in run.flags
    # It ends two days later than it did, whatever ran beside it.
    assert run.refused(c.CloseNotice, 16) == "notice_not_over"
    run.give(c.GiveReview, 17, outcome=f.ReviewOutcome.PASSED)


def test_what_is_returned_while_others_run_beside_it_is_done_again_after_the_return() -> None:
    run = Run()
    run.give(c.MakeVisit, 6, confirmed=True)
    run.give(c.MakeComparison, 7, **run.comparison())
    run.appraise(9)
    run.give(c.ReturnCase, 10, back_to="comparison", reason=TEXT)
    assert run.refused(c.MakeComparison, 9, **run.comparison()) == "day_before_former_step"
    run.give(c.MakeComparison, 10, **run.comparison())


def test_who_is_struck_out_during_identification_was_not_removed() -> None:
    """M002: eight households were taken out of the list; an ending of its own, and no decision."""
    run = Run()
    run.give(c.MakeVisit, 6, confirmed=False)
    assert run.state is not None
    assert run.state.outcome is f.CaseOutcome.REJECTED
    struck = procedure_from({**document("monitoring_inclusion-2021"), "ended_early": "struck_out"})
    other = Run(struck)
    other.give(c.MakeVisit, 6, confirmed=False)
    assert other.state is not None
    assert other.state.outcome is f.CaseOutcome.STRUCK_OUT
    assert procedure_from(document("identification-2014")).ended_early == "struck_out"


@pytest.mark.parametrize(
    ("key", "after", "complaint"),
    [
        ("appraisal", ["village_notice"], "stand before it"),
        ("decision", ["comparison"], "comes after everything"),
        ("township_review", [], "length"),
    ],
)
def test_an_order_that_no_case_could_follow_is_no_document(key: str, after: list[str], complaint: str) -> None:
    content = document("monitoring_inclusion-2021")
    next(s for s in content["steps"] if s["key"] == key)["after"] = after
    with pytest.raises(msgspec.ValidationError, match=complaint):
        procedure_from(content)


def test_two_steps_of_one_kind_do_not_run_side_by_side() -> None:
    content = document("monitoring_inclusion-2021")
    content["steps"].insert(1, {**content["steps"][0], "key": "second_visit", "after": ["visit"]})
    content["steps"].insert(2, {**content["steps"][0], "key": "third_visit", "after": ["visit"]})
    with pytest.raises(msgspec.ValidationError, match="another kind"):
        procedure_from(content)
