"""Response models of the case API."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from contracts.casework.cases import CaseOutcome
from contracts.facts import Recorded
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.directory.answers import PostThenAnswer
from services.casework.procedures.applicable_acts import ApplicableAct
from services.casework.procedures.batches import Act
from services.casework.procedures.case_findings import CaseFinding
from services.casework.procedures.document import Notice
from services.casework.procedures.flags import CaseFlag
from services.casework.procedures.notice_terms import Audience, NoticeField
from services.casework.procedures.progress import StepProgress, StepState, Taken, kind_of
from services.casework.procedures.state import PostedNotice
from services.casework.procedures.taking_down import take_down_by
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.web.evidence_forms import CitedAnswer
from services.chassis.web.figures import in_words
from services.chassis.web.next_step_answers import NextStepAnswer


class CaseAnswer(BaseModel):
    """The current state of a case. ``division``: where its subject is today; ``due``: key of the step that is due;
    ``notice_ends``: first day after the running notice; ``returned``: for correction, and no step was taken since;
    ``make_good_by``: last day for the steps that the green channel deferred, while one is missing; ``due_by``: last day of its
    term, until the step that ends it is done; ``waits_for_…``: whose
    turn it is; ``flags``: what makes it an exception; ``national_no``: the household's 户编号."""

    case_id: UUID
    subject: UUID
    household_id: UUID | None
    national_no: str | None = None
    standing: str
    procedure: str
    edition: str
    division: str
    opened_on: date
    latest_on: date
    due: str | None
    notice_ends: date | None
    objections: int
    returned: bool
    make_good_by: date | None
    due_by: date | None = None
    waits_for_level: Level | None
    waits_for_role: Role | None
    outcome: CaseOutcome | None
    flags: list[CaseFlag]


class OfficeAnswer(BaseModel):
    level: Level
    role: Role


class SentenceAnswer(BaseModel):
    """One sentence of each language."""

    zh: str
    en: str

    @classmethod
    def of(cls, message: Message) -> Self:
        return cls(zh=message.zh, en=message.en)


class DueStepAnswer(BaseModel):
    """A step that waits for the caller's office in ``cases`` of one procedure. ``act``: what a batch calls it; ``operation``: by
    which it is taken in one case."""

    procedure: str
    procedure_name: SentenceAnswer
    due: str
    step_name: SentenceAnswer
    act: Act
    operation: str
    cases: int


class RefusalAnswer(SentenceAnswer):
    """A rule, with its figures, which the sentences say in words."""

    code: str
    facts: dict[str, Any]

    @classmethod
    def of_refusal(cls, no: Refused) -> Self:
        zh, en = (in_words(getattr(no.rule, language), no.facts, language) for language in ("zh", "en"))
        return cls(code=no.rule.code, zh=zh, en=en, facts=to_jsonable_python(no.facts))


class TakenAnswer(BaseModel):
    """A step as it was taken last. ``posts``: held by whoever entered it, on the day it was recorded; ``result_field``: under
    which the fact says how it went; ``votes``: persons."""

    on: date
    by: str
    posts: list[PostThenAnswer]
    result_field: str | None
    result: bool | str | None
    votes: dict[str, int] | None
    document_no: str | None
    papers: list[CitedAnswer]

    @classmethod
    def of(cls, taken: Taken, posts: Mapping[str, list[PostThenAnswer]]) -> Self:
        return cls(
            on=taken.on, by=taken.by, posts=posts.get(taken.fact_id, []), result_field=taken.result_field, result=taken.result,
            votes=None if taken.votes is None else dict(taken.votes), document_no=taken.document_no,
            papers=[CitedAnswer.of(paper) for paper in taken.papers],
        )  # fmt: skip


class ObjectionAnswer(BaseModel):
    no: int
    raised_on: date
    resolved_on: date | None
    upheld: bool | None


class NoticeAnswer(BaseModel):
    """How a notice hangs: before whom, what of the household it shows, who hears objections, and until which day it is to come down
    (``take_down_by``), where its document names one; ``taken_down_on``: when it did."""

    audience: Audience
    shows: list[NoticeField]
    heard_by: OfficeAnswer
    posted_on: date | None
    last_day: date | None
    take_down_by: date | None
    taken_down_on: date | None

    @classmethod
    def of(cls, step: Notice, posted: PostedNotice | None) -> Self:
        heard_by = step.objections.heard_by
        return cls(
            audience=step.audience, shows=list(step.shows),
            heard_by=OfficeAnswer(level=heard_by.level, role=heard_by.role),
            posted_on=posted and posted.posted_on, last_day=posted and posted.last_day,
            take_down_by=None if posted is None else take_down_by(step, posted),
            taken_down_on=posted and posted.taken_down_on,
        )  # fmt: skip


class StepAnswer(BaseModel):
    """``notice``: how it hangs, of a step that is one; ``papers``: kinds that must be attached; ``uploaded``: those of which paper
    in the archive is not enough; ``clock``: how its days are counted; ``may``: whether the caller may take it now, as far as that does
    not depend on what is entered, and else by which rule not."""

    key: str
    kind: str
    zh: str
    en: str
    office: OfficeAnswer
    state: StepState
    taken: TakenAnswer | None
    papers: list[str]
    uploaded: list[str]
    clock: SentenceAnswer | None
    objections: list[ObjectionAnswer]
    notice: NoticeAnswer | None = None
    may: bool
    refused_by: RefusalAnswer | None

    @classmethod
    def of(cls, found: StepProgress, posts: Mapping[str, list[PostThenAnswer]]) -> Self:
        step = found.step
        return cls(
            key=step.key, kind=kind_of(step), zh=step.zh, en=step.en,
            office=OfficeAnswer(level=step.office.level, role=step.office.role), state=found.state,
            taken=None if found.taken is None else TakenAnswer.of(found.taken, posts), papers=list(step.evidence),
            uploaded=list(step.uploaded), clock=None if found.clock is None else SentenceAnswer.of(found.clock),
            objections=[ObjectionAnswer.model_validate(o, from_attributes=True) for o in found.objections],
            notice=NoticeAnswer.of(step, found.posted) if isinstance(step, Notice) else None,
            may=found.refused is None,
            refused_by=None if found.refused is None else RefusalAnswer.of_refusal(found.refused),
        )  # fmt: skip


class CaseFindingAnswer(SentenceAnswer):
    """What a check rule found about the case's subject; how it is answered, its service's ``findings`` say."""

    finding_id: UUID
    rule: str

    @classmethod
    def of_finding(cls, found: CaseFinding) -> Self:
        return cls(finding_id=found.finding.finding_id, rule=found.finding.rule, zh=found.why.zh, en=found.why.en)


class CaseActAnswer(NextStepAnswer):
    """``may``: whether the caller may, as far as that does not depend on what is entered, and else by which rule not."""

    may: bool
    refused_by: RefusalAnswer | None

    @classmethod
    def of_act(cls, found: ApplicableAct, act: NextStepAnswer) -> Self:
        refused = None if found.refused is None else RefusalAnswer.of_refusal(found.refused)
        return cls(**dict(act), may=found.refused is None, refused_by=refused)


class CaseFactAnswer(BaseModel):
    """A fact of the case that stands. ``step``: that it is about, where it is about one."""

    id: str
    type: str
    on: date
    by: str
    step: str | None

    @classmethod
    def of(cls, recorded: Recorded) -> Self:
        fact = recorded.fact
        return cls(
            id=recorded.id,
            type=fact.type_name,
            on=fact.effective_on,
            by=fact.entered_by,
            step=getattr(fact, "step", None),
        )


class PostedNoticeAnswer(SentenceAnswer):
    """A notice that hangs. ``zh``, ``en``: of the procedure; ``step_zh``, ``step_en``: of the notice; ``clock``: how its days
    are counted; ``objections``: that are open."""

    case_id: UUID
    subject: UUID
    household_id: UUID | None
    division: str
    step: str
    step_zh: str
    step_en: str
    posted_on: date
    last_day: date
    clock: SentenceAnswer
    objections: int

    @classmethod
    def of_posted(cls, case: CaseAnswer, procedure: Message, found: StepProgress, posted: PostedNotice) -> Self:
        assert found.clock is not None
        return cls(
            zh=procedure.zh, en=procedure.en, case_id=case.case_id, subject=case.subject,
            household_id=case.household_id, division=case.division, step=found.step.key, step_zh=found.step.zh,
            step_en=found.step.en, posted_on=posted.posted_on, last_day=posted.last_day,
            clock=SentenceAnswer.of(found.clock), objections=case.objections,
        )  # fmt: skip


class StepsAnswer(BaseModel):
    """Every step of the edition that the case was opened under, in order, as of ``as_of`` and the log's ``position``.
    ``acts``: that apply to the case now, the due step first; ``history``: its facts in order; ``findings``: about its subject
    today, that nobody has answered; the decision names them."""

    case_id: UUID
    procedure: str
    edition: str
    zh: str
    en: str
    outcome: CaseOutcome | None
    as_of: date
    position: int
    steps: list[StepAnswer]
    acts: list[CaseActAnswer]
    history: list[CaseFactAnswer]
    findings: list[CaseFindingAnswer]
