"""Authorization of case commands: the level and the role that the procedure document names for the step."""

from collections.abc import Collection
from functools import reduce

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.case_facts import as_on_its_day, due_notice_closing, due_step_for
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.context import STEP_TAKEN_BY
from services.casework.procedures.state import CaseState, evolve
from services.chassis.ground.refusals import Refused, rule

OFFICE_NOT_ALLOWED = rule(
    "office_not_allowed",
    zh="该步骤由其他层级或岗位办理，请交由其办理。",
    en="This step belongs to another level of office or another role; hand it on to them.",
    source="office of the step in the procedure document",
    status=403,
)

CLOSED_BY = tuple(
    CompetentOffice(level=level, role=Role.DECIDER) for level in (Level.COUNTY, Level.CITY, Level.PROVINCE)
)
"""Who closes a case, whatever its procedure: whoever decides for the county, or above."""


def offices_of(command: c.Command, state: CaseState | None, procedure: p.Procedure) -> tuple[CompetentOffice, ...]:
    """The offices of which one may give this command; none for the timer's. The area is checked elsewhere."""
    if isinstance(command, c.CloseNotice | c.MissMakeGood | c.ExceedTerm):
        return ()
    if isinstance(command, c.CloseCase):
        return CLOSED_BY
    return (_office_of(command, state, procedure),)


def _office_of(command: c.Command, state: CaseState | None, procedure: p.Procedure) -> CompetentOffice:
    if isinstance(command, c.TakeGreenChannel) and procedure.green_channel is not None:
        return procedure.green_channel.office
    if state is None or isinstance(command, c.OpenCase | c.WithdrawCase):
        return procedure.opening.office
    if isinstance(command, c.TakeDownNotice):
        return next((s.office for s in procedure.steps if s.key == command.step), procedure.opening.office)
    if isinstance(command, c.RaiseObjection | c.ResolveObjection):
        return _objection_office(command, state, procedure)
    state = as_on_its_day(command, state)
    state = reduce(evolve, due_notice_closing(command, state, procedure), state)
    step = due_step_for(command, state, procedure)
    if isinstance(command, c.StepCommand):
        kind = STEP_TAKEN_BY[type(command)]
        # A step out of turn belongs to its own office as well, so that the rule refuses it and not the role.
        if not isinstance(step, kind):
            step = next((s for s in procedure.steps if isinstance(s, kind)), None)
    return step.office if step else procedure.opening.office


def _objection_office(
    command: c.RaiseObjection | c.ResolveObjection, state: CaseState, procedure: p.Procedure
) -> CompetentOffice:
    """An objection is heard by the office that its own notice names, also where that has come down meanwhile."""
    raised = (
        o.step for o in state.objections if isinstance(command, c.ResolveObjection) and o.no == command.objection_no
    )
    key = next(raised, state.notices[-1].step if state.notices else None)
    step = procedure.step(key) if key is not None else None
    if not isinstance(step, p.Notice):
        return procedure.opening.office
    return step.objections.heard_by if isinstance(command, c.ResolveObjection) else step.office


def require_office(offices: Collection[CompetentOffice], roles: Collection[Role], level: Level) -> None:
    """Raises ``Refused`` for an office that is none of these."""
    if offices and not any(office.is_held_by(roles, level) for office in offices):
        lowest = next(iter(offices))
        raise Refused(OFFICE_NOT_ALLOWED, level=lowest.level, role=lowest.role)
