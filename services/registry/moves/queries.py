"""Proposed moves, for both sides. The receiving side learns no more of the household than its number until it accepts."""

from uuid import UUID

from psycopg.rows import class_row

from contracts.registry.moves import MoveProposed
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range
from services.registry.moves.domain import fold, stream_of
from services.registry.moves.forms import MoveAnswer

SELECT = (
    "SELECT m.*, (SELECT p.national_no FROM household_periods p WHERE p.household_id = m.household_id"
    " ORDER BY p.known_to DESC, p.valid_to DESC LIMIT 1) AS national_no FROM move_proposals m"
)
TOUCHES = "(m.to_division >= %(low)s AND m.to_division < %(high)s OR m.from_division >= %(low)s AND m.from_division < %(high)s)"


class MoveQueries:
    """Blocking reads; endpoints run them in a worker thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def proposed(self, move_id: UUID) -> MoveProposed:
        """Raises ``NOT_FOUND``."""
        move = fold(self._store.stream(stream_of(move_id)))
        if move is None:
            raise Refused(NOT_FOUND)
        return move.proposed

    def move(self, move_id: UUID, actor: Actor) -> MoveAnswer:
        """Raises ``NOT_FOUND`` where neither side is in the actor's area."""
        found = self._select("m.move_id = %(move)s", {"move": move_id, "limit": 1})
        if not found or not (actor.covers(found[0].to_division) or actor.covers(found[0].from_division)):
            raise Refused(NOT_FOUND)
        return found[0]

    def moves(self, division: str, is_open: bool | None, after: UUID, limit: int) -> list[MoveAnswer]:
        """Of which one side is under a division, by id."""
        low, high = code_range(division)
        where = f"{TOUCHES} AND m.move_id > %(after)s"
        if is_open is not None:
            where += f" AND m.outcome IS {'' if is_open else 'NOT '}NULL"
        return self._select(where, {"low": low, "high": high, "after": after, "limit": limit})

    def _select(self, where: str, params: dict[str, object]) -> list[MoveAnswer]:
        sql = f"{SELECT} WHERE {where} ORDER BY m.move_id LIMIT %(limit)s"
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(MoveAnswer)) as cur:
            return cur.execute(sql.encode(), params).fetchall()
