"""The dated parameters of education aid, on a day, in a division."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contracts.registry.codes import SchoolStage
from services.chassis.law.dated import NotInForce
from services.chassis.law.parameter_values import Amount, Count, Expected, Truth
from services.chassis.law.parameters import ParameterSource

PARAMETER_PREFIX = "education_aid"
STAGES = tuple(stage for stage in SchoolStage if stage is not SchoolStage.NONE)
PARAMETERS: Expected = {
    **{f"{PARAMETER_PREFIX}.{stage}.amount": Amount("yuan_per_pupil_year", most=1_000_000) for stage in STAGES},
    **{f"{PARAMETER_PREFIX}.{stage}.{flag}": Truth() for stage in STAGES for flag in ("boarders_only", "is_ceiling")},
    f"{PARAMETER_PREFIX}.continues_after_exit": Truth(),
    f"{PARAMETER_PREFIX}.school_year_month": Count("month_of_year", least=1, most=12),
}
"""What education aid is decided by."""


@dataclass(frozen=True, slots=True)
class Standard:
    """The standard of one stage. ``amount``: yuan per pupil and school year. ``is_ceiling``: other public grants for
    the same stage are counted inside it (source facts §5 rule 24)."""

    stage: SchoolStage
    amount: Decimal
    since: date
    source: str
    boarders_only: bool
    is_ceiling: bool

    def payable(self, other_grants: Decimal) -> Decimal:
        """Yuan per year on top of other grants. A ceiling is a cap and no floor: the result may be zero."""
        return max(self.amount - other_grants, Decimal(0)) if self.is_ceiling else self.amount


def standard(parameters: ParameterSource, stage: SchoolStage, day: date, division: str) -> Standard | None:
    """The standard in force, or ``None``: no such stage, not yet or no longer in force, or masked in the source document."""
    if stage is SchoolStage.NONE:
        return None
    try:
        amount = parameters.at(f"{PARAMETER_PREFIX}.{stage}.amount", day, division)
        boarders_only = bool(parameters.at(f"{PARAMETER_PREFIX}.{stage}.boarders_only", day, division).value)
        is_ceiling = bool(parameters.at(f"{PARAMETER_PREFIX}.{stage}.is_ceiling", day, division).value)
        return Standard(stage, amount.amount, amount.since, amount.source, boarders_only, is_ceiling)
    except NotInForce:
        return None


def continues_after_exit(parameters: ParameterSource, day: date, division: str) -> bool:
    """Whether aid goes on within the stage after an exit (M119). Raises ``NotInForce``."""
    return bool(parameters.at(f"{PARAMETER_PREFIX}.continues_after_exit", day, division).value)


def school_year_month(parameters: ParameterSource, day: date, division: str) -> int:
    """The month whose first day begins a school year. Raises ``NotInForce``."""
    return parameters.at(f"{PARAMETER_PREFIX}.school_year_month", day, division).count
