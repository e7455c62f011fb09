"""Opening balances of a county that wait for another person of it, and their annulments, as entries of its inbox."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.registry.divisions import Level
from contracts.registry.opening_balances import OpeningAnnulmentProposed, OpeningBalanceProposed
from services.casework.directory.store import accounts_of
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.procedures.approval_rules import OWN_ENTRY
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.access_table import AccessTable
from services.registry.messages import say
from services.registry.opening_balances.domain import fold, stream_of


class OpeningBalanceInbox:
    """Implements ``InboxSource``. A county has one stream, of a handful of facts. ``access``: who approves."""

    def __init__(self, store: Store, access: AccessTable) -> None:
        self._store, self._access = store, access

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        found = [
            entry for entry in self._all(asked) if asked.kind in (None, entry.kind) and (entry.since, entry.id) > after
        ]
        return sorted(found, key=lambda entry: (entry.since, entry.id))[:limit]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        kinds = [entry.kind for entry in self._all(asked)]
        return {kind: kinds.count(kind) for kind in set(kinds)}

    def _all(self, asked: Asked) -> Sequence[InboxEntry]:
        """Of the county's own office alone: nobody else approves."""
        county = asked.division
        if asked.actor.level is not Level.COUNTY or county != asked.actor.division:
            return []

        def read(tx: Tx) -> Sequence[InboxEntry]:
            return list(_waiting(county, tx, asked, self._access))

        return self._store.on_snapshot(read, stream_of(county))


def _waiting(county: str, tx: Tx, asked: Asked, access: AccessTable) -> Iterator[InboxEntry]:
    state, mine = fold(tx.load(stream_of(county))), accounts_of(tx, asked.actor.subject)
    for balance in state.awaiting:
        why, path = say("opening_balance_waits", day=balance.effective_on), "approvals"
        act = Act("approve_opening_balance", "POST", _at(county, path), {"balance_id": balance.balance_id})
        yield _entry(balance, balance.balance_id, why, act, asked, mine, access)
    for annulment in state.annulments_awaiting:
        why, path = say("opening_annulment_waits", day=annulment.effective_on), "annulment-approvals"
        act = Act("approve_opening_annulment", "POST", _at(county, path), {"annulment_id": annulment.annulment_id})
        yield _entry(annulment, annulment.annulment_id, why, act, asked, mine, access)


def _at(county: str, path: str) -> str:
    return f"/registry/opening-balances/{county}/{path}"


def _entry(
    proposed: OpeningBalanceProposed | OpeningAnnulmentProposed, id_: UUID, why: Message, act: Act, asked: Asked,
    mine: frozenset[str], access: AccessTable,
) -> InboxEntry:  # fmt: skip
    """Due for whoever may approve; waiting for another person, to who proposed it or has not that post."""
    own = Refused(OWN_ENTRY) if proposed.entered_by in mine else None
    refused = access.row(act.operation).refusal(asked.actor) or own
    return InboxEntry(
        id=f"{stream_of(proposed.county)}.{id_}", kind=EntryKind.DUE if refused is None else EntryKind.WAITING,
        since=proposed.effective_on, due_by=None, division=proposed.county, subject=id_, household_id=None, why=why,
        act=act, refused=refused,
    )  # fmt: skip
