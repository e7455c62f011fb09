"""What may be done next when something in a household's history is in the way."""

from uuid import UUID

from contracts.facts import Recorded
from contracts.roles import Role
from services.casework.access.roles import OFFICES
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Rule
from services.registry.households.rules import DECIDED_BY_PROCEDURE, HOUSEHOLD_ENDED, WITHOUT_MEMBERS


def correction_of(recorded: Recorded, household: UUID) -> NextStep:
    """The act that annuls the one which recorded this fact of the household."""
    if type(recorded.fact) in DECIDED_BY_PROCEDURE:
        return case_about(household)
    ids, form = {"household_id": household}, {"acts": [recorded.command_id]}
    return NextStep("correct_facts", Office((Role.CADRE,)), ids, form)


def case_about(household: UUID, procedure: str | None = None) -> NextStep:
    """A procedure about the household, this one where it is named; its document says which office opens it."""
    named = {} if procedure is None else {"procedure": procedure}
    return NextStep("open_case", Office(tuple(sorted(OFFICES))), form={"subject": household, **named})


def ways_past(broken: Rule, household: UUID) -> tuple[NextStep, ...]:
    """What makes it possible that a fact of this household breaks no such rule."""
    return tuple(case_about(household, procedure) for procedure in ANSWERED_BY.get(broken, ()))


ANSWERED_BY = {HOUSEHOLD_ENDED: ("reinstatement",), WITHOUT_MEMBERS: ("household_end", "household_merge")}
"""Rule → the procedures about the household that answer its refusal."""
