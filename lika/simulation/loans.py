"""A micro-credit of a followed family: contracted, paid out and repaid as ``services.assistance.loans`` decides, and followed by what
the register learns of who signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from contracts.assistance.loans import (
    DayCount,
    LoanAnnulment,
    LoanContracted,
    LoanReviewOutcome,
    LoanReviewReason,
    LoanUse,
    RepaymentMethod,
)
from contracts.facts import Recorded
from lika.simulation.context import SimulationContext
from lika.simulation.divisions import Division
from lika.simulation.event_buffer import ASSISTANCE
from lika.simulation.families import Family
from lika.simulation.ids import deterministic_id
from lika.simulation.schedule import Schedule
from lika.simulation.unit import Memory, SimulatedUnit
from services.assistance.loans import commands as c
from services.assistance.loans.account import Account, Review, of_loan
from services.assistance.loans.borrowers import edition_of, known_loans, loans_open, product_in_force, subsidy_terms_of
from services.assistance.loans.contracting import ContractContext, contract
from services.assistance.loans.course import Course
from services.assistance.loans.decision_context import DecisionContext
from services.assistance.loans.domain import decide, stream_of
from services.assistance.loans.eligibility import reasons_against
from services.assistance.loans.following import reconcile_loans
from services.assistance.loans.store import CONTRACT_NO, contract_number
from services.casework.dates import months_later
from services.casework.documents.lookup import Lookup
from services.casework.people.domain import person_on
from services.casework.people.state import PersonState

LOAN_ENTITIES = 5 << 40
"""Added to a township's index where the random numbers of its loans are seeded."""
PRODUCT, LENDER = "poverty_micro_credit", "样例农村商业银行"
RATE, SURCHARGE = Decimal("4.35"), Decimal(50)
"""Percent a year, and percent of it on top for what is overdue."""


@dataclass(eq=False)
class LoanDesk:
    """A township's desk. ``contracts``, ``vouchers``: numbered so far."""

    township: Division
    memory: Memory
    schedule: Schedule = field(default_factory=Schedule)
    contracts: int = 0
    vouchers: int = 0

    @property
    def entity(self) -> int:
        return LOAN_ENTITIES + self.township.index

    @property
    def clerk(self) -> str:
        return f"reviewer-{self.township.code}"

    def next_voucher(self) -> str:
        self.vouchers += 1
        return f"贷{self.township.code}-{self.vouchers:06}"


class SimulatedLoan:
    """Of one borrower, from the contract on."""

    def __init__(self, context: SimulationContext, desk: LoanDesk, family: Family) -> None:
        self._context, self._desk, self._family = context, desk, family
        desk.contracts += 1
        self._number = desk.contracts
        self.id = deterministic_id(context.digest, "loan", desk.township.index, desk.contracts)
        self.stream = stream_of(family.root.id)
        self._seen: set[str] = set()

    @property
    def account(self) -> Account:
        return Account(of_loan(self._desk.memory.known(self.stream), self.id))

    def course(self, day: date) -> Course | None:
        return self.account.through(day)

    def contract(self, day: date, person_id: UUID, principal: Decimal, months: int) -> bool:
        """Returns whether the product is for that person on that day."""
        lookup, context = self._lookup(), self._context
        person = self._person(person_id, day)
        product = product_in_force(lookup, PRODUCT, day, person.division or "")
        told = self._desk.memory.known(self.stream)
        last = months_later(day, months)
        opened = loans_open(told, day, last, context.recorded_on)
        if product is None or opened or reasons_against(product, person, day):
            return False
        assert person.division is not None
        command = c.Contract(
            loan_id=self.id, on=day, by=self._desk.clerk, product=PRODUCT, division=person.division, lender=LENDER,
            contract_no=f"{self._desk.township.code}-{self._number:05}", use=LoanUse.OWN_PRODUCTION, principal=principal,
            rate=RATE, overdue_surcharge=SURCHARGE, method=RepaymentMethod.BULLET, day_count=DayCount.ACTUAL_365,
            first_due_on=months_later(day, 3), period_months=3, final_on=last, household_id=person.household_id,
            person_id=person_id,
        )  # fmt: skip
        signed = contract(ContractContext(command, product, person, context.recorded_on, opened, known_loans(told)))
        unit = SimulatedUnit(self._desk.memory)
        unit.claim(CONTRACT_NO, contract_number(command.lender, command.contract_no), self._family.root.id)
        unit.append(self.stream, *signed)
        self._conclude(unit, lookup)
        self._family.followers.append(self.follow)
        return True

    def enter(self, command: c.Command) -> list[str]:
        """Returns the ids of the facts."""
        lookup, account, context = self._lookup(), self.account, self._context
        assert account.contract is not None
        asked = DecisionContext(
            command, account, partial(edition_of, lookup, account.contract),
            partial(subsidy_terms_of, lookup, account.contract), context.recorded_on, None, self._person,
        )  # fmt: skip
        unit = SimulatedUnit(self._desk.memory)
        ids = unit.append(self.stream, *decide(asked))
        # What happens to the account behind all that the register says changes nothing that follows from it.
        if isinstance(command, c.Annul) or command.on <= self._family.changed_on:
            self._conclude(unit, lookup)
        else:
            unit.finish()
        return list(ids)

    def pay(self, day: date, amount: Decimal) -> str:
        (fact,) = self.enter(c.Repay(**self._money(day, amount)))
        return fact

    def disburse(self, day: date, amount: Decimal) -> None:
        self.enter(c.Disburse(**self._money(day, amount)))

    def subsidise(self, day: date, amount: Decimal) -> None:
        self.enter(c.PaySubsidy(**self._money(day, amount)))

    def reverse(self, day: date, payment: str) -> None:
        """The bank took it back."""
        self.enter(
            c.Annul(loan_id=self.id, on=day, by=self._desk.clerk, facts=(payment,), reason=LoanAnnulment.REVERSED)
        )

    def follow(self) -> None:
        """What follows from what the register has learned."""
        self._conclude(SimulatedUnit(self._desk.memory), self._lookup())

    def new_reviews(self) -> Mapping[str, Review]:
        """Opened since the last time, and decided by nobody."""
        found = {id_: r for id_, r in self.account.reviews.items() if r.decided is None and id_ not in self._seen}
        self._seen.update(found)
        return found

    def decide_review(self, day: date, review: str, opened: Review) -> None:
        """Who owes it: the borrower goes on; of who died another adult of the household, where there is one."""
        if review not in self.account.reviews:
            return  # taken back with what it followed from
        outcome, debtor = LoanReviewOutcome.GOES_ON, None
        if opened.opened.reason is LoanReviewReason.BORROWER_DIED:
            there = (m.id for m in self._family.adults(day.year))
            debtor = next((m for m in there if self._person(m, day).household_id is not None), None)
            outcome = LoanReviewOutcome.BORNE if debtor is None else LoanReviewOutcome.OTHER_DEBTOR
        self.enter(
            c.DecideReview(
                loan_id=self.id, on=day, by=f"decider-{self._desk.township.county}", review=review, outcome=outcome,
                debtor=debtor,
            )
        )  # fmt: skip

    def _conclude(self, unit: SimulatedUnit, lookup: Lookup) -> None:
        about = {signed: self._family.about_person(signed) for signed in _signed(unit.load(self.stream))}
        reconcile_loans(unit.tx, self._family.root.id, about, lookup)
        unit.finish()

    def _person(self, person: UUID, day: date) -> PersonState:
        return person_on(self._family.about_person(person), person, as_of=day)

    def _lookup(self) -> Lookup:
        return self._context.regulations.looked_up_by(ASSISTANCE)

    def _money(self, day: date, amount: Decimal) -> dict[str, Any]:
        voucher = self._desk.next_voucher()
        return {"loan_id": self.id, "on": day, "by": self._desk.clerk, "amount": amount, "voucher": voucher}


def _signed(told: Sequence[Recorded]) -> list[UUID]:
    return sorted({r.fact.person_id for r in told if isinstance(r.fact, LoanContracted) and r.fact.person_id})
