"""The sweep: every night, and whenever the check rules in force become others, the findings about every subject are made again
and what differs is put right.

It reads what the rules read of each subject (``checked_subjects``), not the log; a portion of subjects is a transaction of its
own that remembers how far it came, so it is resumed where it broke off, and done twice it changes nothing. It holds nobody up:
only where something differs it takes the consumer's cursor for a moment, and never the lock of those who append.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import structlog

from services.casework.findings.domain import S
from services.casework.findings.feed import FindingRows
from services.chassis.ground.background import Background
from services.chassis.ground.unreachable import UNREACHABLE
from services.chassis.log.store import Store
from services.chassis.views.table import Row

PORTION = 1_000
"""Subjects of one transaction: some hundred milliseconds."""
POLL = 5.0
"""Seconds between two looks whether a sweep is due."""

BEGUN = b"INSERT INTO finding_sweep (checks) VALUES (%s) ON CONFLICT DO NOTHING"
STATE = b"SELECT day, documents, after, finished FROM finding_sweep WHERE checks = %s"
TURN = STATE + b" FOR UPDATE SKIP LOCKED"
ADVANCE = b"UPDATE finding_sweep SET day = %s, documents = %s, after = %s, finished = %s WHERE checks = %s"
SUBJECTS = "SELECT subject, periods FROM {} WHERE subject > %s ORDER BY subject LIMIT %s"
THESE = "SELECT subject, periods FROM {} WHERE subject = ANY(%s)"
THERE = "SELECT {} FROM {} WHERE subject > %s AND (%s::uuid IS NULL OR subject <= %s)"
HOLD = b"SELECT FROM cursors WHERE consumer = %s ORDER BY log FOR UPDATE"
"""Of every log: findings may follow from another service's facts as well."""
NIL_ID = UUID(int=0)

log = structlog.get_logger("lika.findings")


@dataclass(frozen=True, slots=True)
class Portion:
    """``subjects`` that were looked at, of which so many were ``corrected``; ``finished``: that was the last portion."""

    subjects: int
    corrected: int
    finished: bool


class FindingsSweep(Background):
    """Over the subjects of one set of checks. Several processes may run it: one of them has its turn at a time."""

    def __init__(self, store: Store, rows: FindingRows[S], portion: int = PORTION) -> None:
        self._key = rows.checks.key
        super().__init__(f"{store.name}-{self._key}-findings-sweep")
        self._store, self._rows, self._portion = store, rows, portion
        self._findings, checked = rows.tables
        self._subjects, self._these = (sql.format(checked.name).encode() for sql in (SUBJECTS, THESE))
        self._there = THERE.format(", ".join(self._findings.columns), self._findings.name).encode()

    def run(self) -> None:
        while not self._halt.is_set():
            try:
                portion = self.step()
            except UNREACHABLE as away:
                log.warning("sweep_waits", service=self._store.name, kind=type(away).__name__)
                portion = None
            except Exception as unexpected:  # noqa: BLE001 - a dead thread would go unnoticed
                log.error("sweep_failing", service=self._store.name, kind=type(unexpected).__name__)
                portion = None
            if portion is None:
                self._halt.wait(POLL)

    def step(self) -> Portion | None:
        """The next portion; ``None`` where no sweep is due, or another process sweeps."""
        editions = self._rows.editions
        editions.refresh()
        due = editions.today, editions.known.register.version
        with self._store.reading() as conn:
            state = conn.execute(STATE, (self._key,)).fetchone()
            if state is None:
                conn.execute(BEGUN, (self._key,))
            elif _is_over(state, due):
                return None
            with conn.transaction():
                return self._next(conn, due)

    def _next(self, conn: "psycopg.Connection[Any]", due: tuple[date, int]) -> Portion | None:
        state = conn.execute(TURN, (self._key,)).fetchone()
        if state is None or _is_over(state, due):
            return None
        after = state[2] if state[:2] == due and state[2] is not None else NIL_ID
        portion, last = self._sweep(conn, after)
        conn.execute(ADVANCE, (*due, last, portion.finished, self._key))
        if portion.finished:
            log.info("findings_swept", service=self._store.name, checks=self._key)
        return portion

    def _sweep(self, conn: "psycopg.Connection[Any]", after: UUID) -> tuple[Portion, UUID]:
        found: list[tuple[UUID, bytes]] = conn.execute(self._subjects, (after, self._portion), prepare=True).fetchall()
        finished = len(found) < self._portion
        last = found[-1][0] if found else after
        # Behind the last subject nothing may be left of any other.
        until = None if finished else last
        there: dict[UUID, list[Row]] = {}
        for row in conn.execute(self._there, (after, until, until), prepare=True).fetchall():
            there.setdefault(row[0], []).append(row)
        here, made = dict(found), dict[UUID, list[Row]]()
        for subject in dict.fromkeys((*here, *there)):
            rows = self._rows.findings_again(subject, here.get(subject))
            if rows != (standing := there.get(subject, [])) and sorted(rows) != sorted(standing):
                made[subject] = rows
        if made:
            self._correct(conn, made, here)
        return Portion(len(found), len(made), finished), last

    def _correct(
        self, conn: "psycopg.Connection[Any]", made: Mapping[UUID, list[Row]], made_of: Mapping[UUID, bytes]
    ) -> None:
        """While the consumers, which write these rows too, wait: what differed may have been its work."""
        conn.execute(HOLD, (self._store.name,))
        with conn.cursor() as cur:
            now = dict(cur.execute(self._these, (list(made),)).fetchall())
            rows = [
                rows
                if now.get(subject) == made_of.get(subject)
                else self._rows.findings_again(subject, now.get(subject))
                for subject, rows in made.items()
            ]
            self._findings.replace(cur, [*made], (row for of_one in rows for row in of_one))


def _is_over(state: Sequence[Any] | None, due: tuple[date, int]) -> bool:
    return state is not None and state[3] and (state[0], state[1]) == due
