"""Terms, deliveries, endings and annulments of an agreement, told in any order: the same picture of every day; and the table says of
each day, as known at each instant, whom the facts known then cover."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.canonical import encode
from contracts.facts import Fact, Recorded
from contracts.monitoring import agreements as facts
from contracts.monitoring.agreements import AgreedClause, AgreementTerm
from contracts.quantities import Quantity, Unit
from contracts.selection import surviving, timeline
from services.chassis.ground.refusals import Refused
from services.monitoring.agreements import domain
from services.monitoring.agreements.state import Agreement, fold
from services.monitoring.agreements.store import view

AGREEMENT, FIRST = UUID(int=7), date(2016, 1, 1)
START = datetime(2019, 1, 1, tzinfo=UTC)
DAYS = st.integers(0, 900)


def term(starts: int, length: int, units: int) -> AgreementTerm:
    begins = FIRST + timedelta(starts)
    clause = AgreedClause(clause="income", quantity=Quantity(amount=Decimal(10), unit=Unit.YUAN), every_months=3)
    return AgreementTerm(
        number=f"{starts}",
        starts_on=begins,
        until=begins + timedelta(length),
        units=units,
        persons=units * 9,
        clauses=(clause,),
    )


def recorded(told: Sequence[Fact]) -> list[Recorded]:
    return [
        Recorded(
            "monitoring",
            n,
            f"agreement-{AGREEMENT}",
            n,
            START + timedelta(hours=n),
            UUID(int=n),
            "a",
            fact,
            encode(fact),
        )
        for n, fact in enumerate(told, start=1)
    ]


def common(on: int = 0) -> dict[str, Any]:
    return {"agreement_id": AGREEMENT, "effective_on": FIRST + timedelta(on), "entered_by": "a"}


SIGNED = facts.AgreementSigned(
    **common(), division="990001", kind="k", title="t", way=None, parties=(), term=term(0, 200, 1)
)
renewals = st.lists(
    st.builds(
        lambda starts, length, units: facts.AgreementRenewed(**common(starts), term=term(starts, length, units)),
        st.integers(1, 900), st.integers(0, 400), st.integers(1, 50),
    ),
    max_size=4, unique_by=lambda fact: fact.term.starts_on,
)  # fmt: skip
deliveries = st.lists(
    st.builds(
        lambda on, yuan: facts.AgreementDelivered(
            **common(on), clause="income", quantity=Quantity(amount=Decimal(yuan), unit=Unit.YUAN)
        ),
        DAYS, st.integers(1, 20),
    ),
    max_size=5,
)  # fmt: skip
endings = st.lists(st.builds(lambda on: facts.AgreementEnded(**common(on), reason="r"), DAYS), max_size=1)


def picture(agreement: Agreement) -> list[Any]:
    days = [FIRST + timedelta(n) for n in range(0, 1300, 13)]
    states = [(agreement.state(day), agreement.term_on(day)) for day in days]
    return [states, agreement.dues(), agreement.ended_on]


@given(renewals, deliveries, endings, st.randoms(use_true_random=False))
def test_told_in_any_order_it_is_the_same_on_every_day(
    terms: list[Fact], done: list[Fact], ended: list[Fact], rng: Any
) -> None:
    told = [*terms, *done, *ended]
    shuffled = list(told)
    rng.shuffle(shuffled)
    one, other = (fold(timeline(recorded([SIGNED, *each]))) for each in (told, shuffled))
    assert one is not None
    assert other is not None
    assert picture(one) == picture(other)
    # Each day is in one term at most, and no due of a term is beyond its last day.
    last = max(agreement_last(one), FIRST)
    assert all(due.first <= due.last <= last for due in one.dues())


def agreement_last(agreement: Agreement) -> date:
    return max(agreement.last_day(number) for number in range(len(agreement.terms)))


@given(renewals, endings, st.data())
def test_the_table_covers_on_each_day_as_known_at_each_instant_whom_the_facts_known_then_do(
    terms: list[Fact], ended: list[Fact], data: st.DataObject
) -> None:
    log = recorded([SIGNED, *terms, *ended])
    for number in count(len(log) + 1):
        if number > len(log) + 3 or not data.draw(st.booleans()):
            break
        standing = [r.id for r in surviving(log)]
        void = facts.AgreementActsAnnulled(**common(900), annuls=(data.draw(st.sampled_from(standing)),), reason="r")
        log = recorded([*(r.fact for r in log), void])
    rows = list(view().fold(AGREEMENT, log)[1])
    for place in range(1, len(log) + 1):
        instant = log[place - 1].recorded_at + timedelta(minutes=1)
        known = fold(timeline(log[:place]))
        for day in (FIRST + timedelta(n) for n in range(0, 1300, 97)):
            found = [r[5] for r in rows if r[3] <= day <= r[4] and r[7] < instant and (r[8] is None or r[8] >= instant)]
            of_term = None if known is None else known.term_on(day)
            assert found == ([] if of_term is None else [of_term.units])


@given(renewals, deliveries, endings, st.data())
def test_whatever_is_annulled_what_is_left_rests_on_what_stands_or_it_is_refused(
    terms: list[Fact], done: list[Fact], ended: list[Fact], data: st.DataObject
) -> None:
    log = recorded([SIGNED, *terms, *done, *ended])
    chosen = data.draw(st.sets(st.sampled_from([r.id for r in log]), min_size=1))
    left = [r for r in timeline(log) if r.id not in chosen]
    agreement = fold(left)
    try:
        domain.require_standing(left)
    except Refused:
        return
    for r in left:
        if isinstance(r.fact, facts.AgreementDelivered):
            assert agreement is not None
            assert agreement.term_on(r.fact.effective_on) is not None
