"""The calendar of duties: by the month of their last day, how many there are of a kind, and how they stand."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from services.casework.duties.domain import DutyState
from services.casework.duties.queries import DutyFilter, DutyQueries
from services.chassis.log.store import Store

CHUNK = 500
"""Subjects that are read at once."""


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """``month``: "2014-07"."""

    month: str
    programme: str
    duty_set: str
    duty: str
    zh: str
    en: str
    state: DutyState


@dataclass(frozen=True, slots=True)
class Counted:
    """``subjects``: to how many these duties are owed."""

    kind: Kind
    duties: int
    subjects: int


def calendar(store: Store, queries: DutyQueries, asked: DutyFilter) -> tuple[list[Counted], int]:
    """All that ``asked`` selects, on one snapshot; by month, kind and state; and how far the log was then. Blocking."""
    duties, subjects = Counter[Kind](), Counter[Kind]()
    with store.snapshot():
        position = store.position()
        after = UUID(int=0)
        while found := queries.of_subjects(asked, after, CHUNK):
            for each in found:
                of_subject = Counter(
                    Kind(
                        one.period.end.strftime("%Y-%m"), one.edition.terms.of_programme, one.edition.terms.duty_set,
                        one.duty.key, one.duty.zh, one.duty.en, one.state(asked.as_of),
                    )
                    for one in each.duties
                )  # fmt: skip
                duties.update(of_subject)
                subjects.update(of_subject.keys())
            after = found[-1].subject
    return [Counted(kind, duties[kind], subjects[kind]) for kind in sorted(duties)], position
