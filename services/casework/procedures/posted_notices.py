"""Notices that hang: which cases' are posted, since when and until when."""

from collections.abc import Iterator
from uuid import UUID

from services.casework.procedures.answers import CaseAnswer, PostedNoticeAnswer
from services.casework.procedures.progress import StepState
from services.casework.procedures.queries import CaseFilter, CaseQueries
from services.casework.procedures.steps import CaseProgress, CaseSteps
from services.chassis.ground.messages import Message
from services.chassis.security.actor import Actor


def posted_notices(
    queries: CaseQueries, steps: CaseSteps, division: str, after: tuple[str, UUID], limit: int, actor: Actor
) -> list[PostedNoticeAnswer]:
    """Blocking: at most ``limit`` of them under a division, by (division, case), after one of them."""
    asked = CaseFilter(division=division, is_open=True, noticed=True)
    found: list[PostedNoticeAnswer] = []
    while len(found) < limit:
        cases = queries.cases(asked, (False, *after), limit)
        progress = steps.of_many((case.case_id for case in cases), actor)
        found += [answer for case in cases for answer in _of(case, progress[case.case_id])]
        if len(cases) < limit:
            break
        after = (cases[-1].division, cases[-1].case_id)
    return found[:limit]


def _of(case: CaseAnswer, found: CaseProgress) -> Iterator[PostedNoticeAnswer]:
    procedure = Message("procedure", found.procedure.zh, found.procedure.en)
    for step in found.steps:
        posted = found.state.notice(step.step.key)
        if step.state is StepState.POSTED and posted is not None:
            yield PostedNoticeAnswer.of_posted(case, procedure, step, posted)
