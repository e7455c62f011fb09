"""Open clues as entries of the inbox: due and overdue for the office that owes what comes next, escalated for those above once
that has been overdue for so long, waiting for everybody else in the area."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.registry.clues import ClueSource
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range
from services.registry.clues.document import Term, editions
from services.registry.clues.domain import ClueState
from services.registry.clues.queries import DUE_BY
from services.registry.clues.rules import CLUE_OFFICE
from services.registry.messages import say

OWED_KIND = (
    "CASE WHEN o.mine THEN CASE WHEN {due} < %(today)s THEN 'overdue' ELSE 'due' END"
    " WHEN {due} + o.after_days < %(today)s THEN 'escalated' ELSE 'waiting' END"
)
OPEN = (
    f"SELECT c.clue_id, {OWED_KIND.format(due=f'({DUE_BY})')} AS kind, c.received_on AS since, {DUE_BY} AS due_by,"
    " c.division, c.household_id, c.state, c.source, c.receipt_no, c.document FROM clues c"
    " JOIN unnest(%(o_document)s::text[], %(o_state)s::text[], %(o_mine)s::boolean[], %(o_after_days)s::int[])"
    "  AS o (of_document, of_state, mine, after_days) ON o.of_document = c.document AND o.of_state = c.state"
    " WHERE c.ended_on IS NULL AND c.division >= %(low)s AND c.division < %(high)s"
)


class ClueInbox:
    """Implements ``InboxSource``."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            f"SELECT * FROM ({OPEN}) e WHERE (%(kind)s::text IS NULL OR kind = %(kind)s)"
            " AND (since, clue_id::text) > (%(since)s, %(id)s) ORDER BY since, clue_id::text LIMIT %(limit)s"
        )
        owed = self._owed()
        params = {**_params(owed, asked), "kind": asked.kind, "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            return [_entry(row, owed, asked.actor) for row in conn.execute(sql.encode(), params).fetchall()]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT kind, count(*) FROM ({OPEN}) e GROUP BY kind"
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), _params(self._owed(), asked))
            return {EntryKind(kind): count for kind, count in rows}

    def _owed(self) -> Mapping[tuple[str, ClueState], Term]:
        """By edition and state, what is owed next."""
        return {
            (id_, state): of
            for id_, handling in editions(self._documents.current()).items()
            for state, of in ((ClueState.RECEIVED, handling.acceptance), (ClueState.ACCEPTED, handling.ending))
        }


def answers_for(owed: Term, actor: Actor) -> bool:
    """Whether it is this office's own to do."""
    return actor.level is owed.office.level and actor.has(*owed.office.roles)


def shown_after(owed: Term, actor: Actor) -> int | None:
    return next((e.after_days for e in owed.escalation if e.level is actor.level), None)


def _params(owed: Mapping[tuple[str, ClueState], Term], asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {
        "low": low, "high": high, "today": asked.today,
        "o_document": [document for document, _ in owed],
        "o_state": [state.value for _, state in owed],
        "o_mine": [answers_for(of, asked.actor) for of in owed.values()],
        "o_after_days": [shown_after(of, asked.actor) for of in owed.values()],
    }  # fmt: skip


def _entry(row: Sequence[Any], owed: Mapping[tuple[str, ClueState], Term], actor: Actor) -> InboxEntry:
    clue_id, kind, since, due_by, division, household_id, state, source, receipt_no, document = row
    office = owed[document, ClueState(state)].office
    path = f"/registry/clues/{clue_id}"
    if state == ClueState.RECEIVED:
        why, act = say("clue_to_accept", receipt=receipt_no), Act("accept_clue", "POST", f"{path}/acceptances")
    elif household_id is None:
        why = say("clue_to_record", receipt=receipt_no)
        act = Act("record_clue_household", "POST", f"{path}/households", {"division": division})
    else:
        why = say("clue_to_take_up", receipt=receipt_no)
        form = {"subject": str(household_id), "clue_id": str(clue_id)}
        act = Act("open_case", "POST", "/registry/cases", form)
    refused = None if office.is_held_by(actor.roles, actor.level) else Refused(
        CLUE_OFFICE, level=office.level, role=office.role
    )  # fmt: skip
    return InboxEntry(
        id=str(clue_id), kind=EntryKind(kind), since=since, due_by=due_by, division=division,
        subject=household_id or clue_id, household_id=household_id, why=why, act=act, refused=refused,
        details={"clue_id": clue_id, "source": ClueSource(source), "receipt_no": receipt_no},
    )  # fmt: skip
