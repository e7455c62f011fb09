"""The findings about helpers, kept from assistance's own log: the facts of one subject stand in the streams of many households."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Cursor

from contracts.facts import Recorded
from services.assistance.findings.domain import CheckedHelper, household_of
from services.assistance.pairs.streams import FOLLOWING_PREFIX
from services.assistance.pairs.view import FOLLOWING_TYPES as TYPES
from services.casework.findings.feed import FindingRows, FindingsView
from services.chassis.log.unit import Tx
from services.chassis.views.subject_reader import SubjectReader

PAIRING_FACTS = (
    "(SELECT l.*, h.helper_id AS subject FROM helpers h"
    " JOIN log l ON l.originator_id = 'pairing-' || h.household_id) AS pairing_facts"
)
HELPERS_OF = b"SELECT DISTINCT helper_id FROM helpers WHERE household_id = ANY(%s)"


@dataclass(frozen=True)
class HelperReader(SubjectReader):
    """The facts of the pairs that follow the register of all households that each helper ever had, by the view ``helpers``."""

    def complete_through(self, cur: Cursor[Any]) -> int:
        row = cur.execute(b"SELECT coalesce(max(notification_id), 0) FROM log", prepare=True).fetchone()
        return int(row[0]) if row else 0

    def ranges(self, cur: Cursor[Any], upto: int, size: int) -> tuple[int, list[tuple[Any, Any]]]:
        """One: helpers are few beside households."""
        row = cur.execute(b"SELECT count(*) FROM helpers").fetchone()
        return int(row[0]) if row else 0, [(str(UUID(int=0)), None)]


@dataclass
class HelperFindingsView(FindingsView):
    """Behind the view ``helpers``, which says whose households are concerned."""

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        households = dict.fromkeys(_households(facts))
        if not households:
            return
        helpers = [row[0] for row in tx.cur.execute(HELPERS_OF, (list(households),), prepare=True)]
        if helpers:
            self.refold(tx.cur, tx.log, helpers)


def _households(facts: Sequence[Recorded]) -> Iterator[UUID]:
    for recorded in facts:
        if recorded.stream.startswith(FOLLOWING_PREFIX) and (household := household_of(recorded.fact)) is not None:
            yield household


def _itself(helper: UUID) -> UUID:
    return helper


def helper_findings_view(rows: FindingRows[CheckedHelper]) -> HelperFindingsView:
    """Keeps ``findings`` and ``checked_subjects``."""
    reader = HelperReader(PAIRING_FACTS, "subject", "notification_id")
    return HelperFindingsView(rows.checks.findings_table, rows.tables, TYPES, reader, _itself, rows)
