"""What needs attention as entries of the inbox."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance.inbox import Reaction
from contracts.assistance.loans import LoanReviewReason
from services.assistance.inbox.domain import Attention
from services.assistance.messages import say
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import RULES
from services.chassis.log.store import Store
from services.chassis.security.access_table import AccessTable
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

KINDS = {
    Attention.REACTION_REFUSED: EntryKind.REFUSED,
    Attention.OVERPAID_REVIEW: EntryKind.DUE,
    Attention.LOAN_REVIEW: EntryKind.DUE,
    Attention.LOAN_TO_CONTRACT: EntryKind.DUE,
}
OPEN = (
    "FROM inbox i JOIN households h USING (household_id)"
    " WHERE h.division >= %(low)s AND h.division < %(high)s AND i.attention = ANY(%(attentions)s)"
    " AND (i.attention <> 'overpaid_review' OR EXISTS (SELECT FROM payment_lines l WHERE l.live"
    " AND l.unit = coalesce(i.person_id, i.household_id) AND l.programme = i.details->>'programme'))"
)
"""Of whom nothing was paid, nothing need be reviewed."""


Owed = Callable[[UUID, str, date], Decimal]
"""Yuan of a programme that a unit was paid and is not due, of which nobody has planned how it comes back."""


NOTHING = Decimal("0.00")


class AssistanceInbox:
    """Implements ``InboxSource``. What was due and is so no longer waits for somebody as far as it was paid."""

    def __init__(self, service: str, store: Store, access: AccessTable, owed: Owed) -> None:
        self._service, self._store, self._access, self._owed = service, store, access, owed

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        sql = (
            "SELECT i.entry, i.attention, i.since, h.division, household_id, i.person_id, i.details"
            f" {OPEN} AND (i.since, i.entry) > (%(since)s, %(entry)s) ORDER BY i.since, i.entry LIMIT %(limit)s"
        )
        found: list[InboxEntry] = []
        while True:
            params = {**_params(asked), "since": after[0], "entry": after[1], "limit": limit}
            with self._store.reading() as conn:
                rows = conn.execute(sql.encode(), params).fetchall()
            for entry, attention, since, division, household, person, details in rows:
                owed = self._owed_by(attention, household, person, details, asked)
                if owed is not NOTHING:
                    told = details if owed is None else {**details, "owed": str(owed)}
                    row = (entry, attention, since, division, household, person, told)
                    found.append(self._entry(row, asked.actor))
            if len(found) >= limit or len(rows) < limit:
                return found[:limit]
            after = rows[-1][2], rows[-1][0]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT i.attention, household_id, i.person_id, i.details {OPEN}"
        with self._store.reading() as conn:
            found = conn.execute(sql.encode(), _params(asked)).fetchall()
        return Counter(
            KINDS[Attention(row[0])]
            for row in found
            if self._owed_by(row[0], row[1], row[2], row[3], asked) is not NOTHING
        )

    def _owed_by(
        self, attention: str, household: UUID, person: UUID | None, details: Mapping[str, Any], asked: Asked
    ) -> Decimal | None:
        """Of a review what was paid and is not due; ``NOTHING`` where that is all dealt with. ``None`` of what is no review."""
        if attention != Attention.OVERPAID_REVIEW:
            return None
        return self._owed(person or household, details["programme"], asked.today) or NOTHING

    def _entry(self, row: Sequence[Any], actor: Actor) -> InboxEntry:
        entry, attention, since, division, household_id, person_id, details = row
        act = _act(Attention(attention), entry, household_id, person_id, details)
        return InboxEntry(
            id=entry, kind=KINDS[Attention(attention)], since=since, due_by=None, division=division,
            subject=person_id or household_id, household_id=household_id, why=_why(Attention(attention), details),
            act=act and replace(act, path=f"/{self._service}{act.path}"),
            refused=None if act is None else self._access.row(act.operation).refusal(actor), details=details,
        )  # fmt: skip


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    attentions = [str(attention) for attention, kind in KINDS.items() if asked.kind in (None, kind)]
    return {"low": low, "high": high, "attentions": attentions}


def _act(
    attention: Attention, entry: str, household: UUID, person: UUID | None, details: Mapping[str, Any]
) -> Act | None:
    """By its operation and its path within the service; what has no act is settled elsewhere."""
    if attention is Attention.LOAN_REVIEW:
        return Act("decide_loan_review", "POST", f"/loans/{details['loan_id']}/review-decisions", {"review": entry})
    if attention is Attention.OVERPAID_REVIEW:
        return Act(
            "plan_recovery",
            "POST",
            f"/payments/units/{person or household}/recovery-plans",
            {"programme": details["programme"]},
        )
    if attention is Attention.LOAN_TO_CONTRACT:
        form = {"case_id": details["loan_id"], "household_id": household, "person_id": person}
        return Act("contract_loan", "POST", "/loans", {**form, "product": details["product"], "use": details["use"]})
    return None


def _why(attention: Attention, details: Mapping[str, Any]) -> Message:
    match attention:
        case Attention.REACTION_REFUSED:
            rule = RULES[details["rule"]]
            reaction = Reaction(details["reaction"])
            return say("reaction_refused", reaction=LABELS.code(reaction), rule=Message(rule.code, rule.zh, rule.en))
        case Attention.OVERPAID_REVIEW:
            return say("overpaid_review", amount=details["amount"], periods=details["periods"], owed=details["owed"])
        case Attention.LOAN_REVIEW:
            return say("loan_review", reason=LABELS.code(LoanReviewReason(details["reason"])))
        case Attention.LOAN_TO_CONTRACT:
            return say("loan_to_contract", amount=details["amount"], months=details["months"])
