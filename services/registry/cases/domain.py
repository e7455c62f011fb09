"""The procedure engine: one command, the case as it stands, the dated procedure → facts. Nothing else is looked at.

The slice's pure parts, in reading order: ``procedures`` (documents), ``commands``, ``state``, ``…_rules`` (their order
in ``rules``), ``acts``, ``effects``, ``offices``. What the rest of the registry uses of them is listed in ``__all__``.
"""

from functools import reduce

from contracts.facts import Fact
from contracts.registry.cases import CaseOutcome
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.registry.cases import commands as c
from services.registry.cases import procedures as p
from services.registry.cases.context import Act
from services.registry.cases.deciders import ENDS_WHEN_REFUSED, YIELDS, due_step, open_case, overtaken_closing
from services.registry.cases.effects import StatusFact, effect_due, effect_of
from services.registry.cases.notice_days import Holidays, holidays_from
from services.registry.cases.offices import office_of, require_office
from services.registry.cases.opening_rules import may_open
from services.registry.cases.procedures import OPENING, Office, Procedure, procedure_from
from services.registry.cases.rules import RULES_FOR
from services.registry.cases.state import CaseState, Standing, due_notice_end, evolve, fold

__all__ = [
    "CaseState",
    "Holidays",
    "Office",
    "Procedure",
    "Standing",
    "StatusFact",
    "decide",
    "due_notice_end",
    "due_step",
    "effect_due",
    "effect_of",
    "evolve",
    "fold",
    "holidays_from",
    "office_of",
    "procedure_from",
    "require_office",
    "transitions",
]


def decide(
    command: c.Command,
    state: CaseState | None,
    procedure: Procedure,
    standing: Standing,
    holidays: Holidays | None = None,
) -> list[Fact]:
    """The facts that the command brings about; none when its wish is already true. Raises ``Refused``.

    ``procedure``: for a new case the edition in force on the day, afterwards the edition it was opened under.
    ``standing``: the household on ``command.on``; asked when a case is opened or approved.
    ``holidays``: needed only where a notice counts working days.
    """
    if isinstance(command, c.OpenCase):
        may_open(command, state, procedure, standing)
        return open_case(command, procedure)
    if state is None:
        raise Refused(NOT_FOUND)
    if isinstance(command, c.CloseNotice) and state.running_notice is None:
        return []
    closing = overtaken_closing(command, state, procedure)
    state = reduce(evolve, closing, state)
    act = Act(command, state, procedure, standing, holidays, due_step(state, procedure))
    for check in RULES_FOR[type(command)]:
        check(act)
    return [*closing, *YIELDS[type(command)](act)]


def transitions(procedure: Procedure) -> dict[str, frozenset[str]]:
    """From each step that is due (and from the opening) to what can come of it: a step's key, or an outcome."""
    table = {OPENING: frozenset({procedure.steps[0].key})}
    keys = [s.key for s in procedure.steps]
    for place, step in enumerate(procedure.steps):
        ways = _forward(procedure, place)
        if not isinstance(step, p.Announcement):
            ways |= {*keys[:place], CaseOutcome.WITHDRAWN.value}
        if isinstance(step, p.Notice):
            ways.add(step.key)  # corrected and posted anew
        if type(step) in ENDS_WHEN_REFUSED or _objection_may_end(procedure, place):
            ways.add(CaseOutcome.REJECTED.value)
        table[step.key] = frozenset(ways)
    return table


def _forward(procedure: Procedure, place: int) -> set[str]:
    """The next step; and, past a notice that a return lets stand, the one after it."""
    ways = set()
    for step in procedure.steps[place + 1 :]:
        ways.add(step.key)
        if not (isinstance(step, p.Notice) and step.on_return is p.OnReturn.CONTINUE):
            return ways
    return {*ways, CaseOutcome.COMPLETED.value}


def _objection_may_end(procedure: Procedure, place: int) -> bool:
    """Whether, while this step is due, an objection may be upheld that ends the case."""
    for at, step in enumerate(procedure.steps):
        if isinstance(step, p.Notice) and step.objections.when_upheld is p.WhenUpheld.END:
            objectable_later = step.objections.until is p.ObjectionsUntil.DECISION
            if at == place or (at > place and step.on_return is p.OnReturn.CONTINUE):
                return True
            if at < place and objectable_later and not isinstance(procedure.steps[place], p.Announcement):
                return True
    return False
