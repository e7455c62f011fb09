"""Whatever procedure a document describes, and whatever officials try: every case can end, no step is skipped, no notice
closes over an open objection, nobody approves what they entered, and a case that was completed has had its effect once."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.casework import cases as f
from contracts.facts import Fact
from contracts.selection import timeline
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import due_step
from services.casework.procedures.domain import decide
from services.casework.procedures.effects import effect_due, effect_revoked
from services.casework.procedures.next_steps import Situation, advising
from services.casework.procedures.state import CaseState, Subject, due_notice_end, evolve, fold
from services.chassis.ground.refusals import Refused
from tests.casework.procedures.example_cases import CASE, HOLIDAYS, HOUSEHOLD, TEXT, VILLAGE
from tests.properties.case_attempts import ACTS, OFFICIALS, TODAY, attempt, command_next
from tests.properties.procedure_documents import procedures
from tests.support.long_run import LONG
from tests.support.recorded import recorded

DAY_ONE = date(2015, 3, 2)
APPROVERS = (f.ReviewGiven, f.OpinionGiven, f.SignatureGiven, f.InspectionMade, f.ComparisonMade, f.CaseDecided)
SUBJECT = Subject(
    id=HOUSEHOLD, household_id=None, area=VILLAGE, standing="open", hands=frozenset({"official-0"}),
)  # fmt: skip


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
        """As the log tells it: by day, which is not the order of entry."""
        state = fold(timeline(recorded(*self.facts)))
        assert isinstance(state, CaseState)
        return state

    def give(self, command: c.Command) -> bool:
        """Whether it was accepted; what must hold of every accepted command is checked here."""
        return self.refusal_of(command) is None

    def refusal_of(self, command: c.Command) -> Refused | None:
        """By which the command was not accepted, with what it says is next."""
        before, subject = self.state, replace(SUBJECT, effect_stands=self.effects > 0)
        at = Situation(
            command=command, state=before, procedure=self.procedure, subject=subject, other=no_other_case, instead=tuple
        )  # fmt: skip
        try:
            with advising(at):
                new = decide(command, before, self.procedure, subject, HOLIDAYS)
        except Refused as no:
            return no
        for fact in new:
            self._require_lawful(before, fact)
            before = evolve(before, fact)
        self.facts += new
        return None

    def _require_lawful(self, before: CaseState, fact: Fact) -> None:
        after = evolve(before, fact)
        assert before.is_open
        if not isinstance(
            fact, f.ObjectionRaised | f.ObjectionResolved | f.CaseReturned | f.CaseEnded | f.GreenChannelTaken
        ):
            assert not before.open_objections
        if isinstance(fact, APPROVERS):
            own = (r for r in self.facts if r.entered_by == fact.entered_by)
            # To send a case back is to enter nothing that could be approved.
            assert {getattr(r, "step", None) for r in own if not isinstance(r, f.CaseReturned)} <= {fact.step}
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


def no_other_case(_: UUID) -> tuple[CaseState, p.Procedure]:
    raise AssertionError


def finish(run: CaseRun) -> None:
    """Officials who did nothing before bring the case to its end: objections dismissed, notices waited for, the due step
    taken. A step that can only be refused is (a comparison that must be clean is not)."""
    for number in range(4 * len(run.procedure.steps) + 8):
        if not run.state.is_open:
            return
        name = "dismiss" if run.state.open_objections else "timer" if due_notice_end(run.state) else "due"
        new = attempt(run.procedure, run.state, name, OFFICIALS + 1 + number, 0, 0)
        accepted = run.give(new) or run.give(attempt(run.procedure, run.state, "refuse", OFFICIALS + 1 + number, 0, 0))
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
            run.give(attempt(run.procedure, run.state, *act))
    finish(run)
    assert [type(fact) for fact in run.facts].count(f.CaseEnded) == 1


def follow(run: CaseRun, picks: list[int]) -> None:
    """Somebody wants to announce, and then does nothing but what the refusal says is next, one of its alternatives; where
    it names nothing, the notice that hangs is the last step, and the calendar ends it."""
    no: Refused | None = None
    for number in range(4 * len(run.procedure.steps) + 8):
        if not run.state.is_open:
            return
        given_by: dict[str, Any] = {"case_id": CASE, "today": TODAY, "by": f"official-{OFFICIALS + 1 + number}"}
        if no is None:
            no = run.refusal_of(c.AnnounceCase(**given_by, on=run.state.latest_on))
        elif no.next:
            step = no.next[picks[number % len(picks)] % len(no.next)]
            given_by["on"] = max(step.first_day or run.state.latest_on, run.state.latest_on)
            no = run.refusal_of(command_next(run.procedure, run.state, step, given_by))
        else:
            assert run.give(attempt(run.procedure, run.state, "timer", 0, 0, 0)), no
            no = None
    assert not run.state.is_open, no


@settings(max_examples=2_000 if LONG else 150)
@given(
    procedure=procedures(), acts=st.lists(ACTS, max_size=25),
    picks=st.lists(st.integers(0, 3), min_size=1, max_size=12),
)  # fmt: skip
def test_whatever_stands_in_the_way_what_refusals_say_is_next_ends_the_case(
    procedure: p.Procedure, acts: list[tuple[str, int, int, int]], picks: list[int]
) -> None:
    run = CaseRun.opened(procedure)
    for act in acts:
        if run.state.is_open:
            run.give(attempt(run.procedure, run.state, *act))
    follow(run, picks)
    assert [type(fact) for fact in run.facts].count(f.CaseEnded) == 1
