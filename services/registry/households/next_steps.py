"""What may be done next when something in a household's history is in the way."""

from uuid import UUID

from contracts.facts import Recorded
from contracts.roles import Role
from services.casework.access.roles import OFFICES
from services.chassis.ground.next_steps import NextStep, Office
from services.registry.households.rules import DECIDED_BY_PROCEDURE


def correction_of(recorded: Recorded, household: UUID) -> NextStep:
    """The act that annuls the one which recorded this fact of the household."""
    if type(recorded.fact) in DECIDED_BY_PROCEDURE:
        return case_about(household)
    ids, form = {"household_id": household}, {"acts": [recorded.command_id]}
    return NextStep("correct_facts", Office((Role.CADRE,)), ids, form)


def case_about(household: UUID) -> NextStep:
    """A procedure about the household; its document says which office opens it."""
    return NextStep("open_case", Office(tuple(sorted(OFFICES))), form={"subject": household})
