"""Response models of the case API."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from contracts.casework.cases import CaseOutcome
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.directory.answers import PostThenAnswer
from services.casework.procedures.batches import Act
from services.casework.procedures.case_findings import CaseFinding
from services.casework.procedures.flags import CaseFlag
from services.casework.procedures.progress import StepProgress, StepState, Taken, kind_of
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.web.figures import in_words


class CaseAnswer(BaseModel):
    """The current state of a case. ``division``: where its subject is today; ``due``: key of the step that is due;
    ``notice_ends``: first day after the running notice; ``returned``: for correction, and no step was taken since;
    ``make_good_by``: last day for the steps that the green channel deferred, while one is missing; ``waits_for_…``: whose
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
    """A step as it was taken last. ``posts``: held by whoever entered it, on the day it was recorded; ``votes``: persons;
    ``papers``: kinds."""

    on: date
    by: str
    posts: list[PostThenAnswer]
    result: bool | str | None
    votes: dict[str, int] | None
    document_no: str | None
    papers: list[str]

    @classmethod
    def of(cls, taken: Taken, posts: Mapping[str, list[PostThenAnswer]]) -> Self:
        return cls(
            on=taken.on, by=taken.by, posts=posts.get(taken.fact_id, []), result=taken.result,
            votes=None if taken.votes is None else dict(taken.votes), document_no=taken.document_no,
            papers=list(taken.papers),
        )  # fmt: skip


class ObjectionAnswer(BaseModel):
    no: int
    raised_on: date
    resolved_on: date | None
    upheld: bool | None


class StepAnswer(BaseModel):
    """``papers``: kinds that must be attached; ``uploaded``: those of which paper in the archive is not enough; ``clock``:
    how its days are counted; ``may``: whether the caller may take it now, as far as that does not depend on what is
    entered, and else by which rule not."""

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


class StepsAnswer(BaseModel):
    """Every step of the edition that the case was opened under, in order. ``findings``: about its subject today, that nobody
    has answered; the decision names them."""

    case_id: UUID
    procedure: str
    edition: str
    zh: str
    en: str
    outcome: CaseOutcome | None
    steps: list[StepAnswer]
    findings: list[CaseFindingAnswer]
