"""All kinds of amounts, by their tag in a document. An observed total or an average is none of them: it is no rate (B18, B20–B25)."""

from services.assistance.programmes.amounts.counted import Collected, Instalments, PerAttendedDay, SharedBetweenLevels
from services.assistance.programmes.amounts.limits import (
    CeilingIncludingOtherGrants,
    DifferenceToLine,
    ShareAboveThreshold,
)
from services.assistance.programmes.amounts.moneyless import Exemption, InKind, Masked, Range, Unknown
from services.assistance.programmes.amounts.rates import Rate, Supplement, Table

Amount = (
    Rate
    | Table
    | Supplement
    | CeilingIncludingOtherGrants
    | DifferenceToLine
    | ShareAboveThreshold
    | PerAttendedDay
    | Instalments
    | Collected
    | SharedBetweenLevels
    | InKind
    | Exemption
    | Range
    | Masked
    | Unknown
)
UNSETTLED = (Masked, Unknown, Range)
"""Kinds by which nothing is paid until somebody decides."""
