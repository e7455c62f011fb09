"""Open moves as entries of the inbox: of the side that is to answer, and of the one that waits. What is not answered in time
is shown to the receiving side's next office above, one level after another."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.registry.divisions import Level
from contracts.roles import Role
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.refusals import FORBIDDEN, Refused
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.registry.deadlines import MOVE_DAYS_PER_LEVEL
from services.registry.messages import say
from services.registry.moves.queries import TOUCHES

LEVELS_ABOVE = (Level.TOWNSHIP, Level.COUNTY, Level.CITY, Level.PROVINCE)
RECEIVES = "starts_with(m.to_division, %(area)s)"
OPEN = (
    f"SELECT m.move_id, m.household_id, CASE WHEN {RECEIVES} THEN m.to_division ELSE m.from_division END AS division,"
    f" m.from_division, m.to_division, m.proposed_on AS since, m.answer_by, {RECEIVES} AS receives,"
    f" CASE WHEN NOT {RECEIVES} OR NOT %(enters)s THEN 'waiting'"
    " WHEN %(waits)s::int IS NULL THEN CASE WHEN m.answer_by < %(today)s THEN 'overdue' ELSE 'due' END"
    " WHEN m.answer_by + %(waits)s::int < %(today)s THEN 'escalated' ELSE 'waiting' END AS kind"
    f" FROM move_proposals m WHERE m.outcome IS NULL AND {TOUCHES}"
)
"""``waits``: for how many days after the last one an office leaves it to those below; none for the village."""


class MoveInbox:
    """Implements ``InboxSource``."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            f"SELECT * FROM ({OPEN}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, move_id::text) > (%(since)s, %(id)s) ORDER BY since, move_id::text LIMIT %(limit)s"
        )
        params = {**self._params(asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            return [_entry(row, asked) for row in conn.execute(sql.encode(), params).fetchall()]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT kind, count(*) FROM ({OPEN}) e GROUP BY kind"
        with self._store.reading() as conn:
            return {EntryKind(kind): count for kind, count in conn.execute(sql.encode(), self._params(asked))}

    def _params(self, asked: Asked) -> dict[str, Any]:
        (low, high), level = code_range(asked.division), asked.actor.level
        days = self._documents.current().at(MOVE_DAYS_PER_LEVEL, asked.today, asked.actor.division).count
        return {
            "low": low, "high": high, "area": asked.actor.division, "today": asked.today,
            "waits": LEVELS_ABOVE.index(level) * days if level in LEVELS_ABOVE else None,
            "enters": asked.actor.has(Role.CADRE),
        }  # fmt: skip


def _entry(row: Sequence[Any], asked: Asked) -> InboxEntry:
    move_id, household_id, division, former, there, since, answer_by, receives, kind = row
    act, part = ("accept_move", "acceptances") if receives else ("withdraw_move", "withdrawals")
    places = {"former": former, "there": there}
    why = say("move_to_accept", **places) if receives else say("move_waits", **places)
    return InboxEntry(
        id=str(move_id), kind=EntryKind(kind), since=since, due_by=answer_by, division=division, subject=household_id,
        household_id=household_id, why=why,
        act=Act(act, "POST", f"/registry/moves/{move_id}/{part}"),
        refused=None if asked.actor.has(Role.CADRE) else Refused(FORBIDDEN, roles=[Role.CADRE]),
        details={"move_id": move_id, "from_division": former, "to_division": there},
    )  # fmt: skip
