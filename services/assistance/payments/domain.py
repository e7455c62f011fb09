"""What may be done with a pay-list, and the fact that each act is. Pure: the list as it is known, the day, and sums of its
lines come in; every refusal has its rule."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance import payments as facts
from contracts.facts import Fact
from contracts.roles import Role
from services.assistance.payments import rules
from services.assistance.payments.domain_lines import MAY_FOLLOW, NOTHING, Amounts, LineState, PayList, PayListStage
from services.assistance.payments.domain_quotas import Quota
from services.casework.calendars.day_count import ONE_DAY, DayCount
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import Refused

NEXT_ACT: dict[PayListStage, tuple[str, Role]] = {
    PayListStage.COMPILED: ("post_pay_list", Role.CADRE),
    PayListStage.POSTED: ("verify_pay_list", Role.REVIEWER),
    PayListStage.VERIFIED: ("release_payments", Role.DECIDER),
    PayListStage.RELEASED: ("hand_over_payments", Role.DECIDER),
    PayListStage.INSTRUCTED: ("import_payment_results", Role.DECIDER),
}
"""By which act a list goes on, and whose it is."""
WITH_OTHER_HANDS: dict[type[Fact], frozenset[type[Fact]]] = {
    facts.PayListVerified: frozenset({facts.PayListCompiled, facts.PayListPosted}),
    facts.PaymentsReleased: frozenset({facts.PayListCompiled, facts.PayListPosted, facts.PayListVerified}),
}
"""Act → acts that nobody has done who does it."""


def stream_of(list_id: UUID) -> str:
    return f"pay-list-{list_id}"


def next_step(pay_list: PayList) -> tuple[str, Role] | None:
    if pay_list.is_reissue and pay_list.stage is PayListStage.COMPILED:
        return NEXT_ACT[PayListStage.VERIFIED]
    return NEXT_ACT.get(pay_list.stage)


def require_step(pay_list: PayList, kind: type[Fact], accounts: Iterable[str] = ()) -> None:
    """Raises ``Refused`` where the list is not as far, or somebody with these accounts has a hand in it that they may not
    have."""
    if pay_list.is_reissue and kind is facts.PaymentsReleased:
        allowed = frozenset({PayListStage.COMPILED})
    else:
        allowed = MAY_FOLLOW[kind]
    if pay_list.stage not in allowed or (pay_list.is_reissue and kind is facts.PayListPosted):
        refused = Refused(rules.STEP_NOT_DUE, status=pay_list.stage)
        if (step := next_step(pay_list)) is not None:
            refused.advising(NextStep(step[0], Office((step[1],)), {"list_id": pay_list.list_id}))
        raise refused
    former = WITH_OTHER_HANDS.get(kind, frozenset())
    if any(pay_list.hands.get(account) in former for account in accounts):
        act, role = next_step(pay_list) or ("", Role.DECIDER)
        raise Refused(rules.SAME_HANDS).advising(
            NextStep(act, Office((role,), another_person=True), {"list_id": pay_list.list_id})
        )


def require_in_order(pay_list: PayList, on: date) -> None:
    """An act is not of a day before the one that it goes on from. Raises ``Refused``."""
    if pay_list.since is not None and on < pay_list.since:
        raise Refused(rules.BEFORE_LAST_ACT, since=pay_list.since)


def post(pay_list: PayList, common: dict[str, Any], days: int, count: DayCount) -> facts.PayListPosted:
    """The day of posting does not count."""
    require_step(pay_list, facts.PayListPosted)
    return facts.PayListPosted(**common, days=days, last_day=count.last_day(days, common["effective_on"] + ONE_DAY))


def require_notice_over(pay_list: PayList, on: date) -> None:
    if pay_list.last_day is not None and on <= pay_list.last_day:
        act, role = NEXT_ACT[PayListStage.RELEASED]
        raise Refused(rules.NOTICE_NOT_OVER, last_day=pay_list.last_day).advising(
            NextStep(act, Office((role,)), {"list_id": pay_list.list_id}, first_day=pay_list.last_day + ONE_DAY)
        )


def verify(pay_list: PayList, common: dict[str, Any], accounts: Iterable[str]) -> facts.PayListVerified:
    """The list may be looked through while it hangs; handed over it is only after that."""
    require_step(pay_list, facts.PayListVerified, accounts)
    require_in_order(pay_list, common["effective_on"])
    return facts.PayListVerified(**common)


def release(
    pay_list: PayList,
    common: dict[str, Any],
    accounts: Iterable[str],
    quota: Quota,
    amount: Decimal,
    fund: str,
    order: str,
) -> facts.PaymentsReleased:
    """``amount``: of the lines that were not struck."""
    require_step(pay_list, facts.PaymentsReleased, accounts)
    require_in_order(pay_list, common["effective_on"])
    if amount > quota.left:
        raise Refused(rules.QUOTA_EXCEEDED, granted=quota.granted, reserved=quota.used, amount=amount)
    return facts.PaymentsReleased(**common, quota=quota.granted_by, fund_document=fund, order_no=order, reserved=amount)


def hand_over(
    pay_list: PayList, common: dict[str, Any], amounts: Amounts, voucher_no: str, control: str
) -> facts.PaymentsInstructed:
    require_step(pay_list, facts.PaymentsInstructed)
    require_in_order(pay_list, common["effective_on"])
    require_notice_over(pay_list, common["effective_on"])
    lines = pay_list.to_hand_over()
    if not lines:
        raise Refused(rules.NOTHING_TO_HAND_OVER)
    left = tuple(line for line in pay_list.lines(LineState.LISTED) if line in pay_list.held)
    return facts.PaymentsInstructed(
        **common, voucher_no=voucher_no, control=control, left_out=left, lines=len(lines),
        total=sum((amounts[line] for line in lines), NOTHING),
    )  # fmt: skip


def strike(
    pay_list: PayList, common: dict[str, Any], lines: Sequence[int], reason: facts.StrikeReason, amounts: Amounts
) -> facts.PayLinesStruck:
    named = _known(pay_list, lines)
    if any(pay_list.state(line) is not LineState.LISTED for line in named):
        raise Refused(rules.LINE_NOT_LISTED)
    total = sum((amounts[line] for line in named), NOTHING)
    return facts.PayLinesStruck(**common, lines=named, reason=reason, total=total)


def withdraw(pay_list: PayList, common: dict[str, Any], amounts: Amounts) -> facts.PayListWithdrawn:
    require_step(pay_list, facts.PayListWithdrawn)
    lines = list(pay_list.lines(LineState.LISTED))
    return facts.PayListWithdrawn(**common, lines=len(lines), total=sum((amounts[line] for line in lines), NOTHING))


def hold(pay_list: PayList, common: dict[str, Any], lines: Iterable[int], person_id: UUID) -> facts.PayLinesHeld | None:
    """Of what is not settled yet; ``None`` where nothing is left to be held."""
    open_states = (LineState.LISTED, LineState.PENDING)
    held = tuple(n for n in sorted(lines) if pay_list.state(n) in open_states and n not in pay_list.held)
    return facts.PayLinesHeld(**common, lines=held, person_id=person_id) if held else None


def free(pay_list: PayList, common: dict[str, Any], lines: Sequence[int]) -> facts.PayLinesFreed:
    named = _known(pay_list, lines)
    if any(line not in pay_list.held for line in named):
        raise Refused(rules.LINE_NOT_HELD)
    return facts.PayLinesFreed(**common, lines=named)


def require_live_list(pay_list: PayList) -> None:
    """Every command on a list that ended is refused."""
    if pay_list.stage is PayListStage.WITHDRAWN:
        raise Refused(rules.STEP_NOT_DUE, status=pay_list.stage)


def _known(pay_list: PayList, lines: Sequence[int]) -> tuple[int, ...]:
    require_live_list(pay_list)
    named = tuple(sorted(dict.fromkeys(lines)))
    if any(not 1 <= line <= len(pay_list.states) for line in named):
        raise Refused(rules.LINE_UNKNOWN)
    return named
