"""The procedure engine, a decider: command, state of the case, dated procedure, status of the household → facts.

The slice's pure modules, in reading order: ``procedures`` (documents), ``commands``, ``state``, ``…_rules`` (applied in
the order of ``rules``), ``deciders``, ``effects``, ``offices``.
"""

from functools import reduce

from contracts.casework.cases import CaseOutcome
from contracts.facts import Fact
from services.casework.calendars.day_count import Holidays
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import as_on_its_day, due_notice_closing, due_step_for
from services.casework.procedures.context import AccountsOf, DecisionContext, no_other_account
from services.casework.procedures.deciders import DECIDERS, case_completed, ends_case, open_case
from services.casework.procedures.document import OPENING, Procedure
from services.casework.procedures.notice_terms import ObjectionsUntil, OnReturn, WhenUpheld
from services.casework.procedures.opening_rules import OPENING_RULES, Opening
from services.casework.procedures.rules import RULES_FOR
from services.casework.procedures.state import CaseState, Subject, evolve
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.ground.rule_checks import check_all


def decide(
    command: c.Command,
    state: CaseState | None,
    procedure: Procedure,
    subject: Subject,
    holidays: Holidays | None = None,
    accounts_of: AccountsOf = no_other_account,
) -> list[Fact]:
    """The facts of the command; none when it would change nothing. Raises ``Refused``.

    ``procedure``: for a new case the edition in force on the day, afterwards the edition it was opened under.
    ``subject``: on ``command.on``; its standing is checked when a case is opened or approved.
    ``holidays``: needed only where a notice counts working days. ``accounts_of``: which accounts are one person's.
    """
    if isinstance(command, c.OpenCase):
        check_all(OPENING_RULES, Opening(command, state, procedure, subject))
        return open_case(command, procedure, subject, holidays)
    if state is None:
        raise Refused(NOT_FOUND)
    if isinstance(command, c.CloseNotice) and state.running_notice is None:
        return []
    state = as_on_its_day(command, state)
    closing = due_notice_closing(command, state, procedure)
    state = reduce(evolve, closing, state)
    context = DecisionContext(
        command, state, procedure, subject, holidays, due_step_for(command, state, procedure), accounts_of
    )
    check_all(RULES_FOR[type(command)], context)
    decided = [*DECIDERS[type(command)](context)]
    return [*closing, *decided, *case_completed(command, state, procedure, decided)]


def transitions(procedure: Procedure) -> dict[str, frozenset[str]]:
    """The transition table: key of the step that is due (or ``OPENING``) → keys of steps and outcomes that can
    follow."""
    table = {OPENING: frozenset({procedure.steps[0].key})}
    keys = [s.key for s in procedure.steps]
    for index, step in enumerate(procedure.steps):
        targets = _next_steps(procedure, index)
        if not isinstance(step, p.Announcement):
            targets |= {*keys[:index], CaseOutcome.WITHDRAWN.value}
        targets.add(CaseOutcome.CLOSED.value)  # unless the effect stands already
        if isinstance(step, p.Notice):
            targets.add(step.key)  # corrected and posted again
        made_good = procedure.green_channel is not None and step.key in procedure.green_channel.deferred
        if ends_case(step, approved=made_good) or _objection_may_end_case(procedure, index):
            late = made_good or isinstance(step, p.Decision)
            targets.add(CaseOutcome.REJECTED.value if late else procedure.ended_early)
        table[step.key] = frozenset(targets)
    return table


def _next_steps(procedure: Procedure, index: int) -> set[str]:
    """The next step, and the one after it where a return leaves a completed notice in force. Where steps run side by side, any
    that does not come before this one."""
    if any(step.after is not None for step in procedure.steps):
        key = procedure.steps[index].key
        beside = {s.key for s in procedure.steps if s.key not in procedure.before(key) and s.key != key}
        return beside or {CaseOutcome.COMPLETED.value}
    targets = set()
    for step in procedure.steps[index + 1 :]:
        targets.add(step.key)
        if not (isinstance(step, p.Notice) and step.on_return is OnReturn.CONTINUE):
            return targets
    return {*targets, CaseOutcome.COMPLETED.value}


def _objection_may_end_case(procedure: Procedure, index: int) -> bool:
    """Whether an upheld objection can end the case while this step is due."""
    for notice_index, step in enumerate(procedure.steps):
        if isinstance(step, p.Notice) and step.objections.when_upheld is WhenUpheld.END:
            until_decision = step.objections.until is ObjectionsUntil.DECISION
            if notice_index == index or (notice_index > index and step.on_return is OnReturn.CONTINUE):
                return True
            if notice_index < index and until_decision and not isinstance(procedure.steps[index], p.Announcement):
                return True
    return False
