"""The two identities of payments. Pure.

Gross: instructed = settled + returned + pending.
Net: due + overpaid = settled + pending + unpaid + waived, and overpaid = recovered + written off + still owed.

Each term has facts of its own. Instructed, settled and returned are what lists' facts say of their sums; pending is summed
from lines that were handed over and have no outcome; due is what the dues are, as known then; the rest is summed due by due.
So a fact that is dropped, doubled or told of the wrong lines breaks an identity instead of vanishing in a difference.

Overpaid arises when a due falls below what was paid or is under way, before anybody reviews it. A waiver holds as far as
something is due, a write-off as far as something is overpaid: if the due rises again, what was given up lapses. What was
recovered and is due after all is unpaid again, until it is refunded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Self

from services.assistance.payments.domain_lines import NOTHING, LineState, PayList


@dataclass(frozen=True, slots=True)
class _Terms:
    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Gross(_Terms):
    instructed: Decimal = NOTHING
    settled: Decimal = NOTHING
    returned: Decimal = NOTHING
    pending: Decimal = NOTHING

    @property
    def difference(self) -> Decimal:
        """Zero where the identity holds."""
        return self.instructed - self.settled - self.returned - self.pending


@dataclass(frozen=True, slots=True)
class Net(_Terms):
    due: Decimal = NOTHING
    overpaid: Decimal = NOTHING
    settled: Decimal = NOTHING
    pending: Decimal = NOTHING
    unpaid: Decimal = NOTHING
    waived: Decimal = NOTHING
    recovered: Decimal = NOTHING
    written_off: Decimal = NOTHING
    owed: Decimal = NOTHING

    @property
    def difference(self) -> Decimal:
        """Zero where the identity holds."""
        return self.due + self.overpaid - self.settled - self.pending - self.unpaid - self.waived

    @property
    def difference_of_overpaid(self) -> Decimal:
        return self.overpaid - self.recovered - self.written_off - self.owed


@dataclass(slots=True)
class DueAccount:
    """What is known of one due. ``settled`` and ``pending``: of its lines; the rest as facts say it. ``planned``: whether there is a
    plan by which it is recovered."""

    due: Decimal = NOTHING
    settled: Decimal = NOTHING
    pending: Decimal = NOTHING
    waived: Decimal = NOTHING
    recovered: Decimal = NOTHING
    written_off: Decimal = NOTHING
    planned: bool = False

    def net(self) -> Net:
        paid = self.settled + self.pending
        waived = min(self.waived, max(self.due - paid, NOTHING))
        excess = paid + waived - self.due
        written_off = min(self.written_off, max(excess - self.recovered, NOTHING))
        owed = max(excess - self.recovered - written_off, NOTHING)
        return Net(
            due=self.due, overpaid=max(excess, self.recovered), settled=self.settled, pending=self.pending,
            unpaid=max(self.recovered - excess, NOTHING), waived=waived, recovered=self.recovered,
            written_off=written_off, owed=owed,
        )  # fmt: skip

    def payable(self) -> Decimal:
        """What a new list pays, while no live line is there."""
        return max(self.due - min(self.waived, self.due), NOTHING) if not self.settled + self.pending else NOTHING


@dataclass(frozen=True, slots=True)
class Identities:
    """``net``: with what lists' facts say of settled, beside what the lines say of the rest."""

    gross: Gross
    net: Net

    @property
    def hold(self) -> bool:
        return not (self.gross.difference or self.net.difference or self.net.difference_of_overpaid)


def gross_of(pay_list: PayList, pending: Decimal) -> Gross:
    """``pending``: summed from the lines that are."""
    return Gross(pay_list.instructed, pay_list.settled, pay_list.returned, pending)


def pending_of(pay_list: PayList, amounts: Mapping[int, Decimal]) -> Decimal:
    return sum((amounts[line] for line in pay_list.lines(LineState.PENDING)), NOTHING)


def identities_of(gross: Gross, accounts: Iterable[DueAccount]) -> Identities:
    """Of lists together with the dues that they paid or left unpaid."""
    net = sum((account.net() for account in accounts), Net())
    return Identities(gross, Net(**{f.name: getattr(net, f.name) for f in fields(net)} | {"settled": gross.settled}))
