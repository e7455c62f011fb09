"""Funds as entries of the inbox: a pledge that is overdue waits for the money."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.casework.ledgers.money import yuan_of
from services.chassis.log.store import Store
from services.chassis.web.areas import code_range
from services.monitoring.access import ACCESS
from services.monitoring.funds.accounting import Account
from services.monitoring.funds.state import fund_from_json
from services.monitoring.funds.store import location_of
from services.monitoring.messages import say

OVERDUE = (
    "SELECT fund_id, due_on + 1 AS since, fund_json, balances FROM funds WHERE division >= %(low)s AND division < %(high)s"
    " AND due_on < %(today)s AND (balances ->> 'pledged')::bigint > 0"
)


class FundInbox:
    """Implements ``InboxSource``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        if asked.kind not in (None, EntryKind.OVERDUE):
            return []
        sql = (
            f"SELECT since, fund_json::text, balances::text FROM ({OVERDUE}) e"
            " WHERE (since, fund_id::text) > (%(since)s, %(id)s) ORDER BY since, fund_id::text LIMIT %(limit)s"
        )
        params = {**_params(asked), "since": after[0], "id": after[1], "limit": limit}
        with self._store.reading() as conn:
            rows = conn.execute(sql.encode(), params).fetchall()
        return [_entry(since, fund, msgspec.json.decode(balances), asked) for since, fund, balances in rows]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        with self._store.reading() as conn:
            row = conn.execute(f"SELECT count(*) FROM ({OVERDUE}) e".encode(), _params(asked)).fetchone()
        return {EntryKind.OVERDUE: row[0]} if row and row[0] else {}


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {"low": low, "high": high, "today": asked.today}


def _entry(since: date, fund_json: str, balances: Mapping[str, int], asked: Asked) -> InboxEntry:
    fund = fund_from_json(fund_json)
    missing = yuan_of(balances[Account.PLEDGED])
    return InboxEntry(
        id=str(fund.fund_id), kind=EntryKind.OVERDUE, since=since, due_by=fund.due_on, division=fund.division,
        subject=fund.fund_id, household_id=None, why=say("fund_pledge_overdue", title=fund.title, missing=missing),
        act=Act("receive_fund", "POST", f"{location_of(fund.fund_id)}/receipts"),
        refused=ACCESS.row("receive_fund").refusal(asked.actor),
        details={"year": fund.year, "missing": [{"line": 1, "amount": f"{missing:f}", "unit": "yuan"}]},
    )  # fmt: skip
