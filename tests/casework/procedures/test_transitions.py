"""Whole cases from opening to end: every procedure once, and random walks against the transition table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from contracts.casework import cases as f
from contracts.registry.codes import PovertyCause
from services.casework.procedures import commands as c
from services.casework.procedures.case_facts import due_step
from services.casework.procedures.document import Procedure
from services.casework.procedures.domain import decide, transitions
from services.casework.procedures.effects import effect_due
from services.casework.procedures.state import CaseState, Subject, due_notice_end, evolve
from services.chassis.ground.refusals import Refused
from services.registry.cases.effects import effect_of
from tests.casework.procedures.example_cases import (
    CANDIDATE,
    DAY_ONE,
    DECIDER,
    EXIT,
    EXITED,
    IDENTIFICATION,
    LATER,
    LOOK_BACK,
    MINUTES,
    REGISTERED,
    RETURN,
    TEXT,
    TOWNSHIP,
    command,
    decide_on,
    edition_with,
    open_case,
)

PROCEDURES = [(IDENTIFICATION, CANDIDATE), (EXIT, REGISTERED), (RETURN, EXITED), (LOOK_BACK, REGISTERED)]
REPOST = edition_with("exit-2016", "village_notice", objections={"when_upheld": "repost", "until": "decision"})
CONTINUE = edition_with("exit-2016", "village_notice", on_return="continue", objections={"while_open": "run"})


def positive_command(kind: str, number: int, place: int) -> Any:
    """The command that completes a step of this kind with a positive result, each entered by another official."""
    by = f"official-{place}"
    commands: dict[str, Callable[[], Any]] = {
        "visit": lambda: command(c.MakeVisit, number, by, confirmed=True),
        "appraisal": lambda: command(
            c.HoldAppraisal, number, by, evidence=MINUTES, entitled=3, present=3, in_favour=2, against=1
        ),
        "consent": lambda: command(c.GiveConsent, number, by, agreed=True),
        "notice": lambda: command(c.PostNotice, number, by),
        "review": lambda: command(c.GiveReview, number, by, outcome=f.ReviewOutcome.PASSED),
        "comparison": lambda: command(c.MakeComparison, number, by, clean=True, departments=("housing",)),
        "decision": lambda: decide_on(number, by=by),
        "announcement": lambda: command(c.AnnounceCase, number, by),
    }
    return commands[kind]()


@pytest.mark.parametrize(("procedure", "household"), PROCEDURES, ids=lambda p: getattr(p, "procedure", ""))
def test_every_procedure_can_be_walked_from_its_opening_to_its_effect(procedure: Procedure, household: Subject) -> None:
    cause = PovertyCause.ILLNESS if procedure.opening.causes else None
    facts = decide(open_case(cause=cause), None, procedure, household)
    state = evolve(None, facts[0])
    effects = 0
    for place, step in enumerate(procedure.steps):
        number = (state.stands_since - DAY_ONE).days + 2
        before = state
        kind = str(type(step).__struct_config__.tag)
        for fact in decide(positive_command(kind, number, place), state, procedure, household):
            state = evolve(state, fact)
        if closing_day := due_notice_end(state):
            timer = c.CloseNotice(case_id=state.case_id, on=closing_day, today=LATER, by="timer")
            state = evolve(state, decide(timer, state, procedure, household)[0])
        effects += effect_due(before, state, procedure)
    assert state.outcome is f.CaseOutcome.COMPLETED
    assert effects == 1
    assert effect_of(state, procedure, household, DECIDER).type_name == procedure.effect.fact


OTHER_COMMANDS = ["object", "dismiss", "uphold", "back", "refuse", "withdraw", "timer"]
OUT_OF_TURN = ["visit", "appraisal", "consent", "notice", "review", "decision", "announcement"]
COMMAND_NAMES = st.sampled_from(["due"] * 40 + OTHER_COMMANDS + OUT_OF_TURN)


def any_command(name: str, number: int, state: CaseState, procedure: Procedure, pick: int) -> Any:
    due = due_step(state, procedure)
    open_no = state.open_objections[0].no if state.open_objections else 1
    others = {
        "object": lambda: command(c.RaiseObjection, number, text=TEXT),
        "dismiss": lambda: command(
            c.ResolveObjection, number, TOWNSHIP, objection_no=open_no, upheld=False, finding=TEXT
        ),
        "uphold": lambda: command(
            c.ResolveObjection, number, TOWNSHIP, objection_no=open_no, upheld=True, finding=TEXT
        ),
        "back": lambda: command(
            c.ReturnCase, number, back_to=procedure.steps[pick % len(procedure.steps)].key, reason=TEXT
        ),
        "refuse": lambda: command(c.GiveConsent, number, agreed=False),
        "withdraw": lambda: command(c.WithdrawCase, number),
        "timer": lambda: command(c.CloseNotice, number, "timer"),
    }
    if name == "due" and due_notice_end(state):
        name = "timer"
    if name in others:
        return others[name]()
    kind = str(type(due).__struct_config__.tag) if name == "due" and due else name
    return positive_command("visit" if kind == "due" else kind, number, pick)


@settings(max_examples=120)
@for_all(
    procedure=st.sampled_from([EXIT, REPOST, CONTINUE]),
    walk=st.lists(st.tuples(COMMAND_NAMES, st.sampled_from([0, 1, 2, 8]), st.integers(0, 30)), max_size=40),
)
def test_no_walk_leaves_the_table_or_reaches_an_exit_past_its_notice(
    procedure: Procedure, walk: list[tuple[str, int, int]]
) -> None:
    """M005: an exit without a completed, objection-free notice is invalid; whatever officials try."""
    table = transitions(procedure)
    state = evolve(None, decide(open_case(), None, procedure, REGISTERED)[0])
    for name, days, pick in walk:
        # An act that is no step may be told late, of a day before the notice ended.
        since = state.latest_on if name in OTHER_COMMANDS else state.stands_since
        number = (since - DAY_ONE + timedelta(days=days)).days + 1
        try:
            facts = decide(any_command(name, number, state, procedure, pick), state, procedure, REGISTERED)
        except Refused:
            continue
        # A step that overtakes the timer makes two moves: the notice's end, and its own.
        moves = [facts[:1], facts[1:]] if len(facts) > 1 and isinstance(facts[0], f.NoticeClosed) else [facts]
        for move in moves:
            before = state
            for fact in move:
                assert fact.effective_on >= state.latest_on or isinstance(fact, f.NoticeClosed)
                state = evolve(state, fact)
            assert position(state, procedure) in {
                position(before, procedure),
                *table.get(position(before, procedure), ()),
            }
            if effect_due(before, state, procedure):
                assert all(notice.closed for notice in state.notices)
                assert not state.open_objections
                assert {s.key for s in procedure.steps} == state.done


def position(state: CaseState, procedure: Procedure) -> str:
    """The state in the transition table: the step that is due (the last one until the case has ended), or the
    outcome."""
    due = due_step(state, procedure)
    if state.outcome:
        return state.outcome.value
    return due.key if due else procedure.steps[-1].key
