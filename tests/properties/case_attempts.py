"""What officials try with a case under any procedure."""

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from contracts.casework import cases as f
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import due_step
from services.casework.procedures.next_steps import ACTS as ACTS_OF_COMMANDS
from services.casework.procedures.next_steps import TAKEN_BY
from services.casework.procedures.state import CaseState, due_notice_end
from services.chassis.ground.next_steps import NextStep
from tests.casework.procedures.example_cases import CASE, MINUTES, TEXT

TODAY = date(2026, 11, 30)
OFFICIALS = 4
ATTEMPTS = ("due",) * 6 + ("refuse", "object", "dismiss", "uphold", "back", "withdraw", "close", "timer", "green")
ACTS = st.tuples(
    st.sampled_from(ATTEMPTS), st.integers(0, OFFICIALS), st.integers(0, 8), st.sampled_from([0, 0, 1, 3, 12])
)
"""Name, official, pick among steps, days that pass before it."""


def attempt(procedure: p.Procedure, state: CaseState, name: str, official: int, pick: int, days: int) -> c.Command:
    """What an official tries with this case: the step that is due, or something else by its name in ``ATTEMPTS``, which may be
    told late, of a day before a notice ended."""
    since = state.stands_since if name in ("due", "refuse", "timer") else state.latest_on
    given_by: dict[str, Any] = {
        "case_id": CASE, "on": since + timedelta(days), "today": TODAY, "by": f"official-{official}",
    }  # fmt: skip
    objection = state.open_objections[0].no if state.open_objections else 1
    match name:
        case "object":
            return c.RaiseObjection(**given_by, text=TEXT)
        case "dismiss" | "uphold":
            return c.ResolveObjection(**given_by, objection_no=objection, upheld=name == "uphold", finding=TEXT)
        case "back":
            back_to = procedure.steps[pick % len(procedure.steps)].key
            return c.ReturnCase(**given_by, back_to=back_to, reason=TEXT)
        case "withdraw":
            return c.WithdrawCase(**given_by)
        case "close":
            return c.CloseCase(**given_by, reason=TEXT, evidence=MINUTES)
        case "green":
            return c.TakeGreenChannel(**given_by, reason=TEXT)
        case "timer" if (notice := state.running_notice) is not None:
            day = due_notice_end(state) or max(notice.last_day + timedelta(1), notice.latest_on)
            return c.CloseNotice(**{**given_by, "on": day, "by": "timer"})
    due = due_step(state, procedure) or procedure.steps[pick % len(procedure.steps)]
    return step_command(due, given_by, positive=name != "refuse")


def command_next(procedure: p.Procedure, state: CaseState, step: NextStep, given_by: dict[str, Any]) -> c.Command:
    """The command that a refusal said is next, in the most favourable words that it leaves open."""
    kind = next(kind for kind, act in ACTS_OF_COMMANDS.items() if act == step.act)
    match step.act:
        case "resolve_objection":
            return c.ResolveObjection(**given_by, objection_no=step.ids["objection_no"], upheld=False, finding=TEXT)  # type: ignore[arg-type]
        case "return_case":
            return c.ReturnCase(**given_by, back_to=step.form["back_to"], reason=TEXT)
        case "withdraw_case":
            return c.WithdrawCase(**given_by)
        case "close_case":
            return c.CloseCase(**given_by, reason=TEXT, evidence=MINUTES)
    wanted = next(s for s in procedure.steps if TAKEN_BY[type(s)] is kind)
    return step_command(wanted, given_by, positive=step.form.get("approved", True))


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
