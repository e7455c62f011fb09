"""What needs attention as entries of the inbox."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from contracts.assistance.inbox import Reaction
from services.assistance.inbox.domain import Attention
from services.assistance.messages import say
from services.casework.inbox.entries import Asked, EntryKind, InboxEntry
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import RULES
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range

KINDS = {
    Attention.REACTION_REFUSED: EntryKind.REFUSED,
    Attention.OVERPAID_REVIEW: EntryKind.DUE,
}
OPEN = (
    "FROM inbox i JOIN households h USING (household_id)"
    " WHERE h.division >= %(low)s AND h.division < %(high)s AND i.attention = ANY(%(attentions)s)"
)


class AssistanceInbox:
    """Implements ``InboxSource``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            "SELECT i.entry, i.attention, i.since, h.division, household_id, i.person_id, i.details"
            f" {OPEN} AND (i.since, i.entry) > (%(since)s, %(entry)s) ORDER BY i.since, i.entry LIMIT %(limit)s"
        )
        params = {**_params(asked), "since": after[0], "entry": after[1], "limit": limit}
        with self._store.reading() as conn:
            return [_entry(row) for row in conn.execute(sql.encode(), params)]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT i.attention, count(*) {OPEN} GROUP BY i.attention"
        with self._store.reading() as conn:
            found = conn.execute(sql.encode(), _params(asked)).fetchall()
        return Counter({KINDS[Attention(attention)]: count for attention, count in found})


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    attentions = [str(attention) for attention, kind in KINDS.items() if asked.kind in (None, kind)]
    return {"low": low, "high": high, "attentions": attentions}


def _entry(row: Sequence[Any]) -> InboxEntry:
    entry, attention, since, division, household_id, person_id, details = row
    return InboxEntry(
        id=entry, kind=KINDS[Attention(attention)], since=since, due_by=None, division=division,
        subject=person_id or household_id, household_id=household_id, why=_why(Attention(attention), details), act=None,
        details=details,
    )  # fmt: skip


def _why(attention: Attention, details: Mapping[str, Any]) -> Message:
    match attention:
        case Attention.REACTION_REFUSED:
            rule = RULES[details["rule"]]
            reaction = Reaction(details["reaction"])
            return say("reaction_refused", reaction=LABELS.code(reaction), rule=Message(rule.code, rule.zh, rule.en))
        case Attention.OVERPAID_REVIEW:
            return say("overpaid_review", amount=details["amount"], periods=details["periods"])
