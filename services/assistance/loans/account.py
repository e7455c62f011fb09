"""A loan's account as a decision looks at it: any day, also of what the decision would add. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar
from uuid import UUID

from contracts.assistance import loans as facts
from contracts.facts import Fact, Recorded
from contracts.selection import surviving
from services.assistance.loans.course import Course, course_of
from services.casework.ledgers.money import fen_of

F = TypeVar("F", bound=Fact)


def of_loan(told: Iterable[Recorded], loan_id: UUID) -> list[Recorded]:
    """The facts of one loan among those of its borrower, and what annuls facts of several."""
    return [
        r for r in told
        if getattr(r.fact, "loan_id", None) == loan_id or isinstance(r.fact, facts.LoanConsequencesAnnulled)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    opened: facts.LoanReviewOpened
    decided: facts.LoanReviewDecided | None


@dataclass(frozen=True)
class Account:
    """``told``: all facts of one loan, by position."""

    told: Sequence[Recorded]

    @cached_property
    def standing(self) -> list[Recorded]:
        """Those that count, in the order of the timeline."""
        return surviving(self.told)

    @property
    def contracted(self) -> Recorded | None:
        return next((r for r in self.standing if isinstance(r.fact, facts.LoanContracted)), None)

    @property
    def contract(self) -> facts.LoanContracted | None:
        return next(iter(self.of(facts.LoanContracted)), None)

    def of(self, kind: type[F]) -> list[F]:
        return [r.fact for r in self.standing if isinstance(r.fact, kind)]

    @property
    def reviews(self) -> "dict[str, Review]":
        """Those that stand, by the id of what opened them."""
        decided = {fact.review: fact for fact in self.of(facts.LoanReviewDecided)}
        return {
            r.id: Review(r.fact, decided.get(r.id)) for r in self.standing if isinstance(r.fact, facts.LoanReviewOpened)
        }

    @property
    def debtor(self) -> UUID | None:
        """Who owes it, where a person does: the one who signed, or by the last review another."""
        owing = [each.decided.debtor for each in self.reviews.values() if each.decided and each.decided.debtor]
        if owing:
            return owing[-1]
        return None if self.contract is None else self.contract.person_id

    def through(self, day: date) -> Course | None:
        """At the end of that day, as known now."""
        return course_of((r for r in self.standing if r.fact.effective_on <= day), day)

    def at_last(self, today: date) -> Course | None:
        """Today, or on the day of whatever is told of a later one."""
        return self.through(max([today, *(r.fact.effective_on for r in self.standing)]))

    def with_(self, *new: Fact) -> "Account":
        """As it would be with these told, too."""
        last = self.told[-1]
        added = [
            Recorded(
                last.log, last.position + n, last.stream, last.version + n, last.recorded_at, last.command_id,
                fact.entered_by, fact, b"",
            )
            for n, fact in enumerate(new, start=1)
        ]  # fmt: skip
        return Account([*self.told, *added])

    @property
    def first_disbursed_on(self) -> date | None:
        return min((fact.effective_on for fact in self.of(facts.LoanDisbursed)), default=None)

    def subsidy_paid(self, day: date) -> int:
        """Fen, through that day; what was returned is not paid."""
        told = [fact for fact in self.of(facts.InterestSubsidyPaid) if fact.effective_on <= day]
        back = [fact for fact in self.of(facts.InterestSubsidyReturned) if fact.effective_on <= day]
        return sum(fen_of(fact.amount) for fact in told) - sum(fen_of(fact.amount) for fact in back)

    @property
    def vouchers(self) -> set[tuple[type[Fact], str]]:
        """Of each kind of entry, of which a lender numbers the vouchers by itself."""
        return {
            (type(r.fact), number_of(v)) for r in self.standing if (v := getattr(r.fact, "voucher", None)) is not None
        }


def number_of(voucher: str) -> str:
    """Without regard to case and spaces: the same slip is typed by several hands."""
    return "".join(voucher.split()).casefold()
