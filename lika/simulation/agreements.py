"""Agreements of a county and its townships: the collective contracts of its unions (M145), services that it buys (M203), a village's
investment in each township (M178). Each act is what ``services.monitoring.agreements`` decides about it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from contracts.facts import Evidence, Fact
from contracts.monitoring import agreements as facts
from contracts.monitoring.agreements import AgreedClause, AgreementParty, AgreementTerm
from contracts.quantities import Quantity, Unit
from contracts.selection import timeline
from lika.simulation.context import SimulationContext
from lika.simulation.decided_stream import DecidedStream
from lika.simulation.divisions import Division
from lika.simulation.documents import on_paper
from lika.simulation.event_buffer import MONITORING, ClaimChange
from lika.simulation.ids import deterministic_id
from lika.simulation.schedule import Process, Schedule
from services.casework.dates import months_later
from services.casework.normalized_texts import normalized
from services.monitoring.agreements import domain
from services.monitoring.agreements.kinds import AgreementKind
from services.monitoring.agreements.state import Agreement, fold
from services.monitoring.agreements.store import COUNTY_DIGITS, NUMBER_CLAIM, base_stream, kind_on, stream_of

AGREEMENT_ENTITIES = 4 << 40
"""Added to a county's index where the random numbers of its agreements are seeded."""
ONE_DAY = timedelta(days=1)
CONTRACT, MINUTES, DELIVERY = on_paper("contract"), on_paper("minutes"), (on_paper("acceptance"),)
LATE_RENEWAL_RATE, SHORT_DELIVERY_RATE, BANKRUPTCY_RATE = 0.3, 0.2, 0.03
"""Of terms, those that are renewed after they have expired; of years, those in which less is done than agreed, in which an investor
goes bankrupt."""


@dataclass(eq=False)
class AgreementOffice:
    """``signed``: agreements so far; ``numbered``: terms so far; ``base``: what is told of the units that contracts may cover."""

    county: Division
    schedule: Schedule = field(default_factory=Schedule)
    signed: int = 0
    numbered: int = 0
    base: DecidedStream | None = None

    @property
    def entity(self) -> int:
        return AGREEMENT_ENTITIES + self.county.index

    def next_number(self, year: int) -> str:
        self.numbered += 1
        return f"样合〔{year}〕{self.numbered}号"


class SimulatedAgreement:
    """``kind``: key of the document that says what agreements of the kind need."""

    def __init__(self, context: SimulationContext, office: AgreementOffice, division: Division, kind: str) -> None:
        self._context, self._office, self.division, self._kind = context, office, division, kind
        office.signed += 1
        self.id = deterministic_id(context.digest, "agreement", office.county.index, office.signed)
        self._stream = DecidedStream(context, MONITORING, stream_of(self.id))
        self._signed_on = date.min

    @property
    def state(self) -> Agreement:
        return domain.require_known(self._stream.known)

    def sign(
        self, day: date, title: str, parties: Sequence[AgreementParty], term: AgreementTerm, papers: tuple[Evidence, ...],
        way: str | None = None,
    ) -> None:  # fmt: skip
        self._signed_on = day
        fact = facts.AgreementSigned(
            **self._fields(day, papers), division=self.division.code, kind=self._kind, title=title, way=way,
            parties=tuple(parties), term=term,
        )  # fmt: skip
        self._append(lambda kind: domain.sign(fact, kind, self._context.recorded_on), term)

    def renew(self, day: date, term: AgreementTerm, papers: tuple[Evidence, ...]) -> None:
        fact = facts.AgreementRenewed(**self._fields(day, papers), term=term)
        self._append(lambda kind: domain.renew(fact, self.state, kind, self._context.recorded_on), term)

    def deliver(self, day: date, clause: str, amount: Decimal, unit: Unit) -> None:
        quantity = Quantity(amount=amount, unit=unit)
        fact = facts.AgreementDelivered(**self._fields(day, DELIVERY), clause=clause, quantity=quantity)
        self._append(lambda _: domain.deliver(fact, self.state, self._context.recorded_on))

    def end(self, day: date, reason: str) -> None:
        fact = facts.AgreementEnded(**self._fields(day, (on_paper("other"),)), reason=reason)
        self._append(lambda _: domain.end(fact, self.state, self._context.recorded_on))

    def _append(self, decide: Any, term: AgreementTerm | None = None) -> None:
        """Whatever is decided looks at the document of its kind; a new term takes its number."""
        lookup = self._context.regulations.looked_up_by(MONITORING)
        kind: AgreementKind = kind_on(lookup, self._kind, self._signed_on, self.division.code)
        basis = lookup.basis(MONITORING, self._context.events.heads[MONITORING])
        new: Sequence[Fact] = [msgspec.structs.replace(fact, decided_from=basis) for fact in decide(kind)]
        claims: tuple[ClaimChange, ...] = ()
        if term is not None:
            number = normalized((self.division.code[:COUNTY_DIGITS], self._kind, term.number))
            claims = (ClaimChange(NUMBER_CLAIM, number, self.id),)
        self._stream.append(*new, claims=claims)
        assert fold(timeline(self._stream.known)) is not None

    def _fields(self, day: date, papers: tuple[Evidence, ...]) -> dict[str, Any]:
        by = f"reviewer-{self.division.code}"
        return {"agreement_id": self.id, "effective_on": day, "entered_by": by, "evidence": papers}


def collective_contract(context: SimulationContext, office: AgreementOffice) -> Process:
    """For three years at a time; women workers are examined every second year (M143)."""
    rng, county, first = context.rng, office.county, date(context.plan.first, 3, 1)
    agreement = SimulatedAgreement(context, office, county, "collective_contract")
    parties = (
        AgreementParty(role="union", name=f"{county.name}总工会"),
        AgreementParty(role="employer", name=f"{county.name}企业联合会"),
    )
    units = rng.randint(80, 120)
    begins = first
    while begins <= date(context.plan.last, 12, 31):
        yield (signed_on := begins)
        await_check = AgreedClause(
            clause="womens_health_check",
            quantity=Quantity(amount=Decimal(units * 4), unit=Unit.PERSON),
            every_months=24,
        )
        term = AgreementTerm(
            number=office.next_number(begins.year), starts_on=begins, until=months_later(begins, 36) - ONE_DAY,
            units=units, persons=units * 23, clauses=(await_check,),
        )  # fmt: skip
        if begins == first:
            agreement.sign(signed_on, f"{county.name}集体合同", parties, term, (CONTRACT,))
        else:
            agreement.renew(signed_on, term, (CONTRACT,))
        _tell_base(context, office, signed_on, units)
        yield (checked := rng.day_after(begins, 400, 700))
        agreement.deliver(checked, "womens_health_check", Decimal(units * 4), Unit.PERSON)
        late = rng.randint(10, 80) if rng.random() < LATE_RENEWAL_RATE else 0
        begins, units = term.until + ONE_DAY + timedelta(late), units + rng.randint(0, 12)


def services_bought(context: SimulationContext, office: AgreementOffice) -> Process:
    """By tender, renewed year by year; who benefited is told twice a year (M203), and some years it is fewer than agreed."""
    rng, county, first = context.rng, office.county, context.plan.first
    agreement = SimulatedAgreement(context, office, county, "service_purchase")
    parties = (
        AgreementParty(role="payer", name=f"{county.name}民政局"),
        AgreementParty(role="operator", name=f"{county.name}妇女联合会"),
    )
    for year in range(first, context.plan.last + 1):
        yield (day := date(year, 1, 1) if year > first else date(year, 3, 10))
        women = rng.randint(100, 400)
        benefited = AgreedClause(clause="benefited", quantity=Quantity(amount=Decimal(women), unit=Unit.PERSON))
        term = AgreementTerm(
            number=office.next_number(year), starts_on=day, until=date(year, 12, 31), amount=Decimal(women * 300),
            clauses=(benefited,),
        )  # fmt: skip
        if year == first:
            agreement.sign(day, "妇女就业培训服务", parties, term, (CONTRACT,), way="tender")
        else:
            agreement.renew(day, term, (CONTRACT,))
        yield (told := rng.day_in(date(year, 7, 1), 30))
        agreement.deliver(told, "benefited", Decimal(women // 2), Unit.PERSON)
        yield (told := rng.day_in(date(year, 11, 20), 30))
        missing = rng.randint(1, 20) if rng.random() < SHORT_DELIVERY_RATE else 0
        agreement.deliver(told, "benefited", Decimal(women - women // 2 - missing), Unit.PERSON)


def village_investment(context: SimulationContext, office: AgreementOffice, township: Division) -> Process:
    """The assembly of one village decides; its income comes every year (M178). Some investors go bankrupt."""
    rng = context.rng
    village = rng.choice(context.province.villages_of(township))
    yield (day := rng.day_in(date(context.plan.first + 1, 4, 1), 60))
    agreement = SimulatedAgreement(context, office, village, "village_investment")
    parties = (
        AgreementParty(role="village", name=f"{village.name}村民委员会"),
        AgreementParty(role="investor", name="样例农业发展有限公司"),
    )
    yearly = Decimal(rng.randint(3, 18) * 10_000)
    income = AgreedClause(clause="income", quantity=Quantity(amount=yearly, unit=Unit.YUAN), every_months=12)
    term = AgreementTerm(
        number=office.next_number(day.year), starts_on=day, until=months_later(day, 120) - ONE_DAY, clauses=(income,)
    )
    agreement.sign(day, f"{village.name}集体投资", parties, term, (CONTRACT, MINUTES))
    for year in range(1, 11):
        if rng.random() < BANKRUPTCY_RATE:
            yield (ended := rng.day_after(months_later(day, 12 * year), 10, 90))
            agreement.end(ended, "投资方停业，双方协商解除")
            return
        yield (paid := months_later(day, 12 * year) - timedelta(rng.randint(2, 60)))
        agreement.deliver(paid, "income", yearly, Unit.YUAN)


def _tell_base(context: SimulationContext, office: AgreementOffice, day: date, units: int) -> None:
    """How many units and workers there are in all, at each signing: nine of ten units, nearly all workers (M145)."""
    lookup = context.regulations.looked_up_by(MONITORING)
    kind = kind_on(lookup, "collective_contract", day, office.county.code)
    if office.base is None:
        office.base = DecidedStream(context, MONITORING, base_stream("collective_contract", office.county.code))
    fact = facts.AgreementBaseTold(
        effective_on=day, entered_by=f"reviewer-{office.county.code}", evidence=(on_paper("other"),),
        division=office.county.code, kind="collective_contract", units=units + units // 10, persons=units * 24,
    )  # fmt: skip
    basis = lookup.basis(MONITORING, context.events.heads[MONITORING])
    told = domain.tell_base(fact, kind, context.recorded_on)
    office.base.append(*(msgspec.structs.replace(each, decided_from=basis) for each in told))
