"""Whatever procedure a document describes, and whatever officials try: every case can end, no step is skipped, no notice
closes over an open objection, nobody approves what they entered, and a case that was completed has had its effect once."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.casework import cases as f
from contracts.facts import Fact
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import due_step
from services.casework.procedures.domain import decide
from services.casework.procedures.effects import effect_due, effect_revoked
from services.casework.procedures.state import CaseState, Subject, due_notice_end, evolve
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import CASE, HOLIDAYS, HOUSEHOLD, MINUTES, TEXT, VILLAGE
from tests.properties.procedure_documents import procedures
from tests.support.long_run import LONG

DAY_ONE, TODAY = date(2015, 3, 2), date(2026, 11, 30)
OFFICIALS = 4
APPROVERS = (f.ReviewGiven, f.OpinionGiven, f.SignatureGiven, f.InspectionMade, f.ComparisonMade, f.CaseDecided)
SUBJECT = Subject(
    id=HOUSEHOLD, household_id=None, area=VILLAGE, standing="open", hands=frozenset({"official-0"}),
)  # fmt: skip
ACTS = st.tuples(
    st.sampled_from(["due"] * 6 + ["refuse", "object", "dismiss", "uphold", "back", "withdraw", "timer", "green"]),
    st.integers(0, OFFICIALS),
    st.integers(0, 8),
    st.sampled_from([0, 0, 1, 3, 12]),
)


@dataclass
class CaseRun:
    """One case under a procedure; ``facts``: all of it so far; ``effects``: how many it has brought about and not taken
    back."""

    procedure: p.Procedure
    facts: list[Fact]
    effects: int = 0

    @classmethod
    def opened(cls, procedure: p.Procedure) -> "CaseRun":
        opening = c.OpenCase(case_id=CASE, on=DAY_ONE, today=TODAY, by="official-1", subject=HOUSEHOLD, grounds=TEXT)
        return cls(procedure, decide(opening, None, procedure, SUBJECT, HOLIDAYS))

    @property
    def state(self) -> CaseState:
        state = reduce(evolve, self.facts[1:], evolve(None, self.facts[0]))
        assert isinstance(state, CaseState)
        return state

    def give(self, command: c.Command) -> bool:
        """Whether it was accepted; what must hold of every accepted command is checked here."""
        before = self.state
        try:
            new = decide(command, before, self.procedure, SUBJECT, HOLIDAYS)
        except Refused:
            return False
        for fact in new:
            self._require_lawful(before, fact)
            before = evolve(before, fact)
        self.facts += new
        return True

    def _require_lawful(self, before: CaseState, fact: Fact) -> None:
        after = evolve(before, fact)
        assert before.is_open
        if not isinstance(
            fact, f.ObjectionRaised | f.ObjectionResolved | f.CaseReturned | f.CaseEnded | f.GreenChannelTaken
        ):
            assert not before.open_objections
        if isinstance(fact, APPROVERS):
            entered = {(r.entered_by, getattr(r, "step", None)) for r in self.facts if r.entered_by == fact.entered_by}
            assert {step for _, step in entered} <= {fact.step}
            assert fact.entered_by not in SUBJECT.hands
        if isinstance(fact, f.CaseDecided):
            before_decision = {s.key for s in self.procedure.steps[: self._place(fact.step)]}
            assert before_decision <= before.done | before.deferred
        self.effects += effect_due(before, after, self.procedure) - effect_revoked(before, after, self.procedure)
        assert self.effects in (0, 1)
        if isinstance(fact, f.CaseEnded) and fact.outcome is f.CaseOutcome.COMPLETED:
            assert {s.key for s in self.procedure.steps} == before.done
            must_be_clean = {s.key for s in self.procedure.steps if isinstance(s, p.Comparison) and s.must_be_clean}
            assert not must_be_clean & before.unclean_comparisons
        if isinstance(fact, f.CaseEnded):
            assert self.effects == (fact.outcome is f.CaseOutcome.COMPLETED)

    def _place(self, key: str) -> int:
        return [s.key for s in self.procedure.steps].index(key)


def attempt(run: CaseRun, name: str, official: int, pick: int, days: int) -> c.Command:
    state = run.state
    given_by: dict[str, Any] = {
        "case_id": CASE, "on": state.latest_on + timedelta(days), "today": TODAY, "by": f"official-{official}",
    }  # fmt: skip
    objection = state.open_objections[0].no if state.open_objections else 1
    match name:
        case "object":
            return c.RaiseObjection(**given_by, text=TEXT)
        case "dismiss" | "uphold":
            return c.ResolveObjection(**given_by, objection_no=objection, upheld=name == "uphold", finding=TEXT)
        case "back":
            back_to = run.procedure.steps[pick % len(run.procedure.steps)].key
            return c.ReturnCase(**given_by, back_to=back_to, reason=TEXT)
        case "withdraw":
            return c.WithdrawCase(**given_by)
        case "green":
            return c.TakeGreenChannel(**given_by, reason=TEXT)
        case "timer" if (notice := state.running_notice) is not None:
            day = due_notice_end(state) or max(notice.last_day + timedelta(1), state.latest_on)
            return c.CloseNotice(**{**given_by, "on": day, "by": "timer"})
    due = due_step(state, run.procedure) or run.procedure.steps[pick % len(run.procedure.steps)]
    return step_command(due, given_by, positive=name != "refuse")


def step_command(step: p.AnyStep, given_by: dict[str, Any], *, positive: bool) -> c.Command:
    votes: dict[str, Any] = {
        "entitled": 3,
        "present": 3,
        "in_favour": 3 if positive else 0,
        "against": 0 if positive else 3,
    }
    match step:
        case p.Visit():
            return c.MakeVisit(**given_by, confirmed=positive)
        case p.Appraisal():
            return c.HoldAppraisal(**given_by, **votes, evidence=MINUTES)
        case p.Consent():
            return c.GiveConsent(**given_by, agreed=positive)
        case p.Notice():
            return c.PostNotice(**given_by)
        case p.Review():
            outcome = f.ReviewOutcome.PASSED if positive else f.ReviewOutcome.REJECTED
            return c.GiveReview(**given_by, outcome=outcome)
        case p.Opinion():
            return c.GiveOpinion(**given_by, favourable=positive)
        case p.Signature():
            return c.GiveSignature(**given_by, signed=positive, signer="post")
        case p.Inspection():
            return c.MakeInspection(**given_by, passed=positive)
        case p.Comparison():
            return c.MakeComparison(**given_by, clean=positive, departments=("housing",))
        case p.Decision():
            return c.DecideCase(**given_by, approved=positive, organ="organ", document_no="1", signer="post")
    return c.AnnounceCase(**given_by)


def finish(run: CaseRun) -> None:
    """Officials who did nothing before bring the case to its end: objections dismissed, notices waited for, the due step
    taken. A step that can only be refused is (a comparison that must be clean is not)."""
    for number in range(4 * len(run.procedure.steps) + 8):
        if not run.state.is_open:
            return
        name = "dismiss" if run.state.open_objections else "timer" if due_notice_end(run.state) else "due"
        new = attempt(run, name, OFFICIALS + 1 + number, 0, 0)
        accepted = run.give(new) or run.give(attempt(run, "refuse", OFFICIALS + 1 + number, 0, 0))
        assert accepted, (name, due_step(run.state, run.procedure))
    assert not run.state.is_open


@settings(max_examples=2_000 if LONG else 150)
@given(procedure=procedures(), acts=st.lists(ACTS, max_size=25))
def test_whatever_a_document_says_every_case_can_end_and_nothing_is_skipped(
    procedure: p.Procedure, acts: list[tuple[str, int, int, int]]
) -> None:
    run = CaseRun.opened(procedure)
    for act in acts:
        if run.state.is_open:
            run.give(attempt(run, *act))
    finish(run)
    assert [type(fact) for fact in run.facts].count(f.CaseEnded) == 1
