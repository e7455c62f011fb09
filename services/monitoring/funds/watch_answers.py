"""Answers about what is missing: money below a floor, reports, and what a source of a budget has not brought. Sums are yuan."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from contracts.registry.divisions import Level
from services.casework.fact_forms import PlainDecimal


class FloorAnswer(BaseModel):
    """What a unit has raised in the year against the least that it must. ``short``: what is missing, zero where nothing is."""

    raised_by: str
    division: str
    raised: PlainDecimal
    floor: PlainDecimal
    short: PlainDecimal


class VillageFloorAnswer(BaseModel):
    """What the funds of a village received in the year against the least that they must. ``short``: what is missing."""

    division: str
    received: PlainDecimal
    floor: PlainDecimal
    short: PlainDecimal


class MissingReportsAnswer(BaseModel):
    """``periods_to``: last days of the periods of so many months that nobody reported on."""

    fund_id: UUID
    division: str
    title: str
    months: int
    periods_to: list[date]


class MatchingAnswer(BaseModel):
    """A source of the charter's budget: what it is to bring, what funds of its level have allocated, and the gap (配套缺口)."""

    source: str
    level: Level | None
    pledged: PlainDecimal
    brought: PlainDecimal
    gap: PlainDecimal
