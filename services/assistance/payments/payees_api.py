"""Accounts that hold no longer, over HTTP and in the inbox."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

import anyio
from pydantic import BaseModel

from services.assistance.messages import say
from services.assistance.payments.payees import PayeeCheck, PayeeChecks, PayeeReason
from services.casework.inbox.entries import Act, Asked, EntryKind, InboxEntry
from services.chassis.ground.messages import Message
from services.chassis.ground.refusals import Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import Prefix, narrowed_to_area
from services.chassis.web.callers import CurrentActor
from services.chassis.web.paging import DEFAULT_LIMIT, Cursor, Keyset, Limit, Page
from services.chassis.web.positions import AskedPositions, Waits
from services.chassis.web.routing import DeferredRouter

IN_ORDER = Keyset("payee_checks", date, UUID, str)
NAME = "name_payee"


class PayeeCheckAnswer(BaseModel):
    """``payee``: account holder, none where it is the beneficiary's own account; ``since``: day from which it is so; ``act`` and ``path``:
    by which another is named."""

    unit: UUID
    household_id: UUID | None
    division: str
    payee: UUID | None
    reason: PayeeReason
    since: date
    act: str
    path: str


def payee_checks_router(checks: PayeeChecks, wait_for_positions: Waits) -> DeferredRouter:
    router = DeferredRouter(prefix="/payments", tags=["payments"])

    @router.get("/payee-checks")
    async def list_payee_checks(
        actor: CurrentActor, after: AskedPositions, division: Prefix = "", limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Page[PayeeCheckAnswer]:  # fmt: skip
        """Whose money goes to somebody who has died or lives with them no more, or to an account that was refused twice: before the
        next file fails, too."""
        await wait_for_positions(after)
        area, last = narrowed_to_area(division, actor), IN_ORDER.after(cursor)
        found = await anyio.to_thread.run_sync(checks.of_area, area)
        answers = [_answer(each) for each in found if last is None or each.key > last]
        return IN_ORDER.page(answers[: limit + 1], limit, lambda a: (a.since, a.unit, a.reason.value))

    return router


class PayeeInbox:
    """Implements ``InboxSource``."""

    def __init__(self, service: str, store: Store, refusal: Callable[[str, Actor], Refused | None]) -> None:
        self._service, self._checks, self._refusal = service, PayeeChecks(store), refusal

    def entries(self, asked: Asked, after: tuple[date, str], limit: int) -> Sequence[InboxEntry]:
        found = [self._entry(check, asked.actor) for check in self._asked(asked)]
        later = sorted(
            (each for each in found if (each.since, each.id) > after), key=lambda each: (each.since, each.id)
        )
        return later[:limit]

    def counts(self, asked: Asked) -> Mapping[EntryKind, int]:
        return {EntryKind.DUE: len(self._asked(asked))}

    def _asked(self, asked: Asked) -> Sequence[PayeeCheck]:
        return self._checks.of_area(asked.division) if asked.kind in (None, EntryKind.DUE) else []

    def _entry(self, check: PayeeCheck, actor: Actor) -> InboxEntry:
        answer = _answer(check)
        return InboxEntry(
            id=f"payee/{check.unit}/{check.reason}", kind=EntryKind.DUE, since=check.since, due_by=None,
            division=check.division, subject=check.unit, household_id=check.household_id, why=_why(check.reason),
            act=Act(answer.act, "POST", answer.path), refused=self._refusal(NAME, actor),
            details={"unit": check.unit, "payee": check.payee},
        )  # fmt: skip


def _answer(check: PayeeCheck) -> PayeeCheckAnswer:
    return PayeeCheckAnswer(
        unit=check.unit, household_id=check.household_id, division=check.division, payee=check.payee,
        reason=check.reason, since=check.since, act=NAME, path=f"/assistance/payments/units/{check.unit}/payees",
    )  # fmt: skip


def _why(reason: PayeeReason) -> Message:
    match reason:
        case PayeeReason.HOLDER_DIED:
            return say("payee_holder_died")
        case PayeeReason.HOLDER_LEFT:
            return say("payee_holder_left")
        case PayeeReason.HOLDER_UNKNOWN:
            return say("payee_holder_unknown")
        case PayeeReason.REFUSED_TWICE:
            return say("payee_refused_twice")
