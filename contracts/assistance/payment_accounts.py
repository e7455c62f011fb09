"""Facts about what one beneficiary is due or was paid too much: who takes it, what was given up, owed, paid back or written off.

Stream ``payments-of-<unit>``, which holds what concerns the dues of a unit and no list.
"""

from datetime import date
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.quantities import Yuan


class DueKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What is paid once: one live payment for each."""

    programme: str
    component: str
    period_from: date
    period_to: date
    occasion: str


class UnitFact(Fact, frozen=True, kw_only=True):
    """A fact about what one beneficiary is due, or was paid too much."""

    unit: UUID
    division: str
    due: DueKey


@published("PayeeNamed")
class PayeeNamed(Fact, frozen=True, kw_only=True):
    """What is due to the unit goes to this person's account from now on (``None``: to the unit's own again), with the paper that
    says so: account holder and beneficiary may differ."""

    unit: UUID
    payee: UUID | None


@published("DueWaived")
class DueWaived(UnitFact, frozen=True, kw_only=True):
    """Due that is given up, by whom it was due to: it will not be paid."""

    amount: Yuan


class Instalment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    due_on: date
    amount: Yuan


@published("RecoveryPlanned")
class RecoveryPlanned(UnitFact, frozen=True, kw_only=True):
    """What was overpaid is paid back by these instalments; a later plan takes the place of this one."""

    instalments: tuple[Instalment, ...]


@published("AmountRecovered")
class AmountRecovered(UnitFact, frozen=True, kw_only=True):
    """Paid back. ``receipt_no``: of the treasury's receipt."""

    amount: Yuan
    receipt_no: str


@published("RecoveryRefunded")
class RecoveryRefunded(UnitFact, frozen=True, kw_only=True):
    """What had been recovered and was due after all was given back at the counter."""

    amount: Yuan
    voucher_no: str


@published("OverpaymentWrittenOff")
class OverpaymentWrittenOff(UnitFact, frozen=True, kw_only=True):
    """Overpayment that is given up by the decision: it will not be recovered."""

    amount: Yuan


@published("UnitEntriesAnnulled")
class UnitEntriesAnnulled(Fact, frozen=True, kw_only=True):
    """The entries in ``annuls`` were wrong: they count as never made. What was right is entered anew."""

    unit: UUID
    division: str
    reason: str
