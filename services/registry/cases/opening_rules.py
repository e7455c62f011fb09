"""Rules for the opening of a case."""

from services.chassis.ground.refusals import Refused, rule
from services.registry.cases import commands as c
from services.registry.cases import procedures as p
from services.registry.cases.state import CaseState, HouseholdStatus
from services.registry.households.rules import require_not_future

NOT_IN_FORCE = rule(
    "procedure_not_in_force",
    zh="该程序在这一天尚未施行或已停止施行。",
    en="This procedure is not in force on that day.",
    source="in_force of the procedure document; after 2020 nobody is newly registered as poor",
)


def require_in_force(procedure: p.Procedure, command: c.Command) -> None:
    if not procedure.in_force.holds_on(command.on):
        period = procedure.in_force
        raise Refused(NOT_IN_FORCE, on=command.on, in_force_from=period.starts, in_force_to=period.ends)


STATUS_NOT_ALLOWED = rule(
    "status_does_not_allow_procedure",
    zh="该户当前的贫困状态不适用此程序。",
    en="The household's poverty status does not allow this procedure.",
    source="statuses of the procedure document; source facts §5 A rules 3 and 7",
)


def require_status_allowed(procedure: p.Procedure, household: HouseholdStatus) -> None:
    if household.status not in procedure.statuses:
        raise Refused(STATUS_NOT_ALLOWED, status=household.status, allowed=tuple(procedure.statuses))


OTHER_CASE_OPEN = rule(
    "other_case_open",
    zh="该户另有一个程序尚未办结。",
    en="Another case is open for this household.",
    source="Lika: one procedure at a time per household, so that a status has one cause",
)


def require_no_other_case(household: HouseholdStatus, command: c.Command) -> None:
    if household.open_case_id not in (None, command.case_id):
        raise Refused(OTHER_CASE_OPEN, case=household.open_case_id)


CAUSE_REQUIRED = rule(
    "cause_required",
    zh="须写明原因。",
    en="The cause must be named.",
    source="M007: the causes of a fall back are named",
)


def require_cause(procedure: p.Procedure, command: c.OpenCase) -> None:
    if procedure.opening.cause_required and command.cause is None:
        raise Refused(CAUSE_REQUIRED)


CASE_EXISTS = rule(
    "case_exists", zh="该程序已经启动。", en="This case is already open.", source="Lika: a case is opened once"
)


def require_opening_allowed(
    command: c.OpenCase, state: CaseState | None, procedure: p.Procedure, household: HouseholdStatus
) -> None:
    if state is not None:
        raise Refused(CASE_EXISTS)
    require_not_future(command.on, command.today)
    require_in_force(procedure, command)
    require_status_allowed(procedure, household)
    require_no_other_case(household, command)
    require_cause(procedure, command)
