"""Unanswered findings as entries of the inbox."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.findings import rules
from services.casework.findings.queries import ANSWER, HOLDS, FindingQueries, standing_now
from services.casework.findings.store import is_owner
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.refusals import Refused
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

KIND = (
    "CASE WHEN NOT (owner_level = %(level)s AND owner_role = ANY(%(roles)s)) THEN 'waiting'"
    " WHEN due_by < %(as_of)s THEN 'overdue' ELSE 'due' END"
)


class FindingInbox:
    """Implements ``InboxSource``. ``service``: whose paths acts have."""

    def __init__(self, service: str, store: Store, areas: str, queries: FindingQueries) -> None:
        self._service, self._store, self._queries = service, store, queries
        self._open = (
            f"SELECT f.finding_id, {KIND} AS kind, f.raised_on AS since, f.due_by, areas.division, f.subject,"
            " f.household_id, f.rule, f.about, f.grounds, f.owner_level, f.owner_role"
            f" FROM {queries.sets.relation} f JOIN ({areas}) areas USING (subject) LEFT JOIN LATERAL ({ANSWER}) a ON true"
            f" WHERE {HOLDS.format(row='f')} AND a.answered_on IS NULL AND division >= %(low)s AND division < %(high)s"
        )

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            f"SELECT * FROM ({self._open}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, finding_id::text) > (%(since)s, %(id)s) ORDER BY since, finding_id::text LIMIT %(limit)s"
        )
        params = {**_params(asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), params).fetchall()
            return [self._entry(row, asked, conn) for row in rows]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT kind, count(*) FROM ({self._open}) e GROUP BY kind"
        with self._store.reading() as conn:
            return {EntryKind(kind): count for kind, count in conn.execute(sql.encode(), _params(asked))}

    def _entry(self, row: Sequence[Any], asked: Asked, conn: Connection) -> InboxEntry:
        finding_id, kind, since, due_by, division, subject, household_id, rule, about, grounds, level, role = row
        why = self._queries.sets.of(rule).explanation(conn, asked.actor.division, rule, about, grounds)
        refused = (
            None
            if is_owner(asked.actor, level, role)
            else Refused(rules.ANOTHER_OFFICE, level=Level(level), role=Role(role))
        )
        return InboxEntry(
            id=str(finding_id), kind=EntryKind(kind), since=since, due_by=due_by, division=division, subject=subject,
            household_id=household_id, why=why, act=self._act(finding_id), refused=refused,
            details={"finding_id": finding_id, "rule": rule},
        )  # fmt: skip

    def _act(self, finding_id: UUID) -> Act:
        return Act("answer_finding", "POST", f"/{self._service}/findings/{finding_id}/answers")


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {
        **standing_now(asked.today), "level": asked.actor.level, "roles": sorted(asked.actor.roles), "low": low,
        "high": high,
    }  # fmt: skip
