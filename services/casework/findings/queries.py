"""Queries of findings: under a division, for any day as known at any instant, each with the facts it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.findings.check_sets import CheckSets
from services.casework.findings.document import Severity
from services.casework.findings.projection import UNTIL_CHANGED
from services.casework.findings.store import Findings
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range


class FindingState(StrEnum):
    """``cleared``: it stood, and the facts no longer bear it out."""

    OPEN = "open"
    ANSWERED = "answered"
    CLEARED = "cleared"


HOLDS = (
    "{row}.valid_from <= %(as_of)s AND {row}.valid_to > %(as_of)s"
    " AND {row}.known_from < %(known_at)s AND {row}.known_to >= %(known_at)s"
)
"""The row that answers (as_of, known_at); ``known_at`` is exclusive."""
ANSWER = (
    "SELECT answered_on, answered_by FROM finding_answers a WHERE a.finding_id = f.finding_id AND a.grounds = f.grounds"
    " AND a.answered_on >= f.valid_since AND a.answered_at >= f.known_since AND a.answered_at < %(known_at)s"
    " ORDER BY answered_at DESC LIMIT 1"
)
"""The latest answer to a finding on these grounds, given since it has stood without a break."""
COLUMNS = (
    "f.finding_id, f.subject, f.household_id, areas.division, f.rule, f.about, f.grounds, f.edition, f.severity,"
    " f.owner_level, f.owner_role, f.raised_on, f.due_by, f.valid_from, f.valid_to, f.known_to, a.answered_on, a.answered_by"
)


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """``cleared``: of what no longer stands, the row that was the last to hold."""

    finding_id: UUID
    subject: UUID
    household_id: UUID | None
    division: str
    rule: str
    about: list[UUID]
    grounds: str
    edition: str
    severity: Severity
    owner_level: Level
    owner_role: Role
    raised_on: date
    due_by: date
    valid_from: date
    valid_to: date
    known_to: datetime
    answered_on: date | None
    answered_by: str | None
    cleared: bool

    @property
    def state(self) -> FindingState:
        if self.cleared:
            return FindingState.CLEARED
        return FindingState.OPEN if self.answered_on is None else FindingState.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    """``division``: prefix within the caller's area; ``state``: ``None`` for all that stands."""

    division: str
    as_of: date
    known_at: datetime
    rule: str | None = None
    state: FindingState | None = None
    severity: Severity | None = None
    subject: UUID | None = None
    finding_id: UUID | None = None


class FindingQueries:
    """Blocking reads. ``areas``: SQL of the relation (subject, division) of where each subject is today, or was last."""

    def __init__(self, store: Store, sets: CheckSets, areas: str) -> None:
        self._store, self.sets = store, sets
        self._from = (
            f"FROM {sets.relation} f JOIN ({areas}) areas USING (subject) LEFT JOIN LATERAL ({ANSWER}) a ON true"
        )

    def listed(self, asked: FindingFilter, after: tuple[str, UUID], limit: int) -> list[ListedFinding]:
        """By (division, id), those after this key."""
        cleared = asked.state is FindingState.CLEARED
        where, order = HOLDS.format(row="f"), "division, finding_id"
        if cleared:
            where = (
                "f.known_from < %(known_at)s AND f.valid_from <= %(as_of)s AND NOT EXISTS (SELECT FROM"
                f" {self.sets.relation} n WHERE n.finding_id = f.finding_id AND {HOLDS.format(row='n')})"
            )
            order = "division, finding_id, f.known_from DESC, f.valid_from DESC"
        for name in ("rule", "severity", "subject", "finding_id"):
            if getattr(asked, name) is not None:
                where += f" AND f.{name} = %({name})s"
        if asked.state in (FindingState.OPEN, FindingState.ANSWERED):
            where += f" AND a.answered_on IS {'NOT ' if asked.state is FindingState.ANSWERED else ''}NULL"
        low, high = code_range(asked.division)
        params = {
            "as_of": asked.as_of, "known_at": asked.known_at, "rule": asked.rule, "severity": asked.severity,
            "subject": asked.subject, "finding_id": asked.finding_id, "low": low, "high": high, "division": after[0], "after": after[1],
            "limit": limit,
        }  # fmt: skip
        sql = (
            f"SELECT {'DISTINCT ON (division, finding_id)' if cleared else ''} {COLUMNS}, {cleared} AS cleared {self._from}"
            f" WHERE division >= %(low)s AND division < %(high)s AND (division, f.finding_id) > (%(division)s, %(after)s)"
            f" AND {where} ORDER BY {order} LIMIT %(limit)s"
        )
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ListedFinding)) as cur:
            return cur.execute(sql.encode(), params).fetchall()

    def one(self, finding_id: UUID, actor: Actor, as_of: date, known_at: datetime) -> ListedFinding:
        """What stands, or else what was cleared. Raises ``NOT_FOUND``, outside the actor's area as well."""
        for state in (None, FindingState.CLEARED):
            asked = FindingFilter(
                division=actor.division, as_of=as_of, known_at=known_at, finding_id=finding_id, state=state
            )
            if found := self.listed(asked, ("", UUID(int=0)), 1):
                return found[0]
        raise Refused(NOT_FOUND)

    def answerable(self, finding_id: UUID) -> tuple[Findings[Any], UUID]:
        """Among which findings it is, and its subject. Raises ``NOT_FOUND`` for a finding that never was."""
        sql = f"SELECT rule, subject FROM {self.sets.relation} f WHERE finding_id = %s LIMIT 1"
        with self._store.reading() as conn:
            row = conn.execute(sql.encode(), (finding_id,)).fetchone()
        if row is None:
            raise Refused(NOT_FOUND)
        return self.sets.of(row[0]), row[1]

    def explained(
        self, found: Sequence[ListedFinding], as_of: date, known_at: datetime, area: str
    ) -> list[tuple[ListedFinding, Message, list[str]]]:
        """Each with its explanation to whoever has this area, and the ids of the facts it rests on, or rested on when it stood
        last."""

        def read(tx: Tx) -> list[tuple[ListedFinding, Message, list[str]]]:
            return [(f, self._explanation(tx, f, area), self._rests_on(tx, f, as_of, known_at)) for f in found]

        streams = {s for f in found for s in self.sets.of(f.rule).subjects.streams(f.subject)}
        return self._store.on_snapshot(read, *streams)

    def _explanation(self, tx: Tx, f: ListedFinding, area: str) -> Message:
        return self.sets.of(f.rule).explanation(tx.cur.connection, area, f.rule, f.about, f.grounds)

    def _rests_on(self, tx: Tx, found: ListedFinding, as_of: date, known_at: datetime) -> list[str]:
        findings = self.sets.of(found.rule)
        facts = findings.subjects.facts(tx, found.subject)
        day = max(found.valid_from, min(as_of, found.valid_to - timedelta(1)))
        timeline = findings.checks.timeline(found.subject, facts, day, min(known_at, found.known_to))
        return [r.id for r in timeline if findings.checks.rules[found.rule].rests_on(found.about, r.fact)]


def flagged(sets: CheckSets, subject: str, today: date) -> str:
    """SQL of whether something that stands about this subject (an SQL name) today is unanswered."""
    literals = {
        "%(as_of)s": f"DATE '{today.isoformat()}'",
        "%(known_at)s": f"TIMESTAMPTZ '{UNTIL_CHANGED.isoformat()}'",
    }
    sql = (
        f"EXISTS (SELECT FROM {sets.relation} f LEFT JOIN LATERAL ({ANSWER}) a ON true WHERE f.subject = {subject}"
        f" AND {HOLDS.format(row='f')} AND a.answered_on IS NULL)"
    )
    for name, literal in literals.items():
        sql = sql.replace(name, literal)
    return sql


def standing_now(today: date) -> dict[str, Any]:
    """Parameters of ``HOLDS`` for what is believed now."""
    return {"as_of": today, "known_at": UNTIL_CHANGED}
