"""Closed by the county (终止): whatever stands in the way of the case, as long as it has no effect."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.casework import cases as f
from contracts.facts import Fact
from contracts.registry.poverty_status import PovertyStatus
from services.casework.procedures import commands as c
from services.casework.procedures.document import Procedure
from services.casework.procedures.sequence_rules import CASE_CLOSED, CLOSING_PAPER_MISSING, EFFECT_STANDS
from services.casework.procedures.state import Subject, due_notice_end, fold
from tests.casework.procedures.example_cases import (
    CANDIDATE,
    DECIDER,
    EXIT,
    IDENTIFICATION,
    MINUTES,
    REGISTERED,
    TEXT,
    command,
    decided,
    ended,
    exit_until_notice,
    exit_until_review,
    given,
    green_channel_taken,
    objected,
    opened,
    with_status,
)
from tests.support.recorded import recorded

GONE = replace(REGISTERED, standing=None)


def closing(number: int, **more: object) -> c.CloseCase:
    made = command(c.CloseCase, number, DECIDER, **{"reason": TEXT, "evidence": MINUTES, **more})
    assert isinstance(made, c.CloseCase)
    return made


@pytest.mark.parametrize(
    ("facts", "subject", "step"),
    [
        ((opened(),), REGISTERED, "appraisal"),
        (exit_until_notice(), REGISTERED, "village_notice"),
        ((*exit_until_notice(), objected(7)), REGISTERED, "village_notice"),
        (exit_until_review(), with_status(PovertyStatus.EXITED), "decision"),
        (exit_until_review(), GONE, "decision"),
        ((*exit_until_review(), decided(15)), REGISTERED, "announcement"),
        ((opened(), green_channel_taken(2, ("appraisal",))), REGISTERED, "check"),
    ],
)
def test_a_case_is_closed_wherever_it_stands(facts: tuple[Fact, ...], subject: Subject, step: str) -> None:
    end = replace_end(ended(20, f.CaseOutcome.CLOSED, step, DECIDER))
    after = given(*facts).when(closing(20), EXIT, subject).then(end)
    after.when(closing(21), EXIT, subject).then_refused(CASE_CLOSED, outcome=f.CaseOutcome.CLOSED)
    state = fold(recorded(*facts, end))
    assert state is not None
    assert due_notice_end(state) is None


def replace_end(fact: f.CaseEnded) -> f.CaseEnded:
    return f.CaseEnded(
        **{name: getattr(fact, name) for name in fact.__struct_fields__ if name not in ("evidence", "reason")},
        evidence=MINUTES, reason=TEXT,
    )  # fmt: skip


def test_a_case_is_closed_after_its_edition_has_ended() -> None:
    assert IDENTIFICATION.in_force.ends == date(2020, 12, 31)
    late: Procedure = IDENTIFICATION
    closed = closing(1, on=date(2021, 1, 1), today=date(2021, 1, 1))
    given(opened(procedure=late)).when(closed, late, CANDIDATE).then_happened(f.CaseEnded)


def test_what_has_an_effect_that_stands_is_not_closed_and_without_it_is() -> None:
    """Decided first by the green channel: its steps are made good, or what it brought about is annulled."""
    stands = replace(REGISTERED, effect_stands=True)
    taken = given(*exit_until_review(), decided(15))
    taken.when(closing(20), EXIT, stands).then_refused(EFFECT_STANDS)
    taken.when(closing(20), EXIT, REGISTERED).then_happened(f.CaseEnded)


def test_a_closing_rests_on_a_paper() -> None:
    given(opened()).when(closing(2, evidence=()), EXIT, REGISTERED).then_refused(CLOSING_PAPER_MISSING)
