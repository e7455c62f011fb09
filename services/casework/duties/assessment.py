"""How those who owe duties did: for a year's assessment, and for whoever looks after somebody who missed the same twice."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from services.casework.duties.domain import DutyState, Owed
from services.casework.duties.queries import DutyFilter, DutyQueries
from services.chassis.log.store import Store

CHUNK = 500
"""Subjects that are read at once."""
MISSED = frozenset({DutyState.OVERDUE, DutyState.MISSED})


@dataclass(frozen=True, slots=True, order=True)
class Whose:
    """``obliged``: empty for the office."""

    obliged: str
    programme: str
    duty_set: str
    duty: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Assessed:
    """``in_a_row``: how many periods one after the other were missed, of the subject with the most."""

    whose: Whose
    subjects: int
    met: int
    missed: int
    due: int
    in_a_row: int


def assessment(store: Store, queries: DutyQueries, asked: DutyFilter, *, in_a_row: int) -> list[Assessed]:
    """By who owes it, on one snapshot; ``in_a_row``: of those who missed at least so many periods running. Blocking."""
    states: defaultdict[Whose, list[Sequence[DutyState]]] = defaultdict(list)
    with store.snapshot():
        after = UUID(int=0)
        while found := queries.of_subjects(asked, after, CHUNK):
            for each in found:
                for whose, periods in _of_subject(each.duties):
                    states[whose].append([one.state(asked.as_of) for one in periods])
            after = found[-1].subject
    assessed = (_assessed(whose, states[whose]) for whose in sorted(states))
    return [one for one in assessed if one.in_a_row >= in_a_row]


def longest_run(states: Sequence[DutyState]) -> int:
    """``states``: of one subject, in order of the periods; what is due yet ends no run."""
    over = [state in MISSED for state in states if state is not DutyState.DUE]
    return max((sum(1 for _ in run) for missed, run in groupby(over) if missed), default=0)


def _of_subject(duties: Sequence[Owed]) -> Iterator[tuple[Whose, Sequence[Owed]]]:
    found: defaultdict[Whose, list[Owed]] = defaultdict(list)
    for one in duties:
        terms, duty = one.edition.terms, one.duty
        obliged = one.obligation.obliged or ""
        found[Whose(obliged, terms.of_programme, terms.duty_set, duty.key, duty.zh, duty.en)].append(one)
    for whose, periods in found.items():
        yield whose, sorted(periods, key=lambda one: (one.period.end, one.period.start))


def _assessed(whose: Whose, of_subjects: Sequence[Sequence[DutyState]]) -> Assessed:
    every = [state for states in of_subjects for state in states]
    return Assessed(
        whose, len(of_subjects), every.count(DutyState.MET), sum(state in MISSED for state in every),
        every.count(DutyState.DUE), max(map(longest_run, of_subjects), default=0),
    )  # fmt: skip
