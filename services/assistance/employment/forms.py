"""What is filled in about work."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contracts.assistance.employment import EndOfPlacement, JobOffered
from services.casework.fact_forms import Day, Division, FactForm, LongText, ShortText
from services.chassis.ground.field_texts import number_reader
from services.chassis.web.field_readers import Reads

KindKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["public_post"])]
Proof = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", examples=["no_cadre_relative"])]
Wage = Annotated[
    Decimal,
    Reads(number_reader("yuan")),
    Field(gt=0, le=Decimal("9999999"), max_digits=9, decimal_places=2, examples=["2400.00"]),
]
Count = Annotated[int, Field(ge=1, le=10_000, examples=[20])]
FactId = Annotated[str, Field(pattern=r"^assistance/work-[0-9a-f-]{36}/[1-9][0-9]{0,8}$", max_length=100)]


class JobOfferForm(FactForm):
    post_kind: KindKey
    division: Division
    employer: LongText
    job_title: ShortText
    places: Count
    wage: Wage | None = None
    fair: LongText | None = None

    def fact(self, offer_id: UUID, by: str) -> JobOffered:
        fields: dict[str, Any] = self.model_dump(exclude={"effective_on", "decision", "evidence"})
        return JobOffered(offer_id=offer_id, **fields, **self.common(by))


class JobOfferClosingForm(FactForm):
    reason: LongText


class JobMatchForm(FactForm):
    offer_id: UUID


class JobPlacementForm(FactForm):
    """``proved``: what the papers attached prove, where the kind of post asks for it."""

    post_kind: KindKey
    employer: LongText
    offer_id: UUID | None = None
    course_id: UUID | None = None
    destination: LongText | None = None
    term_ends: Day | None = None
    proved: Annotated[list[Proof], Field(max_length=10, default_factory=list)]


class PlacementForm(FactForm):
    placement_id: UUID


class PlacementKeptForm(PlacementForm):
    months: Annotated[int, Field(ge=1, le=60, examples=[6])]


class PostAttendanceForm(PlacementForm):
    """``month``: its first day."""

    month: Day
    days: Annotated[int, Field(ge=0, le=31, examples=[22])]


class WageReportForm(PlacementForm):
    """``month``: its first day."""

    month: Day
    amount: Wage


class WorkTutorForm(PlacementForm):
    tutor: ShortText


class WorkerHandOverForm(PlacementForm):
    to_organisation: LongText


class HandOverAcceptanceForm(PlacementForm):
    contact: ShortText


class PlacementEndForm(PlacementForm):
    reason: EndOfPlacement


class BusinessForm(FactForm):
    business: LongText
    trade: ShortText
    jobs: Annotated[int, Field(ge=0, le=10_000, examples=[3])] = 0
    course_id: UUID | None = None
    support: KindKey | None = None


class EmploymentAnnulmentForm(FactForm):
    """``facts``: ids of entries, from the answer on the person's work."""

    facts: Annotated[
        list[FactId],
        Field(min_length=1, max_length=100, examples=[["assistance/work-00000000-0000-4000-8000-000000000001/2"]]),
    ]
    reason: LongText
