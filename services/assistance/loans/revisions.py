"""What a loan's account comes to for any day as known at any instant, as few rows: pure.

What falls due is known from the contract on and depends on no payment; what was paid is a sum that grows. Of both, each row
holds the days and the sums through them. A fact told in order lengthens the last row; one told late, one that changes what
falls due, and an annulment close it and begin another.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate, groupby
from operator import attrgetter
from uuid import UUID

from contracts.assistance.loans import LoanContracted, LoanJobsCreated, LoanOfficeChanged
from contracts.facts import Recorded
from contracts.selection import surviving
from services.assistance.loans.account import of_loan
from services.assistance.loans.course import Course, course_of
from services.casework.ledgers.domain import Posting

OF_FUND = "fund_claims"
CLAIMS = (OF_FUND, "lender_claims")
SETTLED = ("principal", "interest_due")


@dataclass(frozen=True, slots=True)
class Sums:
    """Through a day: paid on instalments or waiting for them, principal outstanding, compensated and not recovered, of that by the
    risk fund; fen. ``jobs``: that the business gives, as told last."""

    on: date
    paid: int
    balance: int
    claims: int
    fund_claims: int = 0
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class Office:
    division: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """``known``: since when each of the sums is known; ``dues``: fen that fell due through each day."""

    contract: LoanContracted
    known_from: datetime
    known_until: datetime | None
    dues: tuple[tuple[date, int], ...]
    sums: tuple[Sums, ...]
    known: tuple[datetime, ...]
    offices: tuple[Office, ...]


def revisions(told: Sequence[Recorded], loan_id: UUID) -> Iterator[Revision]:
    """``told``: all facts of the borrower."""
    kept: Revision | None = None
    known = list[Recorded]()
    by_position = sorted(of_loan(told, loan_id), key=attrgetter("position"))
    for instant, recorded in groupby(by_position, attrgetter("recorded_at")):
        known += recorded
        found = _as_known(known, instant)
        if found is None or (kept is not None and _adds_to(kept, found)):
            if found is not None and kept is not None:
                kept = replace(found, known_from=kept.known_from, known=_known(kept, found, instant))
            elif kept is not None:
                yield replace(kept, known_until=instant)
                kept = None
            continue
        if kept is not None:
            yield replace(kept, known_until=instant)
        kept = found
    if kept is not None:
        yield kept


def _adds_to(kept: Revision, found: Revision) -> bool:
    """Whether nothing that was known is otherwise now."""
    same = (kept.contract, kept.dues, kept.offices) == (found.contract, found.dues, found.offices)
    return same and found.sums[: len(kept.sums)] == kept.sums


def _known(kept: Revision, found: Revision, instant: datetime) -> tuple[datetime, ...]:
    return (*kept.known, *(instant for _ in found.sums[len(kept.sums) :]))


def _as_known(known: Sequence[Recorded], instant: datetime) -> Revision | None:
    told = surviving(known)
    last = max((r.fact.effective_on for r in told), default=date.min)
    contract = next((r.fact for r in told if isinstance(r.fact, LoanContracted)), None)
    if contract is None:
        return None
    course = course_of(told, max(last, contract.final_on))
    assert course is not None
    course.go_on(course.final_on)
    sums = tuple(_sums(course, _jobs(told)))
    return Revision(
        contract, instant, None, _dues(course), sums, tuple(instant for _ in sums), _offices(contract, told)
    )


def _dues(course: Course) -> tuple[tuple[date, int], ...]:
    by_day = [(on, sum(i.amount for i in of_day)) for on, of_day in groupby(course.instalments, attrgetter("due_on"))]
    return tuple(zip((on for on, _ in by_day), accumulate(fen for _, fen in by_day), strict=True))


def _sums(course: Course, jobs: Mapping[date, int]) -> Iterator[Sums]:
    """``jobs``: by the day on which they were counted, each day's last."""
    sums, moved = Sums(course.contract.effective_on, 0, 0, 0), defaultdict[date, list[Posting]](list)
    for entry in course.entries:
        moved[entry.on] += entry.postings
    for on in sorted({*moved, *jobs}):
        of_day = moved.get(on, ())
        settled = -sum(p.fen for p in of_day if p.account in SETTLED and p.fen < 0)
        waiting = -sum(p.fen for p in of_day if p.account == "advances")
        after = Sums(
            on,
            sums.paid + settled + waiting,
            sums.balance + sum(p.fen for p in of_day if p.account == "principal"),
            sums.claims + sum(p.fen for p in of_day if p.account in CLAIMS),
            sums.fund_claims + sum(p.fen for p in of_day if p.account == OF_FUND),
            jobs.get(on, sums.jobs),
        )
        if replace(after, on=sums.on) != sums:
            yield after
            sums = after


def _jobs(told: Iterable[Recorded]) -> dict[date, int]:
    """``told``: what counts, in the order of the timeline."""
    return {r.fact.effective_on: r.fact.jobs for r in told if isinstance(r.fact, LoanJobsCreated)}


def _offices(contract: LoanContracted, told: Sequence[Recorded]) -> tuple[Office, ...]:
    found = [Office(contract.division, contract.effective_on)]
    for recorded in told:
        fact = recorded.fact
        if isinstance(fact, LoanOfficeChanged) and fact.to_division != found[-1].division:
            found[-1] = replace(found[-1], until=fact.effective_on)
            found.append(Office(fact.to_division, fact.effective_on))
    return tuple(found)
