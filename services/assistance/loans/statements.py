"""The statement of one loan from its course: fen in, yuan out."""

from collections.abc import Sequence
from datetime import date

from contracts.assistance.loans import LoanFact, LoanOfficeChanged
from contracts.facts import Recorded
from services.assistance.loans import answers as a
from services.assistance.loans.account import Account, Review
from services.assistance.loans.course import Course, course_of
from services.assistance.loans.rates import in_percent
from services.assistance.loans.subsidies import SubsidyTerms, entries_of, overpaid, subsidies
from services.casework.ledgers.domain import Book
from services.casework.ledgers.money import yuan_of
from services.casework.standing_facts import StandingFactAnswer


def statement(told: Sequence[Recorded], day: date, known_on: date, terms: SubsidyTerms) -> a.LoanStatementAnswer | None:
    """``told``: the facts that count, through that day. ``None`` before there was a contract."""
    course = course_of(told, day)
    if course is None:
        return None
    account = Account(told)
    contract, granted, overdue = course.contract, subsidies(course, terms), course.overdue_days() > 0
    types = {r.id: r.fact.type_name for r in told}
    offices = [r.fact.to_division for r in told if isinstance(r.fact, LoanOfficeChanged)]
    due = sum(q.amount for q in granted)
    entries = sorted(entries_of(course, granted), key=lambda e: e.on)
    answer = a.LoanStatementAnswer(
        loan_id=contract.loan_id, as_of=day, known_at=known_on, product=contract.product, household_id=contract.household_id,
        person_id=contract.person_id, debtor=account.debtor, organisation=contract.organisation, division=[contract.division, *offices][-1],
        lender=contract.lender, contract_no=contract.contract_no, use=contract.use, contracted_on=contract.effective_on,
        final_on=course.final_on, extended_on=course.extended_on, amount=contract.principal,
        rate=in_percent(course.rates.on(day)), method=contract.method, day_count=contract.day_count,
        renews=contract.renews, drawn_in=list(contract.drawn_in), disbursed=yuan_of(course.disbursed), principal=yuan_of(course.principal),
        debt=yuan_of(course.debt), arrears=yuan_of(_arrears(course)), overdue_since=course.oldest_due_on if overdue else None,
        overdue_days=course.overdue_days(), penalty=yuan_of(course.penalty_now), advance=yuan_of(course.advance),
        claims=yuan_of(course.fund_claim + course.lender_claim), compensated_on=course.compensated_on,
        subsidy_due=yuan_of(due), subsidy_paid=yuan_of(course.subsidy_paid),
        subsidy_returned=yuan_of(course.subsidy_returned),
        subsidy_overpaid=yuan_of(overpaid(course, granted)),
        dividends=yuan_of(course.dividends), jobs=course.jobs,
        instalments=[
            a.LoanInstalmentAnswer(
                due_on=i.due_on, principal=yuan_of(i.principal), interest=yuan_of(i.interest),
                principal_left=yuan_of(i.principal_left), interest_left=yuan_of(i.interest_left), paid_on=i.paid_on,
            )
            for i in course.instalments
        ],
        planned=[], history=StandingFactAnswer.of_all(r for r in told if isinstance(r.fact, LoanFact)),
        subsidies=[a.LoanSubsidyAnswer(quarter=q.quarter, amount=yuan_of(q.amount)) for q in granted],
        reviews=[_review(review, each) for review, each in account.reviews.items()],
        balances=[
            a.LoanBalanceAnswer(account=a.LoanAccount(name), balance=yuan_of(fen)) for name, fen in Book(tuple(entries)).balances().items()
        ],
        entries=[
            a.LoanEntryAnswer(
                on=e.on, fact=e.cause, type=types[e.cause],
                postings=[a.LoanPostingAnswer(account=a.LoanAccount(p.account), amount=yuan_of(p.fen)) for p in e.postings],
            )
            for e in entries
        ],
    )  # fmt: skip
    answer.planned = _planned(course)
    return answer


def _review(review: str, each: Review) -> a.LoanReviewAnswer:
    opened, decided = each.opened, each.decided
    return a.LoanReviewAnswer(
        review=review, reason=opened.reason, opened_on=opened.effective_on, outcome=decided.outcome if decided else None,
        decided_on=decided.effective_on if decided else None,
    )  # fmt: skip


def _planned(course: Course) -> list[a.LoanPlannedAnswer]:
    """What falls due after the course's day, if nothing else is told: the course goes on to its end, and is of no use after."""
    fallen_due = len(course.instalments)
    course.go_on(course.final_on)
    return [
        a.LoanPlannedAnswer(due_on=i.due_on, principal=yuan_of(i.principal), interest=yuan_of(i.interest))
        for i in course.instalments[fallen_due:]
    ]


def _arrears(course: Course) -> int:
    return sum(i.left for i in course.instalments if i.due_on < course.day)
