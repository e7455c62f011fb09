"""An agreement as its facts come to. No order of telling matters: terms are in the order of their first days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Recorded
from contracts.monitoring import agreements as facts
from contracts.monitoring.agreements import AgreementParty, AgreementTerm
from contracts.quantities import Unit
from services.casework.dates import months_later

NOTHING, ONE_DAY = Decimal(0), timedelta(days=1)


class AgreementState(StrEnum):
    """``TO_COME``: signed, and its term not begun; ``EXPIRED``: its last term is over, and nobody said that it is not renewed."""

    TO_COME = "to_come"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Delivery:
    clause: str
    on: date
    amount: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class Due:
    """What one period of one clause asks for, and what was done in it."""

    clause: str
    first: date
    last: date
    wanted: Decimal
    done: Decimal
    unit: Unit

    @property
    def missing(self) -> Decimal:
        return max(self.wanted - self.done, NOTHING)


@dataclass(frozen=True, slots=True)
class Agreement:
    """``terms``: by first day; each holds through the day before the next begins, at the latest."""

    agreement_id: UUID
    division: str
    kind: str
    title: str
    way: str | None
    parties: tuple[AgreementParty, ...]
    signed_on: date
    terms: tuple[AgreementTerm, ...]
    deliveries: tuple[Delivery, ...] = ()
    ended_on: date | None = None
    end_reason: str | None = None

    def last_day(self, number: int) -> date:
        """Of a term, counted from 0: its own, or cut by the next term, or by the end of it all."""
        last = self.terms[number].until
        if number + 1 < len(self.terms):
            last = min(last, self.terms[number + 1].starts_on - ONE_DAY)
        return last if self.ended_on is None else min(last, self.ended_on - ONE_DAY)

    def term_on(self, day: date) -> AgreementTerm | None:
        held = (t for n, t in enumerate(self.terms) if t.starts_on <= day <= self.last_day(n))
        return next(held, None)

    @property
    def until(self) -> date:
        """The last day of the last term, as signed."""
        return self.terms[-1].until

    def state(self, day: date) -> AgreementState:
        if self.ended_on is not None and self.ended_on <= day:
            return AgreementState.ENDED
        if self.term_on(day) is not None:
            return AgreementState.IN_FORCE
        return AgreementState.TO_COME if day < self.terms[-1].starts_on else AgreementState.EXPIRED

    def dues(self) -> tuple[Due, ...]:
        """Of every whole period of every clause, those to come as well; of a term shorter than one period, the term."""
        return tuple(
            self._due(clause.clause, clause.quantity.amount, clause.quantity.unit, first, last)
            for number, term in enumerate(self.terms)
            for clause in term.clauses
            for first, last in _periods(term.starts_on, self.last_day(number), clause.every_months)
        )

    def _due(self, clause: str, wanted: Decimal, unit: Unit, first: date, last: date) -> Due:
        done = (d.amount for d in self.deliveries if d.clause == clause and first <= d.on <= last)
        return Due(clause, first, last, wanted, sum(done, NOTHING), unit)


def fold(timeline: Iterable[Recorded]) -> Agreement | None:
    """The agreement at the end of a timeline, or ``None`` where it was not yet signed or known."""
    standing = [r.fact for r in timeline]
    signed = next((f for f in standing if isinstance(f, facts.AgreementSigned)), None)
    if signed is None:
        return None
    renewed = [f.term for f in standing if isinstance(f, facts.AgreementRenewed)]
    ended = [f for f in standing if isinstance(f, facts.AgreementEnded)]
    return Agreement(
        signed.agreement_id, signed.division, signed.kind, signed.title, signed.way, signed.parties, signed.effective_on,
        tuple(sorted((signed.term, *renewed), key=lambda t: t.starts_on)),
        tuple(
            Delivery(f.clause, f.effective_on, f.quantity.amount, f.quantity.unit)
            for f in standing if isinstance(f, facts.AgreementDelivered)
        ),
        ended[-1].effective_on if ended else None, ended[-1].reason if ended else None,
    )  # fmt: skip


def _periods(first: date, last: date, every_months: int | None) -> list[tuple[date, date]]:
    found: list[tuple[date, date]] = []
    while every_months is not None:
        begins = months_later(first, len(found) * every_months)
        ends = months_later(first, (len(found) + 1) * every_months) - ONE_DAY
        if ends > last:
            break
        found.append((begins, ends))
    return found if found or last < first else [(first, last)]


_encoder = msgspec.json.Encoder(decimal_format="string")
_decoder = msgspec.json.Decoder(Agreement)


def agreement_to_json(agreement: Agreement) -> str:
    """The agreement as its view stores it."""
    return _encoder.encode(agreement).decode()


def agreement_from_json(agreement_json: str) -> Agreement:
    """Reads what ``agreement_to_json`` wrote."""
    return _decoder.decode(agreement_json)
