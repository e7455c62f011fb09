"""What is lent, what of it has fallen due, and what a payment pays of it. Pure; sums in fen."""

from collections.abc import Iterable
from datetime import date

import msgspec


class Lent(msgspec.Struct, frozen=True, gc=False):
    """``principal``: not overdue, from a day to before another: what interest is counted on, and subsidised."""

    since: date
    until: date
    principal: int


class Instalment(msgspec.Struct, gc=False):
    """Principal and interest that fell due on a day; ``…_left``: not paid yet. ``paid_on``: the day nothing was left."""

    due_on: date
    principal: int
    interest: int
    principal_left: int
    interest_left: int
    paid_on: date | None = None

    @property
    def left(self) -> int:
        return self.principal_left + self.interest_left

    @property
    def amount(self) -> int:
        return self.principal + self.interest


class Paid(msgspec.Struct, frozen=True, gc=False):
    """What a payment went to."""

    penalty: int = 0
    interest: int = 0
    principal: int = 0

    @property
    def amount(self) -> int:
        return self.penalty + self.interest + self.principal


def pay(fen: int, penalty: int, instalments: Iterable[Instalment], on: date) -> Paid:
    """The penalty first, then the oldest instalment first, of each its interest before its principal."""
    of_penalty = min(fen, penalty)
    left, interest, principal = fen - of_penalty, 0, 0
    for each in instalments:
        if not left:
            break
        of_interest = min(left, each.interest_left)
        of_principal = min(left - of_interest, each.principal_left)
        each.interest_left -= of_interest
        each.principal_left -= of_principal
        left -= of_interest + of_principal
        interest, principal = interest + of_interest, principal + of_principal
        if not each.left and each.paid_on is None:
            each.paid_on = on
    return Paid(of_penalty, interest, principal)
