"""The findings about risks, kept from the copies of the register's facts and from assistance's own log: what a household is
monitored for stands in the one, and its measures in the other. Each log has a consumer of its own, so that one waits for the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

from contracts.assistance.measures import MeasuresFact
from contracts.facts import PUBLISHED, Recorded
from services.assistance.findings.risks.domain import CheckedRisks, households_of
from services.assistance.measures.domain import stream_of
from services.casework.findings.domain import FactChecks
from services.casework.findings.feed import FindingRows, FindingsView
from services.casework.people.domain import FOLLOWED_TYPES
from services.casework.people.view import REGISTRY
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.unit import Tx
from services.chassis.views.subject_reader import Row, SubjectReader
from services.chassis.views.view import NOTHING, RowsByKey

MEASURE_TYPES = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, MeasuresFact))
ONE_AT_A_TIME = b"SELECT pg_advisory_xact_lock(hashtextextended('risk_findings', 0))"
"""Until the transaction ends: whoever comes second reads what the first has recorded."""
MEASURES = f"""
SELECT {COLUMNS}, substr(originator_id, length('measures-') + 1)::uuid, true FROM log WHERE originator_id = ANY(%s)
ORDER BY originator_id, originator_version
"""
PORTION = 500
"""Households whose measures are read at a time."""
OF_MEASURE = 10
"""So many columns has a row of assistance's own log; one of the register has no mark behind its subject."""


class RiskReader(SubjectReader):
    """The register's facts about each household, and behind them those about its measures."""

    def read(
        self, conn: Connection[Any], keys: Sequence[Any], upto: int | None = None, topics: Sequence[str] | None = None
    ) -> list[Row]:
        rows = super().read(conn, keys, upto, topics)
        return rows if topics is not None else list(self._with_measures(conn, rows))

    def read_range(self, conn: Connection[Any], low: Any, high: Any, upto: int) -> Iterator[Row]:
        by_household = groupby(super().read_range(conn, low, high, upto), key=itemgetter(self.key_at))
        while portion := [row for _, rows in islice(by_household, PORTION) for row in rows]:
            yield from self._with_measures(conn, portion)

    def _with_measures(self, conn: Connection[Any], rows: Sequence[Row]) -> Iterator[Row]:
        """``rows``: household by household."""
        households = {row[self.key_at]: stream_of(row[self.key_at]) for row in rows}
        with conn.cursor(binary=True) as cur:
            cur.execute(MEASURES.encode(), (list(households.values()),), prepare=True)
            measures = {of: list(told) for of, told in groupby(cur.fetchall(), key=itemgetter(self.key_at))}
        for household, told in groupby(rows, key=itemgetter(self.key_at)):
            yield from told
            yield from measures.get(household, ())


@dataclass
class RiskFindingsView(FindingsView):
    """Behind the view ``households``, in the order of the register's log."""

    def refold(
        self, cur: Cursor[Any], own: str, keys: Sequence[Any], upto: int | None = None, *, known: RowsByKey = NOTHING
    ) -> int:
        """As ``View.refold``. Both consumers come here."""
        cur.execute(ONE_AT_A_TIME)
        return super().refold(cur, own, keys, upto, known=known)

    def rows(
        self, own: str, key: Any, rows: Iterable[Row], of_ancestors: Iterable[Row] = ()
    ) -> Sequence[Iterable[Row]] | None:
        """As ``View.rows``. Who was never monitored is none of this view's subjects."""
        made = super().rows(own, key, rows, of_ancestors)
        return made if made is not None and made[1] else None

    def _read(self, own: str, rows: Iterable[Row]) -> Iterator[Recorded]:
        for row in rows:
            if len(row) < OF_MEASURE:
                yield from super()._read(own, (row,))
            else:
                yield decode_row(own, row[:8])


@dataclass
class MeasuresOfRisks:
    """Has the findings made again of each household about whose measures something is recorded."""

    findings: RiskFindingsView

    name = "measures_of_risks"
    types = MEASURE_TYPES
    appends = False

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        self.findings.refold(tx.cur, tx.log, households_of(facts))


def _itself(household: UUID) -> UUID:
    return household


def risk_findings_view(rows: FindingRows[CheckedRisks]) -> RiskFindingsView:
    """Keeps ``risk_findings`` and ``risk_checked_subjects``."""
    assert isinstance(rows.checks, FactChecks)
    reader = RiskReader("copies", "subject", "notification_id", REGISTRY)
    return RiskFindingsView(
        rows.checks.findings_table, rows.tables, FOLLOWED_TYPES, reader, _itself, rows,
        is_relevant=rows.checks.reads, key_of=_itself,
    )  # fmt: skip
