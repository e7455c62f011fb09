"""Gives the case engine the commands of a simulated case one by one: it must append the simulated facts."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec

from contracts.casework import cases as facts
from contracts.civil import civil_day
from contracts.facts import Fact, Recorded
from services.casework.procedures import commands as c
from services.casework.procedures.document import Procedure
from services.casework.procedures.domain import decide
from services.casework.procedures.effects import effect_due
from services.casework.procedures.state import CaseState, Subject, evolve
from tests.lika.simulation.simulated_logs import regulations

COMMANDS: dict[type[Fact], tuple[type[c.Command], tuple[str, ...]]] = {
    facts.CaseOpened: (c.OpenCase, ("subject", "grounds", "cause")),
    facts.VisitMade: (c.MakeVisit, ("confirmed", "findings")),
    facts.AppraisalHeld: (c.HoldAppraisal, ("entitled", "present", "in_favour", "against", "abstained")),
    facts.ConsentGiven: (c.GiveConsent, ("agreed",)),
    facts.NoticePosted: (c.PostNotice, ()),
    facts.ObjectionRaised: (c.RaiseObjection, ("text", "objector")),
    facts.ObjectionResolved: (c.ResolveObjection, ("objection_no", "upheld", "finding")),
    facts.NoticeClosed: (c.CloseNotice, ()),
    facts.ReviewGiven: (c.GiveReview, ("outcome",)),
    facts.ComparisonMade: (c.MakeComparison, ("clean", "departments", "findings")),
    facts.CaseReturned: (c.ReturnCase, ("back_to", "reason")),
    facts.CaseAnnounced: (c.AnnounceCase, ()),
    facts.CaseEnded: (c.WithdrawCase, ()),
}
"""The command whose first fact this is, and which of the fact's fields the command names. A case that is not withdrawn
ends with another fact."""


def command_of(fact: Fact, today: date) -> c.Command:
    assert isinstance(fact, facts.CaseFact)
    common: dict[str, Any] = {
        "case_id": fact.case_id, "on": fact.effective_on, "today": today, "by": fact.entered_by,
        "evidence": fact.evidence,
    }  # fmt: skip
    if isinstance(fact, facts.CaseDecided):
        decision = fact.decision
        assert decision is not None
        return c.DecideCase(
            **common,
            approved=fact.approved,
            organ=decision.organ,
            document_no=decision.document_no,
            signer=decision.signer,
        )
    kind, named = COMMANDS[type(fact)]
    return kind(**common, **{name: getattr(fact, name) for name in named})


SubjectOn = Callable[[Recorded, date, CaseState | None], Subject]
"""The subject on a day, as it was known when the case's fact was entered."""
TookEffect = Callable[[Recorded, CaseState, Subject], None]
"""Checks what the fact that approved the case brought about."""


def edition_of(entries: Sequence[Recorded]) -> Procedure:
    """The edition that the case was opened under."""
    first = entries[0].fact
    assert isinstance(first, facts.CaseOpened)
    return regulations().library(entries[0].log).edition(first.procedure, first.edition)


def replay(entries: Sequence[Recorded], subject_on: SubjectOn, took_effect: TookEffect) -> CaseState:
    """Each command must be accepted and append exactly the simulated facts."""
    edition, state, remaining = edition_of(entries), None, list(entries)
    while remaining:
        recorded = remaining[0]
        command = command_of(recorded.fact, civil_day(recorded.recorded_at))
        subject = subject_on(recorded, command.on, state)
        expected = decide(command, state, edition, subject)
        appended = [msgspec.structs.replace(r.fact, decided_from=None) for r in remaining[: len(expected)]]
        assert appended == expected
        before = state
        for fact in expected:
            state = evolve(state, fact)
        assert state is not None
        if effect_due(before, state, edition):
            took_effect(recorded, state, subject)
        remaining = remaining[len(expected) :]
    assert state is not None
    return state
