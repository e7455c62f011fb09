"""Open cases as entries of the inbox: what the caller's office has to do, and what waits for another or for a day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry, InboxSource
from services.casework.messages import say
from services.casework.procedures.open_cases import OpenCases
from services.casework.procedures.progress import STEP_ROUTES, StepProgress, StepState
from services.casework.procedures.steps import CaseProgress, CaseSteps
from services.casework.procedures.taking_down_inbox import TakingDownInbox
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store


def case_inboxes(service: str, store: Store, areas: str, steps: CaseSteps) -> tuple[InboxSource, ...]:
    """All that waits of a service's cases."""
    return CaseInbox(service, store, areas, steps), TakingDownInbox(service, store, areas, steps)


class CaseInbox:
    """Implements ``InboxSource``. ``areas``: SQL of the relation (subject, division); ``service``: whose paths acts have."""

    def __init__(self, service: str, store: Store, areas: str, steps: CaseSteps) -> None:
        self._service, self._cases, self._steps = service, OpenCases(store, areas), steps

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        rows = self._cases.waiting(asked, after, limit)
        progress = self._steps.of_many((row[0] for row in rows), asked.actor)
        return [self._entry(row, progress[row[0]]) for row in rows]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        return self._cases.counts(asked)

    def _entry(self, row: Sequence[Any], found: CaseProgress) -> InboxEntry:
        case_id, kind, since, make_good_by, notice_ends, due_by, division, subject, household_id = row
        act, refused = self._act(case_id, found)
        return InboxEntry(
            id=str(case_id), kind=EntryKind(kind), since=since, due_by=make_good_by or notice_ends or due_by,
            division=division,
            subject=subject, household_id=household_id, why=_why(kind, found), act=act, refused=refused,
            details={"case_id": case_id, "procedure": found.procedure.procedure},
        )  # fmt: skip

    def _act(self, case_id: UUID, found: CaseProgress) -> tuple[Act | None, Refused | None]:
        """The step that is due, or the resolution of an objection; nothing while a notice is running; the end of the case where
        nothing stands of its subject."""
        path = f"/{self._service}/cases/{case_id}"
        if not found.on_record:
            return Act("close_case", "POST", f"{path}/closings"), found.closing_refused
        if found.state.open_objections:
            no = found.state.open_objections[0].no
            return Act("resolve_objection", "POST", f"{path}/objections/{no}/resolutions"), found.resolution_refused
        due = _due_first(found, StepState.DUE)
        if due is None:
            return None, None
        route = STEP_ROUTES[type(due.step)]
        return Act(route.operation, "POST", f"{path}/{route.path}"), due.refused


def _due_first(found: CaseProgress, state: StepState) -> StepProgress | None:
    """Of those that are due side by side one that the caller may take, if there is one."""
    due = [step for step in found.steps if step.state is state]
    return next((step for step in due if step.refused is None), None) or next(iter(due), None)


def _why(kind: str, found: CaseProgress) -> Message:
    procedure = Message("procedure", found.procedure.zh, found.procedure.en)
    if not found.on_record:
        return say("case_without_subject", procedure=procedure)
    if found.state.open_objections:
        return say("objection_waits", procedure=procedure, count=len(found.state.open_objections))
    due = _due_first(found, StepState.DUE) or _due_first(found, StepState.POSTED)
    if due is None:
        return say("case_waits", procedure=procedure)
    step = Message("step", due.step.zh, due.step.en)
    if due.state is StepState.POSTED and due.clock is not None:
        return say("notice_runs", procedure=procedure, step=step, clock=due.clock)
    match kind:
        case EntryKind.OVERDUE:
            return say("step_overdue", procedure=procedure, step=step)
        case EntryKind.RETURNED:
            return say("step_returned", procedure=procedure, step=step)
        case EntryKind.DUE:
            return say("step_due", procedure=procedure, step=step)
    office = due.step.office
    return say(
        "step_waits", procedure=procedure, step=step, level=LABELS.code(office.level), role=LABELS.code(office.role)
    )
