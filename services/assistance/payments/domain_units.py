"""What one beneficiary gave up, owes or paid back, due by due, and the decisions about it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance import payments as facts
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
    plan: tuple[facts.Instalment, ...] = ()


def stream_of(unit: UUID) -> str:
    return f"payments-of-{unit}"


def fold(recorded: Iterable[Recorded]) -> dict[facts.DueKey, UnitSums]:
    found: dict[facts.DueKey, UnitSums] = defaultdict(UnitSums)
    for each in in_order(recorded):
        match each.fact:
            case facts.DueWaived() as fact:
                found[fact.due].waived += fact.amount
            case facts.RecoveryPlanned() as fact:
                found[fact.due].plan = fact.instalments
            case facts.AmountRecovered() as fact:
                found[fact.due].recovered += fact.amount
            case facts.RecoveryRefunded() as fact:
                found[fact.due].recovered -= fact.amount
            case facts.OverpaymentWrittenOff() as fact:
                found[fact.due].written_off += fact.amount
    return dict(found)


def waive(account: DueAccount, common: dict[str, Any], amount: Decimal) -> facts.DueWaived:
    """What is neither paid nor on a list is given up. ``account``: with what is listed as pending."""
    most = account.net().unpaid
    if amount > most:
        raise Refused(rules.MORE_THAN_UNPAID, amount=amount, unpaid=most)
    return facts.DueWaived(**common, amount=amount)


def plan(account: DueAccount, common: dict[str, Any], instalments: Sequence[facts.Instalment]) -> facts.RecoveryPlanned:
    owed = account.net().owed
    if not owed or sum((each.amount for each in instalments), NOTHING) != owed:
        raise Refused(rules.PLAN_NOT_OF_OWED, owed=owed)
    return facts.RecoveryPlanned(**common, instalments=tuple(instalments))


def recover(account: DueAccount, common: dict[str, Any], amount: Decimal, receipt_no: str) -> facts.AmountRecovered:
    _require_owed(account, amount)
    return facts.AmountRecovered(**common, amount=amount, receipt_no=receipt_no)


def write_off(account: DueAccount, common: dict[str, Any], amount: Decimal) -> facts.OverpaymentWrittenOff:
    _require_owed(account, amount)
    return facts.OverpaymentWrittenOff(**common, amount=amount)


def refund(account: DueAccount, common: dict[str, Any], amount: Decimal, voucher_no: str) -> facts.RecoveryRefunded:
    """Of what was recovered, as far as it is due after all."""
    most = min(account.recovered, account.net().unpaid)
    if amount > most:
        raise Refused(rules.MORE_THAN_REFUNDABLE, amount=amount, unpaid=most)
    return facts.RecoveryRefunded(**common, amount=amount, voucher_no=voucher_no)


def _require_owed(account: DueAccount, amount: Decimal) -> None:
    owed = account.net().owed
    if amount > owed:
        raise Refused(rules.MORE_THAN_OWED, amount=amount, owed=owed)
