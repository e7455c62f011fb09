"""Rules for the opening of a case."""

from dataclasses import dataclass

from services.casework.dates import FUTURE_DAY, require_not_future
from services.casework.procedures import commands as c
from services.casework.procedures import document as p
from services.casework.procedures.paper_rules import (
    EVIDENCE_MISSING,
    EVIDENCE_ON_PAPER,
    require_attached,
    require_uploaded,
)
from services.casework.procedures.state import CaseState, Subject
from services.chassis.ground.refusals import Refused, rule
from services.chassis.ground.rule_checks import RuleCheck, checks

NOT_IN_FORCE = rule(
    "procedure_not_in_force",
    zh="该程序在这一天尚未施行或已停止施行；请改用当日可办的同类程序，没有同类程序的，当日不能办理。",
    en="This procedure is not in force on that day; take another about the same standing that is. Where there is none, none may"
    " be opened on that day.",
    source="in_force of the procedure document; after 2020 nobody is newly registered as poor",
)


SUBJECT_NOT_ON_RECORD = rule(
    "subject_not_on_record",
    zh="在该日期，办理对象尚未建档或其登记已作废；请先登记，或撤回该程序。",
    en="The subject was not on record on that day, or all of its facts are void; record it first, or withdraw the case.",
    source="M001",
)


def require_in_force(procedure: p.Procedure, command: c.Command) -> None:
    if not procedure.in_force.holds_on(command.on):
        period = procedure.in_force
        raise Refused(NOT_IN_FORCE, on=command.on, in_force_from=period.starts, in_force_to=period.ends)


STATUS_NOT_ALLOWED = rule(
    "status_does_not_allow_procedure",
    zh="办理对象当前的状态不适用此程序。",
    en="What the subject is at present does not allow this procedure.",
    source="statuses of the procedure document; source facts §5 A rules 3 and 7",
)


def require_status_allowed(procedure: p.Procedure, subject: Subject) -> None:
    if subject.standing not in procedure.statuses:
        raise Refused(STATUS_NOT_ALLOWED, status=subject.standing, allowed=tuple(procedure.statuses))


OTHER_CASE_OPEN = rule(
    "other_case_open",
    zh="该对象另有一个同类程序尚未办结，请先办结或撤回该程序。",
    en="Another case about the same standing is open for this subject; finish or withdraw it first.",
    source="Lika: one procedure at a time per subject and standing, so that a status has one cause",
)


CAUSE_REQUIRED = rule(
    "cause_required",
    zh="须从程序所列原因中选填一项。",
    en="One of the causes that the procedure lists must be named.",
    source="M007: the causes of a fall back are named",
)
UNKNOWN_CAUSE = rule(
    "unknown_cause",
    zh="原因代码不在该程序所列之内，请从 causes 中选填一项，或不填。",
    en="The procedure does not list this cause; choose one of ``causes``, or leave it out.",
    source="opening of the procedure document",
)


CASE_EXISTS = rule(
    "case_exists", zh="该程序已经启动。", en="This case is already open.", source="Lika: a case is opened once"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the rules of an opening are asked about. ``state``: of a case that has this id already."""

    command: c.OpenCase
    state: CaseState | None
    procedure: p.Procedure
    subject: Subject


@checks(CASE_EXISTS)
def not_opened_before(opening: Opening) -> None:
    if opening.state is not None:
        raise Refused(CASE_EXISTS)


@checks(FUTURE_DAY)
def not_in_future(opening: Opening) -> None:
    require_not_future(opening.command.on, opening.command.today)


@checks(NOT_IN_FORCE)
def procedure_in_force(opening: Opening) -> None:
    require_in_force(opening.procedure, opening.command)


@checks(STATUS_NOT_ALLOWED)
def status_allowed(opening: Opening) -> None:
    require_status_allowed(opening.procedure, opening.subject)


@checks(OTHER_CASE_OPEN)
def no_other_case(opening: Opening) -> None:
    if opening.subject.open_case_id not in (None, opening.command.case_id):
        raise Refused(OTHER_CASE_OPEN, case=opening.subject.open_case_id)


@checks(CAUSE_REQUIRED, UNKNOWN_CAUSE)
def cause_named(opening: Opening) -> None:
    command, asked = opening.command, opening.procedure.opening
    if command.cause is None and asked.cause_required:
        raise Refused(CAUSE_REQUIRED, causes=asked.causes)
    if command.cause is not None and command.cause not in asked.causes:
        raise Refused(UNKNOWN_CAUSE, causes=asked.causes)


@checks(EVIDENCE_MISSING, EVIDENCE_ON_PAPER)
def opening_evidenced(opening: Opening) -> None:
    asked = opening.procedure.opening
    require_attached(asked.evidence, opening.command.evidence)
    require_uploaded(asked.uploaded, opening.command.evidence)


OPENING_RULES: tuple[RuleCheck[Opening], ...] = (
    not_opened_before, not_in_future, procedure_in_force, status_allowed, no_other_case, cause_named,
    opening_evidenced,
)  # fmt: skip
