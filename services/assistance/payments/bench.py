"""The money bench: what was returned and is not paid again, and entries of the inbox for every hand. Blocking."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, LiteralString
from uuid import UUID

from psycopg import Cursor
from psycopg.rows import dict_row

from services.assistance.messages import say
from services.assistance.payments.domain import NEXT_ACT
from services.assistance.payments.domain_lines import PayListStage
from services.assistance.payments.ledger import Ledger
from services.assistance.payments.paying_places import PAGE
from services.assistance.payments.queries import NUMBERS
from services.assistance.payments.quotas import CUT_OFF_DAY
from services.assistance.payments.returns import PAID_AGAIN, Outstanding
from services.casework.documents.reading import Documents
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.log.snapshot import Connection
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

RETURNED_LINES: LiteralString = (
    "SELECT r.list_id, r.number AS line, p.division, p.programme, l.unit, l.household_id, l.component, l.period_from, l.period_to,"
    " l.occasion, l.amount, r.cause, r.returned_on FROM payment_returns r JOIN payment_lines l USING (list_id, number)"
    f" JOIN pay_lists p USING (list_id) WHERE NOT {PAID_AGAIN}"
)
RETURNS: LiteralString = (
    f"SELECT e.*, (SELECT actor FROM log WHERE notification_id = (SELECT compiled_at FROM pay_lists c WHERE c.list_id = e.list_id))"
    f" AS caller FROM ({RETURNED_LINES}) e WHERE starts_with(division, %(division)s)"
    " AND programme = coalesce(%(programme)s, programme) AND (returned_on, list_id, line) > (%(day)s, %(list)s, %(line)s)"
    " ORDER BY returned_on, list_id, line LIMIT %(limit)s"
)
OF_LIST: LiteralString = f"{RETURNED_LINES} AND p.list_id = %s ORDER BY r.number"
WAITING = (
    "SELECT list_id, since, division, programme, stage, reissues, last_day, lines, total, 0 AS returned FROM pay_lists"
    " WHERE stage NOT IN ('instructed', 'withdrawn') OR pending_lines > 0"
    " UNION ALL SELECT p.list_id, max(r.returned_on), p.division, p.programme, 'returned', p.reissues, NULL, p.lines, sum(l.amount),"
    " count(*) FROM payment_returns r JOIN payment_lines l USING (list_id, number) JOIN pay_lists p USING (list_id)"
    f" WHERE NOT {PAID_AGAIN} GROUP BY p.list_id"
    " UNION ALL SELECT p.list_id, p.since, p.division, p.programme, 'held', p.reissues, NULL, count(*)::int, sum(l.amount), 0"
    " FROM pay_lists p JOIN payment_lines l USING (list_id) WHERE p.stage = 'instructed' AND p.pending_lines = 0"
    " AND p.held <> '{}' AND l.live"
    " AND l.number = ANY(p.held) GROUP BY p.list_id"
)
IN_AREA = "division >= %(low)s AND division < %(high)s"
RETURNED, HELD = "returned", "held"


class MoneyBench:
    def __init__(self, store: Store, documents: Documents, ledger: Ledger) -> None:
        self._store, self._documents, self._ledger = store, documents, ledger

    def returns(
        self, division: str, programme: str | None, today: date, after: tuple[date, UUID, int], limit: int
    ) -> list[dict[str, Any]]:
        lookup = self._documents.current()
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            outstanding = Outstanding(conn, self._ledger, today)
            found = list(islice(outstanding.of(_returns(cur, division, programme, after)), limit))
            numbers = NUMBERS(conn, {row["household_id"] for row in found if row["household_id"] is not None})
        for row in found:
            row["national_no"] = numbers.get(row["household_id"])
            row["cut_off"] = next_cut_off(today, lookup.at(CUT_OFF_DAY, today, row["division"]).count)
            row["act"] = "reissue_payments"
        return found


def _returns(
    cur: Cursor[dict[str, Any]], division: str, programme: str | None, after: tuple[date, UUID, int]
) -> Iterator[dict[str, Any]]:
    """Page by page, as far as they are asked for."""
    while True:
        asked = {
            "division": division, "programme": programme, "day": after[0], "list": after[1], "line": after[2], "limit": PAGE,
        }  # fmt: skip
        page = cur.execute(RETURNS, asked).fetchall()
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1]["returned_on"], page[-1]["list_id"], page[-1]["line"]


def next_cut_off(today: date, day: int) -> date:
    """The next day of a month by which the platform takes files; today, where it is that."""
    if today.day <= day:
        return today.replace(day=day)
    return (today.replace(day=28) + timedelta(days=4)).replace(day=day)


class PaymentInbox:
    """Implements ``InboxSource``: each list waits for the hand whose act is next, and for its returns to be paid again."""

    def __init__(self, service: str, store: Store, ledger: Ledger, refusal: Any) -> None:
        self._service, self._store, self._ledger, self._refusal = service, store, ledger, refusal

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        if asked.kind not in (None, EntryKind.DUE):
            return []
        found: list[InboxEntry] = []
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            while rows := self._waiting(cur, asked, after, limit):
                found += [self._entry(row, asked.actor) for row in rows if self._waits(conn, row, asked.today)]
                if len(found) >= limit or len(rows) < limit:
                    break
                after = rows[-1]["since"], rows[-1]["id"]
        return found[:limit]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        sql = f"SELECT stage, list_id FROM ({WAITING}) e WHERE {IN_AREA}"
        with self._store.reading() as conn, conn.cursor(row_factory=dict_row) as cur:
            rows = cur.execute(sql.encode(), _params(asked)).fetchall()
            return {EntryKind.DUE: sum(self._waits(conn, row, asked.today) for row in rows)}

    def _waiting(
        self, cur: Cursor[dict[str, Any]], asked: Asked, after: tuple[date, str], limit: int
    ) -> list[dict[str, Any]]:
        sql = (
            f"SELECT *, list_id || '/' || stage AS id FROM ({WAITING}) e WHERE {IN_AREA}"
            " AND (since, list_id || '/' || stage) > (%(since)s, %(id)s) ORDER BY since, list_id || '/' || stage"
            " LIMIT %(limit)s"
        )
        params = {**_params(asked), "since": after[0], "id": after[1], "limit": limit}
        return cur.execute(sql.encode(), params).fetchall()

    def _waits(self, conn: Connection, row: Mapping[str, Any], today: date) -> bool:
        """Whether anything of a list that came back is still to be paid again; the others do wait."""
        if row["stage"] != RETURNED:
            return True
        with conn.cursor(row_factory=dict_row) as cur:
            lines = cur.execute(OF_LIST, (row["list_id"],)).fetchall()
        return next(Outstanding(conn, self._ledger, today).of(lines), None) is not None

    def _entry(self, row: Mapping[str, Any], actor: Actor) -> InboxEntry:
        stage, path = row["stage"], f"/{self._service}/pay-lists/{row['list_id']}"
        act = act_of(stage, path, is_reissue=row["reissues"] is not None)
        refused: Refused | None = self._refusal(act.operation, actor)
        return InboxEntry(
            id=row["id"], kind=EntryKind.DUE, since=row["since"], due_by=row["last_day"] if stage == PayListStage.POSTED else None,
            division=row["division"], subject=row["list_id"], household_id=None, why=_why(row), act=act, refused=refused,
            details={"list_id": row["list_id"], "programme": row["programme"], "total": row["total"]},
        )  # fmt: skip


PATHS = {
    "post_pay_list": "postings", "verify_pay_list": "verifications", "release_payments": "releases",
    "hand_over_payments": "handovers", "import_payment_results": "results",
}  # fmt: skip


def act_of(stage: str, path: str, *, is_reissue: bool) -> Act:
    if stage == RETURNED:
        return Act("reissue_payments", "POST", f"{path}/reissues")
    if stage == HELD:
        return Act("free_payment_lines", "POST", f"{path}/frees")
    operation, _ = NEXT_ACT[
        PayListStage.VERIFIED if is_reissue and stage == PayListStage.COMPILED else PayListStage(stage)
    ]
    return Act(operation, "POST", f"{path}/{PATHS[operation]}")


def _why(row: Mapping[str, Any]) -> Message:
    figures = {"lines": row["lines"], "total": str(row["total"])}
    if row["stage"] == RETURNED:
        return say("payments_returned", lines=row["returned"], total=str(row["total"]))
    if row["stage"] == HELD:
        return say("payments_held", **figures)
    if row["stage"] == PayListStage.INSTRUCTED:
        return say("payments_pending", **figures)
    return say("pay_list_waits", stage=LABELS.code(PayListStage(row["stage"])), **figures)


def _params(asked: Asked) -> dict[str, Any]:
    low, high = code_range(asked.division)
    return {"low": low, "high": high}
