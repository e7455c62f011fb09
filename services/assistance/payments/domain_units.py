"""What one beneficiary gave up, owes or paid back, due by due, and the decisions about it. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance import payment_accounts as accounts
from contracts.facts import Recorded
from contracts.roles import Role
from services.assistance.payments import rules
from services.assistance.payments.domain_identities import DueAccount
from services.assistance.payments.domain_lines import NOTHING, in_order
from services.chassis.ground.next_steps import NextStep, Office
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


def require_new_paper(told: Iterable[Recorded], new: accounts.UnitFact) -> None:
    """One paper is entered once of a due. Raises ``Refused``."""
    number = _paper(new)
    for each in in_order(told):
        fact = each.fact
        if type(fact) is type(new) and fact.due == new.due and number and _paper(fact) == number:
            raise Refused(rules.PAPER_USED, fact=each.id).advising(_annulling(new.unit))


def entries(told: Iterable[Recorded]) -> list[Recorded]:
    """Those that stand: what may be annulled. An annulment itself is none, for what was right is entered anew."""
    return [r for r in in_order(told) if isinstance(r.fact, accounts.UnitFact)]


def annul(told: Sequence[Recorded], annulled: accounts.UnitEntriesAnnulled) -> accounts.UnitEntriesAnnulled:
    """Raises ``Refused`` for what is no standing entry, and where more would have been given back than was recovered."""
    unknown = sorted({*annulled.annuls} - {r.id for r in entries(told)})
    if unknown:
        raise Refused(rules.UNIT_ENTRY_UNKNOWN, unknown=unknown)
    left = fold(r for r in told if r.id not in annulled.annuls)
    if any(sums.recovered < NOTHING for sums in left.values()):
        raise Refused(rules.UNIT_ENTRY_RESTED_ON).advising(_annulling(annulled.unit))
    return annulled


def _paper(fact: Any) -> str:
    """Number of the receipt, voucher or decision, without regard to case and spaces; none of a plan."""
    if isinstance(fact, accounts.RecoveryPlanned):
        return ""
    number = getattr(fact, "receipt_no", None) or getattr(fact, "voucher_no", None)
    if number is None and fact.decision is not None:
        number = fact.decision.document_no
    return "".join((number or "").split()).casefold()


def _annulling(unit: UUID) -> NextStep:
    return NextStep("annul_unit_entries", Office((Role.DECIDER,)), {"unit": unit})


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
