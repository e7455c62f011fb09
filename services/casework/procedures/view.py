"""The table ``cases``: each case as it stands, and which office it waits for."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from operator import itemgetter
from uuid import UUID

from contracts.casework.cases import CaseFact
from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.procedures.case_facts import due_step, due_steps
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.document import AnyStep, Notice, Procedure
from services.casework.procedures.flags import flags_of, reviewed_at
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, due_notice_end, fold
from services.casework.procedures.taking_down import hanging_over_time, take_down_by
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

CASE_TYPES = frozenset(kind.type_name for kind in CaseFact.__subclasses__())
CASES = Table(
    "cases",
    "case_id",
    (
        "case_id", "subject", "household_id", "standing", "procedure", "edition",
        "opened_on", "latest_on", "due", "notice_ends",
        "objections", "returned", "make_good_by", "due_by", "waits_for_level", "waits_for_role", "outcome", "flags", "reviewed_at",
        "take_down_by", "take_down_level", "take_down_role",
    ),
)  # fmt: skip


BESIDE = Table("case_steps_beside", "case_id", ("case_id", "step", "waits_for_level", "waits_for_role"))
"""Steps of open cases that are due beside the one that ``cases`` names."""


def view(procedures: ProcedureRepository) -> View[UUID]:
    """Keeps the tables ``cases`` and ``case_steps_beside``."""
    return view_of_streams(
        "cases", (CASES, BESIDE), CASE_TYPES, "case-", UUID, partial(case_rows, procedures), edition=2
    )


def case_rows(procedures: ProcedureRepository, case_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    standing = timeline(facts)
    state = fold(standing)
    if state is None:
        return [], []
    procedure = procedures.edition(state.procedure, state.edition)
    due, office = due_step(state, procedure), office_waited_for(state, procedure)
    return (
        [
            (
                case_id, state.subject, state.household_id, state.standing, state.procedure, state.edition,
                state.opened_on, state.stands_since, due and due.key, due_notice_end(state),
                len(state.open_objections), state.returned, state.make_good_by if state.deferred - state.done else None,
                state.due_by if procedure.term is not None and procedure.term.until not in state.done else None,
                office and office.level, office and office.role, state.outcome,
                flags_of(standing, procedure), reviewed_at(standing), *_to_take_down(state, procedure),
            )
        ],
        [(case_id, step.key, step.office.level, step.office.role) for step in _beside(due, state, procedure)],
    )  # fmt: skip


def _to_take_down(state: CaseState, procedure: Procedure) -> tuple[date | None, str | None, str | None]:
    """Of the notice that is to come down first."""
    hanging = [(take_down_by(step, posted), step.office) for step, posted in hanging_over_time(state, procedure)]
    owed = [(day, office) for day, office in hanging if day is not None]
    if not owed:
        return None, None, None
    day, office = min(owed, key=itemgetter(0))
    return day, office.level, office.role


def _beside(due: AnyStep | None, state: CaseState, procedure: Procedure) -> list[AnyStep]:
    hanging = {notice.step for notice in (state.running_notice,) if notice is not None}
    return [step for step in due_steps(state, procedure) if step != due and step.key not in hanging]


def office_waited_for(state: CaseState, procedure: Procedure) -> CompetentOffice | None:
    """Whose turn it is: of whoever hears an open objection, else of the office of the step that is due; nobody's while a
    notice is running."""
    if state.is_open and state.open_objections:
        step = procedure.step(state.open_objections[0].step)
        return step.objections.heard_by if isinstance(step, Notice) else None
    if (
        state.running_notice is not None
        and (due := due_step(state, procedure))
        and due.key == state.running_notice.step
    ):
        return None
    due = due_step(state, procedure)
    return due.office if due else None
