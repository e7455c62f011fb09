"""The course of a loan: its facts told in the order of the timeline, with what falls due between them, as entries and as the
state of a day. Pure; sums in fen.

- Interest is counted by day on principal that is not overdue and falls due with the instalment, rounded half up to the fen.
- On overdue principal the surcharged rate is counted from its due day on, without interest on interest.
- A payment goes to the penalty, then to the oldest instalment, its interest first; what is left waits for the next due day,
  or repays principal ahead of time, interest through the day first, and the rest falls due in equal measure anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from contracts.assistance import loans as facts
from contracts.facts import Fact, Recorded
from services.assistance.loans.day_counts import DAYS_A_YEAR
from services.assistance.loans.debts import Instalment, Lent, Paid, pay
from services.assistance.loans.rates import ValuesByDay, of_percent, rates_of, scaled_days
from services.assistance.loans.schedules import Planned, plan
from services.casework.ledgers.domain import Entry, entry
from services.casework.ledgers.money import fen_of, rounded_quotient


@dataclass(slots=True)
class Course:
    """``principal``: not paid back, overdue or not; ``due_principal``, ``due_interest``: fell due and is not paid; ``running``: interest
    since the last due day; ``penalty_running``: likewise of what is overdue, without the surcharge and not charged yet; both scaled
    (``rates.scaled_days``); ``advance``: paid and waiting for the next due day; ``claims``: of fund and lender; ``settled``: of so
    many instalments nothing is left; ``year``: by what scaled interest is divided; ``surcharged``: times this interest is penalty."""

    contract: facts.LoanContracted
    cause: str
    rates: ValuesByDay
    final_on: date
    day: date
    principal: int = 0
    due_principal: int = 0
    due_interest: int = 0
    disbursed: int = 0
    running: int = 0
    penalty_running: int = 0
    penalty_due: int = 0
    advance: int = 0
    fund_claim: int = 0
    lender_claim: int = 0
    compensated_on: date | None = None
    extended_on: date | None = None
    subsidy_paid: int = 0
    subsidy_returned: int = 0
    dividends: int = 0
    jobs: int = 0
    settled: int = 0
    instalments: list[Instalment] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    lent: list[Lent] = field(default_factory=list)
    year: int = field(init=False)
    surcharged: Fraction = field(init=False)

    def __post_init__(self) -> None:
        self.year = self.rates.scale * DAYS_A_YEAR[self.contract.day_count]
        self.surcharged = 1 + of_percent(self.contract.overdue_surcharge)

    @property
    def not_due(self) -> int:
        """Principal that has not fallen due yet."""
        return self.principal - self.due_principal

    @property
    def penalty_now(self) -> int:
        """Charged and not paid, and what has run since."""
        return self.penalty_due + self._penalty_since()

    @property
    def oldest_due_on(self) -> date | None:
        """The due day of the oldest instalment of which something is left."""
        return self.instalments[self.settled].due_on if self.settled < len(self.instalments) else None

    @property
    def debt(self) -> int:
        """What would settle the loan on this day: interest and penalty through it, less what was paid ahead."""
        return self.principal + self.due_interest + self._interest_since() + self.penalty_now - self.advance

    def overdue_days(self) -> int:
        """Since the oldest due day; nothing is overdue on its due day."""
        oldest = self.oldest_due_on
        return 0 if oldest is None else (self.day - oldest).days

    def _interest_since(self) -> int:  # the last due day
        return rounded_quotient(self.running, self.year)

    def _penalty_since(self) -> int:  # it was charged last
        if not self.penalty_running:
            return 0
        numerator, denominator = self.surcharged.as_integer_ratio()
        return rounded_quotient(self.penalty_running * numerator, self.year * denominator)

    # What falls due in the course of time

    def go_on(self, day: date, *, its_dues: bool = True) -> None:
        """To that day; what is due on it falls due, unless it is told that it is not."""
        while self.planned and (self.planned[0].on < day or (its_dues and self.planned[0].on == day)):
            self._fall_due(self.planned.pop(0))
        self._count_to(day)

    def _count_to(self, day: date) -> None:
        if day <= self.day:
            return
        base, scaled = self.not_due, scaled_days(self.rates, self.day, day, self.contract.day_count)
        self.running += base * scaled
        self.penalty_running += self.due_principal * scaled
        if base:
            self.lent.append(Lent(self.day, day, base))
        self.day = day

    def _fall_due(self, due: Planned) -> None:
        self._count_to(due.on)
        of_interest, self.running = self._interest_since(), 0
        of_principal = due.principal if due.instalment is None else max(due.instalment - of_interest, 0)
        of_principal = min(of_principal, self.not_due) if self.planned else self.not_due
        self._called(due.on, of_principal, of_interest, self.cause)
        self._take_advance(due.on, self.cause)

    def _take_advance(self, on: date, cause: str) -> None:
        """What was waiting pays what is due."""
        if self.advance:
            paid = self._pay_instalments(self.advance, 0, on)
            self.advance -= paid.amount
            self._book(on, cause, {"advances": paid.amount, **_settled(paid)})

    def _called(self, on: date, principal: int, of_interest: int, cause: str) -> Instalment:
        called = Instalment(on, principal, of_interest, principal, of_interest)
        if not called.left:
            called.paid_on = on
        self.instalments.append(called)
        self.due_principal += principal
        self.due_interest += of_interest
        self._settle()
        self._book(on, cause, {"interest_due": of_interest, "interest_earned": -of_interest})
        return called

    def _call_all(self, on: date, cause: str) -> None:
        """The whole debt is due: interest through the day and all of the principal."""
        of_interest, self.running = self._interest_since(), 0
        self._called(on, self.not_due, of_interest, cause)
        self.planned = []

    def _charge_penalty(self, on: date, cause: str) -> None:
        charged, self.penalty_running = self._penalty_since(), 0
        if charged:
            self.penalty_due += charged
            self._book(on, cause, {"penalty_due": charged, "penalty_earned": -charged})

    def _plan_anew(self) -> None:
        self.planned = (
            plan(self.contract, self.not_due, self.rates.on(self.day), self.day, self.final_on) if self.not_due else []
        )

    def _pay(self, fen: int, on: date) -> Paid:
        paid = self._pay_instalments(fen, self.penalty_due, on)
        self.penalty_due -= paid.penalty
        return paid

    def _pay_instalments(self, fen: int, penalty: int, on: date) -> Paid:
        paid = pay(fen, penalty, self.instalments[self.settled :], on)
        self.due_principal -= paid.principal
        self.due_interest -= paid.interest
        self._settle()
        return paid

    def _settle(self) -> None:
        while self.settled < len(self.instalments) and not self.instalments[self.settled].left:
            self.settled += 1

    def _book(self, on: date, cause: str, moved: Mapping[str, int]) -> None:
        self.principal += moved.get("principal", 0)
        made = entry(on, cause, moved)
        if made is not None:
            self.entries.append(made)

    # What is told

    def disbursed_of(self, told: facts.LoanDisbursed, cause: str) -> None:
        fen = fen_of(told.amount)
        self.go_on(told.effective_on)
        self.disbursed += fen
        self._book(told.effective_on, cause, {"principal": fen, "cash": -fen})
        self._plan_anew()

    def rate_corrected(self, told: facts.LoanRateCorrected, cause: str) -> None:
        self.go_on(told.effective_on)
        self._plan_anew()

    def extended(self, told: facts.LoanExtended, cause: str) -> None:
        """What would be due last on this very day is extended, and no other instalment of the day."""
        last = self.planned[-1].on if self.planned else None
        self.go_on(told.effective_on, its_dues=told.effective_on != last)
        self.final_on, self.extended_on = told.final_on, told.effective_on
        self._plan_anew()

    def repaid(self, told: facts.LoanRepaid, cause: str) -> None:
        on, fen = told.effective_on, fen_of(told.amount)
        self.go_on(on)
        self._charge_penalty(on, cause)
        moved = self._pay(fen, on)
        left = fen - moved.amount
        self._book(on, cause, {"cash": moved.amount, **_settled(moved)})
        if told.prepayment and left and self.not_due:
            left -= self._prepay(left + self.advance, on, cause)
        self.advance += left
        self._book(on, cause, {"cash": left, "advances": -left})

    def _prepay(self, fen: int, on: date, cause: str) -> int:
        """Interest through the day is due with it, and what was waiting goes first; how much else was taken."""
        of_interest, self.running = self._interest_since(), 0
        self._called(on, min(max(fen - of_interest, 0), self.not_due), of_interest, cause)
        paid = self._pay(fen, on)
        waited = min(self.advance, paid.amount)
        self.advance -= waited
        self._book(on, cause, {"cash": paid.amount - waited, "advances": waited, **_settled(paid)})
        self._plan_anew()
        return paid.amount - waited

    def compensated(self, told: facts.LoanCompensated, cause: str) -> None:
        on, of_fund, of_lender = told.effective_on, fen_of(told.fund_part), fen_of(told.lender_part)
        self.go_on(on)
        self._charge_penalty(on, cause)
        self._call_all(on, cause)
        self._take_advance(on, cause)
        paid = self._pay(of_fund + of_lender, on)
        beyond = of_fund + of_lender - paid.amount
        self.fund_claim, self.lender_claim = self.fund_claim + of_fund, self.lender_claim + of_lender
        self.advance += beyond
        self.compensated_on = on
        claims = {"fund_claims": of_fund, "lender_claims": of_lender, "advances": -beyond}
        self._book(on, cause, {**claims, **_settled(paid)})
        self._book(on, cause, {"cash": of_fund, "risk_fund": -of_fund})

    def recovered(self, told: facts.LoanRecovered, cause: str) -> None:
        of_fund, of_lender = fen_of(told.fund_part), fen_of(told.lender_part)
        self.go_on(told.effective_on)
        self.fund_claim, self.lender_claim = self.fund_claim - of_fund, self.lender_claim - of_lender
        self._book(told.effective_on, cause, {"risk_fund": of_fund, "fund_claims": -of_fund})
        self._book(told.effective_on, cause, {"cash": of_lender, "lender_claims": -of_lender})

    def subsidised(self, told: facts.InterestSubsidyPaid, cause: str) -> None:
        fen = fen_of(told.amount)
        self.go_on(told.effective_on)
        self.subsidy_paid += fen
        self._book(told.effective_on, cause, {"subsidy_payable": fen, "treasury": -fen})

    def subsidy_given_back(self, told: facts.InterestSubsidyReturned, cause: str) -> None:
        fen = fen_of(told.amount)
        self.go_on(told.effective_on)
        self.subsidy_returned += fen
        self._book(told.effective_on, cause, {"treasury": fen, "subsidy_payable": -fen})

    def dividend_paid(self, told: facts.LoanDividendPaid, cause: str) -> None:
        fen = fen_of(told.amount)
        self.go_on(told.effective_on)
        self.dividends += fen
        self._book(told.effective_on, cause, {"dividends_received": fen, "dividend_payer": -fen})

    def jobs_counted(self, told: facts.LoanJobsCreated, _: str) -> None:
        self.jobs = told.jobs


def _settled(paid: Paid) -> Mapping[str, int]:
    return {"penalty_due": -paid.penalty, "interest_due": -paid.interest, "principal": -paid.principal}


TOLD: Mapping[type[Fact], Callable[[Course, Any, str], None]] = {
    facts.LoanDisbursed: Course.disbursed_of,
    facts.LoanRateCorrected: Course.rate_corrected,
    facts.LoanExtended: Course.extended,
    facts.LoanRepaid: Course.repaid,
    facts.LoanCompensated: Course.compensated,
    facts.LoanRecovered: Course.recovered,
    facts.InterestSubsidyPaid: Course.subsidised,
    facts.InterestSubsidyReturned: Course.subsidy_given_back,
    facts.LoanDividendPaid: Course.dividend_paid,
    facts.LoanJobsCreated: Course.jobs_counted,
}


def course_of(timeline: Iterable[Recorded], through: date) -> Course | None:
    """How the loan stands at the end of that day. ``timeline``: its facts that count, through that day. ``None`` before there
    was a contract."""
    told, course = list(timeline), None
    for recorded in told:
        fact = recorded.fact
        if isinstance(fact, facts.LoanContracted) and course is None:
            course = Course(fact, recorded.id, rates_of(fact, told), fact.final_on, fact.effective_on)
        elif course is not None and type(fact) in TOLD:
            TOLD[type(fact)](course, fact, recorded.id)
    if course is not None:
        course.go_on(through)
    return course
