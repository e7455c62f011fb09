"""What the register holds on a county's opening day, and which households differ from the list that was compared as of it. Blocking."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.opening_balances import OpeningBalanceProposed
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.reconciliations import FieldDifference, ReconciliationResult, RegisterReconciled
from services.casework.documents.reading import Documents
from services.casework.workbooks.layout import folded
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.registry.cases.monitoring_kinds import KIND, kinds_from
from services.registry.households.queries import HouseholdQueries
from services.registry.opening_balances.differences import (
    DifferingHousehold,
    LineKey,
    ListedNumber,
    OnRecord,
    OpeningLine,
    Standing,
    asserted_lines,
    differing_households,
    opening_lines,
)
from services.registry.opening_balances.domain import OpeningBalances, fold, stream_of
from services.registry.reconciliations.feed import OF_COMPARISON
from services.registry.reconciliations.matter import NEVER_LISTED

THEN, NOW = (f"(known_from < %({known})s AND known_to >= %({known})s)" for known in ("compared", "known_at"))
ROWS = f"""
SELECT household_id, national_no, division, status, monitoring, monitoring_kind, persons, {THEN}, {NOW}
FROM household_periods
WHERE division >= %(low)s AND division < %(high)s AND valid_from <= %(day)s AND valid_to > %(day)s AND ({THEN} OR {NOW})
    AND ({THEN} <> {NOW} OR household_id = ANY(%(listed)s))
"""
"""Of households whose place in the register became another since the comparison, or of which it found something."""
LISTED = b"""
SELECT subject, household_id, national_no, division, result, persons_there, differences FROM reconciled_households
WHERE reconciliation_id = %s AND result <> 'same'
"""


class OpeningBalanceQueries:
    def __init__(self, store: Store, households: HouseholdQueries, documents: Documents) -> None:
        self._store, self._households, self._documents = store, households, documents

    def county(self, county: str, known_at: datetime) -> OpeningBalances:
        return fold(self._store.stream(stream_of(county)), known_at)

    def lines(
        self, balance: OpeningBalanceProposed, known_at: datetime, differing: Sequence[DifferingHousehold]
    ) -> Sequence[OpeningLine]:
        """Each line as asserted, and as held on the opening day as known then."""
        day, county = balance.effective_on, balance.county
        held = {LineKey("poverty", s): f for s, f in self._households.totals(county, day, known_at).items()}
        monitored = self._households.monitoring_totals(county, day, known_at).items()
        held |= {LineKey("monitoring", status, kind): f for (status, kind), f in monitored}
        return opening_lines(asserted_lines(balance), held, differing)

    def differing(self, balance: OpeningBalanceProposed, known_at: datetime) -> Sequence[DifferingHousehold]:
        """By division and subject; none where no list was compared."""
        if balance.reconciliation_id is None:
            return ()
        facts = self._store.stream(f"{OF_COMPARISON}{balance.reconciliation_id}")
        compared = next((r.recorded_at for r in facts if isinstance(r.fact, RegisterReconciled)), None)
        if compared is None:
            return ()
        with self._store.reading() as conn:
            listed = [_of_list(*row) for row in conn.execute(LISTED, (balance.reconciliation_id,))]
            then, now = _rows(conn, balance, compared, known_at, [x.household_id for x in listed if x.household_id])
        found = differing_households(listed, then, now, self._kinds(balance.effective_on, balance.county))
        return sorted(found, key=lambda h: (h.division, h.subject))

    def _kinds(self, day: date, county: str) -> Mapping[str, str]:
        """What a kind is called → its code."""
        editions = self._documents.current().all_in_force(KIND, day, county)
        return {folded(kind.zh): kind.code for each in editions for kind in each.typed(kinds_from).kinds}


def _of_list(
    subject: UUID, household: UUID | None, number: str, division: str, result: str, persons: int, differences: str
) -> ListedNumber:
    told = {each.field: each.there for each in msgspec.json.decode(differences, type=tuple[FieldDifference, ...])}
    return ListedNumber(
        subject, household, number, division, ReconciliationResult(result), persons, told.get("poverty_status"),
        told.get("monitored_kind"),
    )  # fmt: skip


def _rows(
    conn: Connection, balance: OpeningBalanceProposed, compared: datetime, known_at: datetime, listed: Sequence[UUID]
) -> tuple[Mapping[UUID, OnRecord], Mapping[UUID, OnRecord]]:
    """By household: as known when the list was compared, and as known now."""
    low, high = code_range(balance.county)
    params = {
        "low": low, "high": high, "day": balance.effective_on, "compared": compared, "known_at": known_at,
        "listed": list(listed),
    }  # fmt: skip
    then: dict[UUID, OnRecord] = {}
    now: dict[UUID, OnRecord] = {}
    for household, number, division, status, monitoring, kind, persons, was, still in conn.execute(
        ROWS.encode(), params
    ):
        monitored = None if monitoring is None else MonitoringStatus(monitoring)
        is_ordinary = monitored is None and status in NEVER_LISTED
        standing = None if is_ordinary else Standing(PovertyStatus(status), monitored, kind, persons)
        row = OnRecord(household, number, division, standing)
        if was:
            then[household] = row
        if still:
            now[household] = row
    return then, now
