"""Forms and response models of opening balances."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.quantities import Figures
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.opening_balances import KeptIn, OpeningBalanceProposed
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.payloads import Body
from services.chassis.web.text_fields import TypedDay
from services.registry.divisions.api import DivisionDecisionForm
from services.registry.opening_balances.differences import DifferingHousehold, OpeningLine, Standing
from services.registry.opening_balances.domain import OpeningBalances

Count = Annotated[int, Field(ge=0, le=100_000_000)]


class StatusBalanceForm(Body):
    status: PovertyStatus
    households: Count
    persons: Count


class MonitoringBalanceForm(Body):
    status: MonitoringStatus
    kind: str = Field(pattern=rf"^{KEY_PATTERN}$", examples=["marginal"])
    households: Count
    persons: Count


class OpeningBalanceForm(Body):
    """What the older system says of the end of ``opening_on``, and when it says it. ``reconciliation_id``: the comparison of its list as of
    that day. A line that is left out is not asserted."""

    opening_on: TypedDay = Field(examples=["2014-05-31"])
    source_recorded_on: TypedDay = Field(examples=["2014-06-01"])
    kept_in: KeptIn
    poverty: tuple[StatusBalanceForm, ...] = Field(min_length=1, max_length=6)
    monitoring: tuple[MonitoringBalanceForm, ...] = Field(default=(), max_length=40)
    reconciliation_id: UUID | None = None
    decision: DivisionDecisionForm


class ApprovalForm(Body):
    """``balance_id``: of the proposal that is approved, so that nobody approves what they have not read."""

    balance_id: UUID


class AnnulmentForm(Body):
    """``balance_id``: of the balance that is wrong; ``decision``: by which it is annulled."""

    balance_id: UUID
    decision: DivisionDecisionForm


class AnnulmentApprovalForm(Body):
    annulment_id: UUID


class FiguresAnswer(BaseModel):
    households: int
    persons: int

    @classmethod
    def of(cls, figures: Figures) -> Self:
        return cls(households=figures.households, persons=figures.persons)

    @classmethod
    def maybe(cls, figures: Figures | None) -> Self | None:
        return None if figures is None else cls.of(figures)


class OpeningLineAnswer(BaseModel):
    """``status``: of ``poverty`` or of ``monitoring``; ``asserted``: by the older system, null where it says nothing of this line;
    ``held``: by the register on that day; ``difference`` = held - asserted = ``by_household`` + ``unexplained``."""

    of: str
    status: str
    kind: str | None
    asserted: FiguresAnswer | None
    held: FiguresAnswer
    difference: FiguresAnswer | None
    by_household: FiguresAnswer
    unexplained: FiguresAnswer | None

    @classmethod
    def of_line(cls, line: OpeningLine) -> Self:
        return cls(
            of=line.key.of, status=line.key.status, kind=line.key.kind or None, asserted=FiguresAnswer.maybe(line.asserted),
            held=FiguresAnswer.of(line.held), difference=FiguresAnswer.maybe(line.difference),
            by_household=FiguresAnswer.of(line.by_household), unexplained=FiguresAnswer.maybe(line.unexplained),
        )  # fmt: skip


class ProposedBalanceAnswer(BaseModel):
    """A proposal that waits for another person; its figures are those that they approve."""

    balance_id: UUID
    opening_on: date
    source_recorded_on: date | None
    kept_in: KeptIn
    entered_by: str
    reconciliation_id: UUID | None
    poverty: list[StatusBalanceForm]
    monitoring: list[MonitoringBalanceForm]

    @classmethod
    def of(cls, fact: OpeningBalanceProposed) -> Self:
        return cls(
            balance_id=fact.balance_id, opening_on=fact.effective_on, source_recorded_on=fact.source_recorded_on,
            kept_in=fact.kept_in, entered_by=fact.entered_by, reconciliation_id=fact.reconciliation_id,
            poverty=[StatusBalanceForm.model_validate(p, from_attributes=True) for p in fact.poverty],
            monitoring=[MonitoringBalanceForm.model_validate(m, from_attributes=True) for m in fact.monitoring],
        )  # fmt: skip


class ProposedAnnulmentAnswer(BaseModel):
    annulment_id: UUID
    balance_id: UUID
    entered_by: str


class OpeningBalanceAnswer(BaseModel):
    """``approved``: the balance that stands, null while the county is not cut over; ``approved_by``: who approved it; ``lines``: it beside
    what the register holds on that day."""

    county: str
    approved: ProposedBalanceAnswer | None
    approved_by: str | None
    lines: list[OpeningLineAnswer]
    proposals: list[ProposedBalanceAnswer]
    annulments: list[ProposedAnnulmentAnswer]

    @classmethod
    def of_county(cls, county: str, state: OpeningBalances, lines: Sequence[OpeningLine]) -> Self:
        standing = state.approved
        return cls(
            county=county, approved=standing and ProposedBalanceAnswer.of(standing.proposal),
            approved_by=standing and standing.approval.entered_by, lines=[OpeningLineAnswer.of_line(x) for x in lines],
            proposals=[ProposedBalanceAnswer.of(p) for p in state.awaiting],
            annulments=[
                ProposedAnnulmentAnswer.model_validate(a, from_attributes=True) for a in state.annulments_awaiting
            ],
        )  # fmt: skip


class StandingAnswer(BaseModel):
    """A household on the opening day. ``status``: null where the list does not say."""

    status: PovertyStatus | None
    monitoring: MonitoringStatus | None
    monitoring_kind: str | None
    persons: int

    @classmethod
    def of(cls, standing: Standing | None) -> Self | None:
        if standing is None:
            return None
        return cls(
            status=standing.status,
            monitoring=standing.monitoring,
            monitoring_kind=standing.kind,
            persons=standing.persons,
        )


class DifferingHouseholdAnswer(BaseModel):
    """A household of which the older system's list and the register say something else of the opening day. ``asserted``: null where that
    list does not have it, ``held``: where the register does not."""

    subject: UUID
    household_id: UUID | None
    national_no: str | None
    division: str
    asserted: StandingAnswer | None
    held: StandingAnswer | None

    @classmethod
    def of(cls, found: DifferingHousehold) -> Self:
        return cls(
            subject=found.subject, household_id=found.household_id, national_no=found.national_no, division=found.division,
            asserted=StandingAnswer.of(found.asserted), held=StandingAnswer.of(found.held),
        )  # fmt: skip
