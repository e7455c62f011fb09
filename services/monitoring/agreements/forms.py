"""Requests about agreements. Parties are organisations; nothing in an agreement is personal."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contracts.monitoring import agreements as facts
from contracts.monitoring.agreements import AgreedClause, AgreementParty, AgreementTerm
from contracts.quantities import Quantity, Unit
from services.casework.fact_forms import Day, Division, FactForm, LongText, PositiveAmount, ShortText
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.payloads import Body
from services.monitoring.money_forms import MoneyForm

Key = Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["collective_contract"])]
Heads = Annotated[int, Field(ge=1, le=1_000_000_000, examples=[50])]
Months = Annotated[int, Field(ge=1, le=120, examples=[24])]


class AgreementPartyForm(Body):
    """``role``: one of those that the document of the kind lists."""

    role: Key
    name: LongText


class AgreedClauseForm(Body):
    """So much in each period of so many months since the term begins; once in the term, where none are said."""

    clause: Key
    amount: PositiveAmount
    unit: Unit
    every_months: Months | None = None


class AgreementTermForm(Body):
    """``units``, ``persons``: whom it covers, two figures; ``paid``: for all that is done in it."""

    number: ShortText
    starts_on: Day
    until: Day
    units: Heads | None = None
    persons: Heads | None = None
    paid: MoneyForm | None = None
    clauses: tuple[AgreedClauseForm, ...] = Field(default=(), max_length=20)

    @property
    def term_of_agreement(self) -> AgreementTerm:
        clauses = tuple(
            AgreedClause(clause=c.clause, quantity=Quantity(amount=c.amount, unit=c.unit), every_months=c.every_months)
            for c in self.clauses
        )
        return AgreementTerm(
            number=self.number, starts_on=self.starts_on, until=self.until, units=self.units, persons=self.persons,
            amount=None if self.paid is None else self.paid.yuan, clauses=clauses,
        )  # fmt: skip


class AgreementForm(FactForm):
    """Signed on its effective day. ``way``: how it came about, where the kind asks."""

    division: Division
    agreement_kind: Key
    title: LongText
    way: Key | None = None
    parties: tuple[AgreementPartyForm, ...] = Field(min_length=1, max_length=6)
    term: AgreementTermForm

    def fact(self, agreement_id: UUID, by: str) -> facts.AgreementSigned:
        return facts.AgreementSigned(
            agreement_id=agreement_id, division=self.division, kind=self.agreement_kind, title=self.title, way=self.way,
            parties=tuple(AgreementParty(role=p.role, name=p.name) for p in self.parties),
            term=self.term.term_of_agreement, **self.common(by),
        )  # fmt: skip


class AgreementRenewalForm(FactForm):
    term: AgreementTermForm


class AgreementEndForm(FactForm):
    reason: LongText


class AgreementDeliveryForm(FactForm):
    """How much of a clause was done, or paid, on that day."""

    clause: Key
    amount: PositiveAmount
    unit: Unit

    def delivered(self) -> dict[str, Any]:
        return {"clause": self.clause, "quantity": Quantity(amount=self.amount, unit=self.unit)}


class AgreementAnnulmentForm(FactForm):
    """``annuls``: ids of acts that were wrong, or of an annulment that was."""

    annuls: tuple[Annotated[str, Field(pattern=r"^monitoring/agreement-[0-9a-f-]{36}/[0-9]{1,9}$")], ...] = Field(
        min_length=1, max_length=100
    )
    reason: LongText


class CoverageBaseForm(FactForm):
    """How many units and persons there are in a division in all, as told."""

    division: Division
    agreement_kind: Key
    units: Heads
    persons: Heads
