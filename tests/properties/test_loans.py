"""Whatever is paid when and told in whatever order: the books are those of the facts that count, told in order; they balance on
every day as known at every instant; and a calculation that walks day by day in decimals finds the same."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.assistance.loans import (
    InterestSubsidyPaid,
    InterestSubsidyReturned,
    LoanAnnulment,
    LoanExtended,
    LoanFactsAnnulled,
    LoanRateCorrected,
    RepaymentMethod,
)
from contracts.facts import Fact, Recorded
from contracts.selection import surviving, timeline
from services.assistance.loans.course import course_of
from services.assistance.loans.restatements import Knowledge, restated
from services.assistance.loans.subsidies import SubsidyTerms, accounting, shares_of, subsidies
from services.casework.ledgers.domain import book_of
from services.casework.ledgers.money import fen_of, yuan_of
from tests.assistance.loans.day_by_day import walk
from tests.assistance.loans.example_loans import COMMON, SUBSIDY, contracted, disbursed, repaid, told
from tests.support.long_run import LONG

DRAWN = settings(max_examples=1000 if LONG else 30, deadline=None)
FIRST, FINAL = date(2018, 1, 10), date(2019, 1, 10)
SINCE = st.integers(0, 500).map(timedelta)
DAYS = SINCE.map(lambda n: FIRST + n)
YEARS = (
    (FIRST, date(2018, 3, 20), date(2018, 6, 20), date(2018, 9, 20), date(2018, 12, 20), FINAL),
    (date(2015, 11, 30), date(2016, 2, 29), date(2016, 5, 29), date(2016, 8, 29), date(2016, 11, 29), date(2016, 11, 30)),
    (date(2020, 2, 29), date(2020, 5, 31), date(2020, 8, 31), date(2020, 11, 30), date(2021, 2, 28)),
)  # fmt: skip
"""The day of the contract and the days on which something falls due, of years with and without a 29 February."""
RATES = st.sampled_from([Decimal("3.0000"), Decimal("4.7500"), Decimal("6.1500")])
YUAN = st.integers(1, 20_000_00).map(yuan_of)
METHODS = st.sampled_from([m for m in RepaymentMethod if m is not RepaymentMethod.AGREED])


@st.composite
def stories(draw: st.DrawFn) -> tuple[Recorded, ...]:
    """Contract and first part, then anything in any order, with annulments of anything but the contract."""
    facts: list[Fact] = [contracted(method=draw(METHODS)), disbursed(FIRST, "30000.00")]
    for n in range(draw(st.integers(1, 8))):
        on = draw(DAYS)
        match draw(st.sampled_from(["repaid", "repaid", "prepaid", "part", "rate", "longer", "void", "subsidy"])):
            case "part":
                facts.append(disbursed(on, "10000.00", f"D-{n}"))
            case "rate":
                facts.append(LoanRateCorrected(**COMMON, effective_on=on, rate=draw(RATES)))  # fmt: skip
            case "subsidy":
                kind = draw(st.sampled_from([InterestSubsidyPaid, InterestSubsidyReturned]))
                facts.append(kind(**COMMON, effective_on=on, amount=draw(YUAN), voucher=f"S-{n}"))
            case "longer":
                facts.append(LoanExtended(**COMMON, effective_on=on, final_on=date(2019, 7, 10)))
            case "void":
                which = draw(st.integers(2, len(facts)))
                annuls = (f"assistance/loan-{COMMON['loan_id']}/{which}",)
                facts.append(LoanFactsAnnulled(**COMMON, effective_on=on, reason=LoanAnnulment.TYPED_WRONG, annuls=annuls))  # fmt: skip
            case paid:
                facts.append(repaid(on, str(draw(YUAN)), voucher=f"R-{n}", prepayment=paid == "prepaid"))
    return told(*facts)


@DRAWN
@given(stories(), DAYS, DAYS)
def test_books_balance_and_are_those_of_the_final_set_told_in_order(
    facts: tuple[Recorded, ...], day: date, earlier: date
) -> None:
    earlier, day = sorted((earlier, day))
    for n in range(2, len(facts) + 1):
        known_at = facts[n].recorded_at if n < len(facts) else None
        then = book_of(facts, accounting(day, SUBSIDY), as_of=day, known_at=known_at)
        assert then.trial_balance().difference == 0
        assert then == book_of(facts[:n], accounting(day, SUBSIDY), as_of=day)
        before = book_of(facts, accounting(earlier, SUBSIDY), as_of=earlier, known_at=known_at)
        assert then.through(earlier).balances() == before.balances()
    final = told(*(r.fact for r in surviving(facts) if not isinstance(r.fact, LoanFactsAnnulled)))
    assert (
        book_of(facts, accounting(day, SUBSIDY), as_of=day).balances()
        == book_of(final, accounting(day, SUBSIDY), as_of=day).balances()
    )


@DRAWN
@given(st.data(), stories(), DAYS)
def test_what_was_restated_between_two_instants_is_the_difference_of_the_books_and_each_part_names_a_fact(
    data: st.DataObject, facts: tuple[Recorded, ...], day: date
) -> None:
    instants = [*(r.recorded_at for r in facts), facts[-1].recorded_at + timedelta(seconds=1)]
    first, last = sorted(data.draw(st.tuples(st.integers(0, len(facts)), st.integers(0, len(facts)))))
    sides = [Knowledge(day, instants[n], SUBSIDY) for n in (first, last)]
    found = restated(facts, day, *sides)
    books = [book_of(facts, accounting(day, SUBSIDY), as_of=day, known_at=side.before).balances() for side in sides]
    moved: dict[str, Decimal] = defaultdict(Decimal)
    for each in found.movements:
        assert each.facts, "a difference that nothing learned accounts for"
        moved[each.account] += each.later - each.earlier
    for account in {*books[0], *books[1], *moved}:
        assert yuan_of(books[1].get(account, 0) - books[0].get(account, 0)) == moved[account]
    assert set(found.learned) <= set(facts[first:last])
    if not found.learned:
        assert (found.figures, found.instalments, found.subsidies) == ([], [], [])


@DRAWN
@given(stories(), DAYS)
def test_the_accounts_are_the_state_of_the_loan(facts: tuple[Recorded, ...], day: date) -> None:
    course = course_of(timeline(facts, as_of=day), day)
    assert course is not None
    balances = book_of(facts, accounting(day, SUBSIDY), as_of=day).balances()
    assert balances.get("principal", 0) == course.principal == course.not_due + course.due_principal
    assert balances.get("interest_due", 0) == course.due_interest
    assert balances.get("penalty_due", 0) == course.penalty_due
    assert -balances.get("advances", 0) == course.advance
    assert course.not_due == 0 or course.planned or course.day < course.contract.first_due_on


@DRAWN
@given(
    st.sampled_from(YEARS),
    st.sampled_from([RepaymentMethod.BULLET, RepaymentMethod.EQUAL_PRINCIPAL]),
    st.lists(st.tuples(SINCE, YUAN), max_size=6),
    st.dictionaries(SINCE, RATES, max_size=3),
    SINCE,
    SINCE,
)
def test_a_walk_day_by_day_in_decimals_finds_the_same(
    year: tuple[date, ...],
    method: RepaymentMethod,
    paid: list[tuple[timedelta, Decimal]],
    corrected: dict[timedelta, Decimal],
    since: timedelta,
    until: timedelta,
) -> None:
    first, *days = year
    payments, rates = [(first + on, yuan) for on, yuan in paid], {first + on: rate for on, rate in corrected.items()}
    share, through = first + since, first + until
    principal = Decimal("50000.00")
    facts = [contracted(first, method=method, first_due_on=days[0], final_on=days[-1]), disbursed(first)]
    facts += [repaid(on, str(yuan), voucher=f"R-{n}") for n, (on, yuan) in enumerate(payments)]
    # Told in the order drawn: of corrections without an end the one for the later day counts from there on.
    facts += [LoanRateCorrected(**COMMON, effective_on=on, rate=rate) for on, rate in rates.items()]
    terms = SubsidyTerms(shares_of([(first, Fraction(1), share), (share, Fraction(7, 10), None)]), 40_000_00)
    course = course_of(timeline(told(*facts), as_of=through), through)
    assert course is not None

    part = principal / len(days) if method is RepaymentMethod.EQUAL_PRINCIPAL else Decimal(0)
    dues = {**dict.fromkeys(days[:-1], part), days[-1]: principal}
    told_by = [(on, yuan) for on, yuan in payments if on <= through]
    shares = {first: Decimal(1), share: Decimal("0.7")}
    rates_on = {first: Decimal("4.3500"), **{on: rate for on, rate in rates.items() if on <= through}}
    found = walk(
        first, through, principal=principal, rates=rates_on, dues=dues, payments=told_by, share=shares, most=Decimal("40000"),
    )  # fmt: skip
    assert course.principal == fen_of(found.principal)
    assert course.due_interest == fen_of(sum((i for _, i in found.open_), Decimal(0)))
    assert (course.penalty_due, course.advance) == (fen_of(found.penalty), fen_of(found.advance))
    assert {q.quarter: q.amount for q in subsidies(course, terms) if q.amount} == {
        quarter: fen_of(yuan) for quarter, yuan in found.subsidies.items() if yuan
    }
