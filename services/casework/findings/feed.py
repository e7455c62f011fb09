"""The views ``findings`` and ``finding_answers``: findings follow from a subject's facts and from the adopted check rules. Each
set of checks has tables of its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic
from uuid import UUID

import msgspec
from psycopg import Cursor

from contracts.casework.findings import FindingAnswered
from contracts.civil import civil_day
from contracts.facts import Recorded
from services.casework.documents.domain import Register
from services.casework.documents.reading import Documents
from services.casework.findings.domain import Checks, FactChecks, Period, S, grounds_said, periods_from
from services.casework.findings.editions import CheckEditions
from services.casework.findings.projection import FindingPeriod, horizon_of, project_findings
from services.casework.findings.store import ANSWERS
from services.chassis.views.subject_reader import SubjectReader
from services.chassis.views.table import Row, Table
from services.chassis.views.view import NOTHING, RowsByKey, StreamSubject, View, view_of_streams

COLUMNS = (
    "subject", "household_id", "finding_id", "rule", "about", "grounds", "edition", "severity", "owner_level",
    "owner_role", "raised_on", "due_by", "valid_from", "valid_to", "known_from", "known_to", "valid_since", "known_since",
)  # fmt: skip
ANSWERED = Table(
    "finding_answers",
    "subject",
    ("answer", "subject", "finding_id", "grounds", "answered_on", "answered_at", "answered_by"),
)


class CurrentEditions:
    """The editions that findings follow from, and the last day looked at, as of when they were asked for last. Another process
    is sent them as of then."""

    def __init__(self, documents: Documents | None, key: str, register: Register | None = None) -> None:
        self._documents, self._key = documents, key
        self.known, self.today = CheckEditions(register or Register(), key), date.min

    def refresh(self) -> None:
        """Blocking."""
        if self._documents is None:
            return
        register, self.today = self._documents.own(), civil_day(self._documents.store.now())
        if register is not self.known.register:
            self.known = CheckEditions(register, self._key)

    def __reduce__(self) -> tuple[Any, ...]:
        self.refresh()
        return _as_of, (self.known, self._key, self.today)


def _as_of(known: CheckEditions, key: str, today: date) -> CurrentEditions:
    sent = CurrentEditions(None, key)
    sent.known, sent.today = known, today
    return sent


@dataclass(frozen=True)
class FindingRows(Generic[S]):
    """Rows of both tables from all facts of a subject, or from what the rules read of it."""

    checks: Checks[S]
    editions: CurrentEditions

    @property
    def tables(self) -> tuple[Table, Table]:
        """What is found, and what the rules read of each subject."""
        return (
            Table(self.checks.findings_table, "subject", COLUMNS),
            Table(self.checks.checked_table, "subject", ("subject", "periods")),
        )

    def __call__(self, subject: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
        assert isinstance(self.checks, FactChecks)
        return self.of_periods(subject, self.checks.periods(subject, facts))

    def of_periods(self, subject: UUID, periods: Sequence[Period[S]]) -> tuple[list[Row], list[Row]]:
        return self.findings(subject, periods), [(subject, msgspec.msgpack.encode(periods))] if periods else []

    def findings(self, subject: UUID, periods: Sequence[Period[S]]) -> list[Row]:
        horizon = horizon_of(self.editions.today)
        found = project_findings(self.checks, subject, periods, self.editions.known, horizon)
        return [self._row(subject, period) for period in found]

    def findings_again(self, subject: UUID, periods: bytes | None) -> list[Row]:
        """From the ``periods`` of ``checked_subjects``."""
        return [] if periods is None else self.findings(subject, periods_from(self.checks, periods))

    def __reduce__(self) -> tuple[Any, ...]:
        return FindingRows, (self.checks, self.editions)

    def _row(self, subject: UUID, period: FindingPeriod) -> Row:
        found, terms = period.found, period.found.terms
        return (
            subject, subject if self.checks.of_households else None, found.finding_id, str(found.rule),
            list(found.ground.about), period.grounds, found.edition, str(terms.severity), str(terms.owner.level),
            str(terms.owner.role), period.raised_on, period.due_by, period.valid_from, period.valid_to,
            period.known_from, period.known_to, period.valid_since, period.known_since,
        )  # fmt: skip


@dataclass
class FindingsView(View[UUID]):
    """Its rows follow from documents too: from those that are known when it folds."""

    def refold(
        self, cur: Cursor[Any], own: str, keys: Sequence[Any], upto: int | None = None, *, known: RowsByKey = NOTHING
    ) -> int:
        """As ``View.refold``."""
        assert isinstance(self.fold, FindingRows)
        self.fold.editions.refresh()
        return super().refold(cur, own, keys, upto, known=known)


def findings_view(rows: FindingRows[S], prefix: str, types: frozenset[str], relevant: frozenset[str]) -> FindingsView:
    """Keeps the two tables of a set of checks for the subjects whose streams begin so. ``types``, ``relevant``: see ``View``."""
    assert isinstance(rows.checks, FactChecks)
    subject = StreamSubject(prefix, UUID)
    reader = SubjectReader("log", "originator_id", "originator_version", None, prefix)
    return FindingsView(
        rows.checks.findings_table,
        rows.tables,
        types,
        reader,
        subject,
        rows,
        relevant,
        rows.checks.reads,
        subject.key_of,
    )


def answers_view() -> View[UUID]:
    """Keeps ``finding_answers``."""
    types = frozenset({FindingAnswered.type_name})
    return view_of_streams("finding_answers", (ANSWERED,), types, ANSWERS, UUID, _answer_rows)


def _answer_rows(subject: UUID, facts: Iterable[Recorded]) -> tuple[list[Row]]:
    return (
        [
            (r.id, subject, r.fact.finding.finding_id, grounds_said(r.fact.finding), r.fact.effective_on, r.recorded_at,
             r.fact.entered_by)
            for r in facts
            if isinstance(r.fact, FindingAnswered)
        ],
    )  # fmt: skip
