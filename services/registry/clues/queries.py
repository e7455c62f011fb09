"""Clues, as the table says. Blocking."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from psycopg.rows import class_row

from contracts.registry import clues as c
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range
from services.registry.clues.domain import ClueState


@dataclass(frozen=True, slots=True)
class ListedClue:
    """A row of the table."""

    clue_id: UUID
    receipt_no: str
    source: c.ClueSource
    channel: c.ReportChannel | None
    department: c.Department | None
    item: c.AlertItem | None
    reference: str | None
    division: str
    received_in: str
    household_id: UUID | None
    received_on: date
    document: str
    accept_by: date | None
    end_by: date
    state: ClueState
    accepted_on: date | None
    refused_for: c.ClueRefusalReason | None
    answer: c.ClueAnswer | None
    duplicate_of: UUID | None
    case_id: UUID | None
    ended_on: date | None

    @property
    def late_acceptance(self) -> bool | None:
        """Whether it was accepted, or refused, after the last day for that; ``None`` while it is open, or needs none."""
        if self.accept_by is None or self.accepted_on is None:
            return None
        return self.accepted_on > self.accept_by

    @property
    def late_ending(self) -> bool | None:
        """Likewise of its end."""
        return None if self.ended_on is None else self.ended_on > self.end_by


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueFilter:
    """``division``: a prefix within the caller's area; ``equal``: columns and their values, none for any; ``overdue_on``: only
    those that are open on this day although the last day of what comes next is over."""

    division: str
    equal: Mapping[str, object] = field(default_factory=dict)
    overdue_on: date | None = None


DUE_BY = "CASE WHEN state = 'received' THEN accept_by ELSE end_by END"
FILTERS = ("state", "source", "household_id")


class ClueQueries:
    def __init__(self, store: Store) -> None:
        self._store = store

    def clue(self, clue_id: UUID, actor: Actor) -> ListedClue:
        """Raises ``NOT_FOUND`` outside the area of the village that it is in."""
        found = self._select("clue_id = %(clue)s", {"clue": clue_id, "limit": 1})
        if not found or not actor.covers(found[0].division):
            raise Refused(NOT_FOUND)
        return found[0]

    def of_receipt(self, receipt_no: str, actor: Actor) -> ListedClue:
        """Raises ``NOT_FOUND`` where neither the village nor the office that gave the receipt is in the actor's area."""
        for found in self._select("receipt_no = %(receipt)s", {"receipt": receipt_no, "limit": 2}):
            if actor.covers(found.division) or actor.covers(found.received_in):
                return found
        raise Refused(NOT_FOUND)

    def clues(self, asked: ClueFilter, after: UUID, limit: int) -> list[ListedClue]:
        """Of an area, by id."""
        low, high = code_range(asked.division)
        params: dict[str, object] = {"low": low, "high": high, "after": after, "limit": limit}
        where = "division >= %(low)s AND division < %(high)s AND clue_id > %(after)s"
        for column in FILTERS:
            if (value := asked.equal.get(column)) is not None:
                where += f" AND {column} = %({column})s"
                params[column] = value
        if asked.overdue_on is not None:
            where += f" AND ended_on IS NULL AND {DUE_BY} < %(today)s"
            params["today"] = asked.overdue_on
        return self._select(where, params)

    def _select(self, where: str, params: Mapping[str, object]) -> list[ListedClue]:
        sql = f"SELECT * FROM clues WHERE {where} ORDER BY clue_id LIMIT %(limit)s"
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(ListedClue)) as cur:
            return cur.execute(sql.encode(), params).fetchall()
