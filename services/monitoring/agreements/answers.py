"""Answers about agreements."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.facts import Recorded
from contracts.quantities import Unit
from services.casework.fact_forms import PlainDecimal
from services.casework.standing_facts import StandingFactAnswer
from services.monitoring.agreements.domain import share
from services.monitoring.agreements.kinds import AgreementKind, least
from services.monitoring.agreements.queries import Covered
from services.monitoring.agreements.state import Agreement, AgreementState, Due


class _FromState(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AgreementPartyAnswer(_FromState):
    role: str
    name: str


class AgreementDueAnswer(_FromState):
    """What a clause asks for in one period, both days included, and what was done in it. ``overdue``: the period is over, and it was
    less."""

    clause: str
    first: date
    last: date
    wanted: PlainDecimal
    done: PlainDecimal
    missing: PlainDecimal
    unit: Unit
    overdue: bool

    @classmethod
    def of(cls, due: Due, day: date) -> Self:
        told = {name: getattr(due, name) for name in ("clause", "first", "last", "wanted", "done", "missing", "unit")}
        return cls(**told, overdue=bool(due.missing) and due.last < day)


class AgreementTermAnswer(BaseModel):
    """``holds_until``: its own last day, or the day before another term, or the end of it all, cut it."""

    number: str
    starts_on: date
    until: date
    holds_until: date
    units: int | None
    persons: int | None
    paid: PlainDecimal | None


class ListedAgreementAnswer(BaseModel):
    """``starts_on``, ``until``: of the first and the last term; ``overdue_clauses``: of which something is overdue."""

    agreement_id: UUID
    division: str
    agreement_kind: str
    title: str
    state: AgreementState
    number: str
    signed_on: date
    starts_on: date
    until: date
    ended_on: date | None
    units: int | None
    persons: int | None
    overdue_clauses: list[str]

    @classmethod
    def of(cls, agreement: Agreement, day: date) -> Self:
        return cls(**listed_fields(agreement, day))


class AgreementAnswer(ListedAgreementAnswer):
    way: str | None
    parties: list[AgreementPartyAnswer]
    terms: list[AgreementTermAnswer]
    dues: list[AgreementDueAnswer]
    end_reason: str | None
    history: list[StandingFactAnswer]
    as_of: date | None
    known_at: datetime | None

    @classmethod
    def of_agreement(
        cls, agreement: Agreement, facts: Sequence[Recorded], day: date, as_of: date | None, known_at: datetime | None
    ) -> Self:
        terms = [
            AgreementTermAnswer(
                number=t.number, starts_on=t.starts_on, until=t.until, holds_until=agreement.last_day(n), units=t.units,
                persons=t.persons, paid=t.amount,
            )
            for n, t in enumerate(agreement.terms)
        ]  # fmt: skip
        return cls(
            **listed_fields(agreement, day), way=agreement.way,
            parties=[AgreementPartyAnswer.model_validate(p) for p in agreement.parties], terms=terms,
            dues=[AgreementDueAnswer.of(due, day) for due in agreement.dues()],
            end_reason=agreement.end_reason, history=StandingFactAnswer.of_all(facts),
            as_of=as_of, known_at=known_at,
        )  # fmt: skip


class CoverageAnswer(BaseModel):
    """Whom agreements of a kind in force on that day cover, of how many; shares are rounded down to four decimals. ``short``: a share is
    less than the document of the kind asks for."""

    agreement_kind: str
    division: str
    agreements: int
    units: int
    persons: int
    of_units: int | None
    of_persons: int | None
    unit_share: PlainDecimal | None
    person_share: PlainDecimal | None
    least_unit_share: PlainDecimal | None
    least_person_share: PlainDecimal | None
    short: bool
    as_of: date
    known_at: datetime | None

    @classmethod
    def of(cls, kind: AgreementKind, division: str, found: Covered, day: date, known_at: datetime | None) -> Self:
        shares = share(found.units, found.of_units), share(found.persons, found.of_persons)
        asked = (None, None) if kind.covers is None else (least(kind.covers.units), least(kind.covers.persons))
        return cls(
            agreement_kind=kind.agreement_kind, division=division, agreements=found.agreements, units=found.units,
            persons=found.persons, of_units=found.of_units, of_persons=found.of_persons, unit_share=shares[0],
            person_share=shares[1], least_unit_share=asked[0], least_person_share=asked[1],
            short=any(_short(s, a) for s, a in zip(shares, asked, strict=True)), as_of=day, known_at=known_at,
        )  # fmt: skip


def listed_fields(agreement: Agreement, day: date) -> dict[str, object]:
    term = agreement.term_on(day) or agreement.terms[-1]
    overdue = {due.clause for due in agreement.dues() if due.missing and due.last < day}
    copied = ("agreement_id", "division", "title", "signed_on", "until", "ended_on")
    return {
        **{name: getattr(agreement, name) for name in copied}, "agreement_kind": agreement.kind,
        "state": agreement.state(day), "number": term.number, "starts_on": agreement.terms[0].starts_on, "units": term.units,
        "persons": term.persons, "overdue_clauses": sorted(overdue),
    }  # fmt: skip


def _short(found: Decimal | None, asked: Decimal | None) -> bool:
    return found is not None and asked is not None and found < asked
