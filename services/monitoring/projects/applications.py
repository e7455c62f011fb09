"""What a project is bid for, and what became of it."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from contracts.monitoring.projects import FundingOrigin, ProjectFundingDecided


@dataclass(frozen=True, slots=True)
class FundingApplication:
    """``decided_on``: ``None`` while it waits; ``granted``: ``None`` then, and where it was refused."""

    application: int
    origin: FundingOrigin
    applied_to: str
    asked: Decimal
    applied_on: date
    decided_on: date | None = None
    granted: Decimal | None = None
    reason: str | None = None


def decided(application: FundingApplication, told: ProjectFundingDecided) -> FundingApplication:
    """With what became of it, if that is about this one."""
    if application.application != told.application:
        return application
    return replace(application, decided_on=told.effective_on, granted=told.granted, reason=told.reason)
