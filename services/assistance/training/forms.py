"""What is filled in about training."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contracts.assistance.training import CoursePlanned, CourseTerms, StatedFigure, StatedOf, TraineeLeavingReason
from contracts.quantities import Quantity, Unit
from services.casework.fact_forms import Day, Division, FactForm, LongText, PositiveAmount, ShortText
from services.chassis.web.payloads import Body

KindKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["order_training"])]
SessionNumber = Annotated[int, Field(ge=1, le=400, examples=[1])]
FactId = Annotated[str, Field(pattern=r"^assistance/[a-z-]{1,20}-[0-9a-f-]{36}/[1-9][0-9]{0,8}$", max_length=100)]
ASKED_LATER = CourseTerms(
    heads_counted=False, exam=False, certificate=False, least_attendance=0, job_after_certificate=False, technique=False
)


class TrainingQuantityForm(Body):
    """An amount and its unit."""

    amount: PositiveAmount
    unit: Unit

    def quantity(self) -> Quantity:
        return Quantity(amount=self.amount, unit=self.unit)


class TrainingNeedForm(FactForm):
    person_id: UUID
    course_kind: KindKey
    trade: ShortText


class CoursePlanForm(FactForm):
    """``employer``: who ordered the course, where the kind asks for one."""

    course_kind: KindKey
    division: Division
    title: LongText
    trade: ShortText
    organiser: LongText
    starts_on: Day
    ends_on: Day
    sessions: SessionNumber
    employer: LongText | None = None

    def fact(self, course_id: UUID, by: str) -> CoursePlanned:
        fields: dict[str, Any] = self.model_dump(exclude={"effective_on", "decision", "evidence"})
        return CoursePlanned(course_id=course_id, **fields, terms=ASKED_LATER, **self.common(by))


class CourseSessionForm(FactForm):
    """``heads``: how many came, in person-times, where the kind counts heads."""

    session: SessionNumber
    topic: ShortText
    place: ShortText
    heads: TrainingQuantityForm | None = None


class TraineeForm(FactForm):
    person_id: UUID


class SessionAttendanceForm(FactForm):
    """Effective on the day of the session."""

    person_id: UUID
    session: SessionNumber


class TraineeExamForm(FactForm):
    person_id: UUID
    passed: bool


class TrainingCertificateForm(FactForm):
    person_id: UUID
    certificate_no: ShortText
    skill: ShortText


class TraineeLeavingForm(FactForm):
    person_id: UUID
    reason: TraineeLeavingReason


class StatedFigureForm(Body):
    """A figure of the paper, in its own unit."""

    of: StatedOf
    quantity: TrainingQuantityForm

    def figure(self) -> StatedFigure:
        return StatedFigure(of=self.of, quantity=self.quantity.quantity())


class CourseCompletionForm(FactForm):
    """``stated``: what the paper says of the course; it stands beside what is counted."""

    stated: Annotated[list[StatedFigureForm], Field(max_length=20, default_factory=list)]


class TrainingEvaluationForm(FactForm):
    evaluator: LongText
    met: bool
    findings: LongText


class CourseCancellationForm(FactForm):
    reason: LongText


class CourseAnnulmentForm(FactForm):
    """``facts``: ids of entries, from the course's answer."""

    facts: Annotated[
        list[FactId],
        Field(min_length=1, max_length=100, examples=[["assistance/course-00000000-0000-4000-8000-000000000001/2"]]),
    ]
    reason: LongText
