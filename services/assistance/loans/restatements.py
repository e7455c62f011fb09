"""How one loan was restated between two days of knowledge: each figure, due day, quarter and movement that is otherwise, and the facts
learned in between. Pure; yuan."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from contracts.facts import Recorded
from contracts.selection import known, timeline
from services.assistance.loans.answers import LoanStatementAnswer
from services.assistance.loans.schedule_answers import LoanScheduleAnswer
from services.assistance.loans.statements import statement
from services.assistance.loans.subsidies import SubsidyTerms, accounting
from services.casework.ledgers.domain import Book, book_of, differences
from services.casework.ledgers.money import yuan_of

FIGURES = (
    "rate", "final_on", "disbursed", "principal", "debt", "arrears", "overdue_since", "overdue_days", "penalty", "advance",
    "claims", "subsidy_due", "subsidy_paid", "subsidy_returned",
    "subsidy_overpaid", "dividends", "jobs",
)  # fmt: skip
"""Of the statement; in its order."""
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What was known of the loan at the end of a day. ``terms``: of the subsidy, by the product's paper as it was known then."""

    known_on: date
    before: datetime
    terms: SubsidyTerms


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was otherwise: ``of`` names it, by day where it has one."""

    of: str
    earlier: str | None
    later: str | None


@dataclass(frozen=True, slots=True)
class Movement:
    """What an account moved by on a day. ``facts``: learned in between that take effect by then, which can have made the difference."""

    on: date
    account: str
    earlier: Decimal
    later: Decimal
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restatement:
    """``learned``: in the order in which it was recorded; ``terms_changed``: the subsidy's paper was another."""

    learned: Sequence[Recorded]
    terms_changed: bool
    figures: Sequence[Change]
    instalments: Sequence[Change]
    subsidies: Sequence[Change]
    movements: Sequence[Movement]


def restated(told: Sequence[Recorded], day: date, earlier: Knowledge, later: Knowledge) -> Restatement:
    """``told``: all facts of the loan, by position."""
    sides = [_Side(told, day, each) for each in (earlier, later)]
    learned = [r for r in told if earlier.before <= r.recorded_at < later.before and _took_effect(r, told) <= day]
    before, after = sides

    def of(read: Callable[[_Side], Mapping[str, object]]) -> list[Change]:
        return [Change(name, _text(was), _text(now)) for name, was, now in _unlike(read(before), read(after))]

    return Restatement(
        learned,
        earlier.terms != later.terms,
        of(_Side.figures),
        of(_Side.instalments),
        of(_Side.subsidies),
        [
            Movement(
                each.on, each.account, yuan_of(each.before), yuan_of(each.after),
                tuple(r.id for r in learned if _took_effect(r, told) <= each.on),
            )
            for each in differences(before.book, after.book)
        ],
    )  # fmt: skip


class _Side:
    """The loan as known then."""

    def __init__(self, told: Sequence[Recorded], day: date, knowledge: Knowledge) -> None:
        counted = timeline(known(told, knowledge.before), as_of=day)
        self._loan: LoanStatementAnswer | None = statement(counted, day, knowledge.known_on, knowledge.terms)
        self.book: Book = book_of(told, accounting(day, knowledge.terms), as_of=day, known_at=knowledge.before)

    def figures(self) -> dict[str, object]:
        return {} if self._loan is None else {name: getattr(self._loan, name) for name in FIGURES}

    def instalments(self) -> dict[str, object]:
        """What is to be paid on each due day, of the past and to come."""
        found: dict[str, Decimal] = {}
        for row in [] if self._loan is None else LoanScheduleAnswer.of(self._loan).rows:
            found[str(row.due_on)] = found.get(str(row.due_on), NOTHING) + row.to_pay
        return dict(found)

    def subsidies(self) -> dict[str, object]:
        return {} if self._loan is None else {str(each.quarter): each.amount for each in self._loan.subsidies}


def _took_effect(recorded: Recorded, told: Iterable[Recorded]) -> date:
    """An annulment works from the earliest day of what it annuls."""
    annulled = {*recorded.fact.annuls}
    days = [_took_effect(r, told) for r in told if r.id in annulled and r.position < recorded.position]
    return min(days, default=recorded.fact.effective_on)


def _unlike(earlier: Mapping[str, object], later: Mapping[str, object]) -> Iterator[tuple[str, object, object]]:
    for name in dict.fromkeys((*earlier, *later)):
        was, now = earlier.get(name), later.get(name)
        if was != now:
            yield name, was, now


def _text(value: object) -> str | None:
    return None if value is None else str(value)
