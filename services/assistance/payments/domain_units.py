"""What one beneficiary gave up, owes or paid back, due by due, and the decisions about it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance import payment_accounts as accounts
from contracts.facts import Recorded
from services.assistance.payments import rules
from services.assistance.payments.domain_identities import DueAccount
from services.assistance.payments.domain_lines import NOTHING, in_order
from services.chassis.ground.refusals import Refused


@dataclass(slots=True)
class UnitSums:
    """Of one due. ``plan``: the latest."""

    waived: Decimal = NOTHING
    recovered: Decimal = NOTHING
    written_off: Decimal = NOTHING
    plan: tuple[accounts.Instalment, ...] = ()


def stream_of(unit: UUID) -> str:
    return f"payments-of-{unit}"


def fold(recorded: Iterable[Recorded]) -> dict[accounts.DueKey, UnitSums]:
    found: dict[accounts.DueKey, UnitSums] = defaultdict(UnitSums)
    for each in in_order(recorded):
        match each.fact:
            case accounts.DueWaived() as fact:
                found[fact.due].waived += fact.amount
            case accounts.RecoveryPlanned() as fact:
                found[fact.due].plan = fact.instalments
            case accounts.AmountRecovered() as fact:
                found[fact.due].recovered += fact.amount
            case accounts.RecoveryRefunded() as fact:
                found[fact.due].recovered -= fact.amount
            case accounts.OverpaymentWrittenOff() as fact:
                found[fact.due].written_off += fact.amount
    return dict(found)


def waive(account: DueAccount, common: dict[str, Any], amount: Decimal) -> accounts.DueWaived:
    """What is neither paid nor on a list is given up. ``account``: with what is listed as pending."""
    most = account.net().unpaid
    if amount > most:
        raise Refused(rules.MORE_THAN_UNPAID, amount=amount, unpaid=most)
    return accounts.DueWaived(**common, amount=amount)


def plan(
    account: DueAccount, common: dict[str, Any], instalments: Sequence[accounts.Instalment]
) -> accounts.RecoveryPlanned:
    owed = account.net().owed
    if not owed or sum((each.amount for each in instalments), NOTHING) != owed:
        raise Refused(rules.PLAN_NOT_OF_OWED, owed=owed)
    return accounts.RecoveryPlanned(**common, instalments=tuple(instalments))


def recover(account: DueAccount, common: dict[str, Any], amount: Decimal, receipt_no: str) -> accounts.AmountRecovered:
    _require_owed(account, amount)
    return accounts.AmountRecovered(**common, amount=amount, receipt_no=receipt_no)


def write_off(account: DueAccount, common: dict[str, Any], amount: Decimal) -> accounts.OverpaymentWrittenOff:
    _require_owed(account, amount)
    return accounts.OverpaymentWrittenOff(**common, amount=amount)


def refund(account: DueAccount, common: dict[str, Any], amount: Decimal, voucher_no: str) -> accounts.RecoveryRefunded:
    """Of what was recovered, as far as it is due after all."""
    most = min(account.recovered, account.net().unpaid)
    if amount > most:
        raise Refused(rules.MORE_THAN_REFUNDABLE, amount=amount, unpaid=most)
    return accounts.RecoveryRefunded(**common, amount=amount, voucher_no=voucher_no)


def _require_owed(account: DueAccount, amount: Decimal) -> None:
    owed = account.net().owed
    if amount > owed:
        raise Refused(rules.MORE_THAN_OWED, amount=amount, owed=owed)
