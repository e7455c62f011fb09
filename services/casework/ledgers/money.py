"""Fen, exactly. Money is a whole number of fen; what is computed from rates and days is an exact fraction until it is booked,
and is then rounded half up (四舍五入), once. A sum is shared out so that the shares add up to it."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

FEN = 100
ONE_FEN = Decimal("0.01")
"""Yuan."""


class NotInFen(ValueError):
    """An amount in yuan with a part of a fen."""


def fen_of(yuan: Decimal) -> int:
    """Raises ``NotInFen``: nothing that was told is rounded."""
    fen = yuan * FEN
    if not fen.is_finite() or fen != int(fen):
        raise NotInFen(str(yuan))
    return int(fen)


def yuan_of(fen: int) -> Decimal:
    """With two decimals."""
    return ONE_FEN * fen


def rounded(fen: Fraction) -> int:
    """Half up, away from zero."""
    return rounded_quotient(fen.numerator, fen.denominator)


def rounded_quotient(numerator: int, denominator: int) -> int:
    """As ``rounded``, of a fraction that need not be in lowest terms; ``denominator``: above zero."""
    up = (2 * abs(numerator) + denominator) // (2 * denominator)
    return up if numerator >= 0 else -up


def shared(fen: int, weights: Sequence[int]) -> list[int]:
    """The sum in parts by these weights: each rounded down, and the fen left over given one each to the largest remainders,
    the first of equal ones first. Raises ``ValueError`` where there is nothing to share by."""
    whole = sum(weights)
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("shares are by weights, of which one is above zero")
    parts = [abs(fen) * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: -(abs(fen) * weights[n] % whole))
    for n in by_remainder[: abs(fen) - sum(parts)]:
        parts[n] += 1
    return parts if fen >= 0 else [-part for part in parts]
