"""Facts about what a household is given besides money: its plan against the causes of its poverty, and the measures that are taken.
Stream ``measures-<household_id>``.

What a measure's kind asks for stands in the fact that begins it, as the document was in force on that day. Ranks are the order within a
day. No personal field stands here.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import HouseholdFact, published
from contracts.quantities import Quantity, Unit, Yuan


class Help(StrEnum):
    """The five helps (五帮)."""

    INDUSTRY = "industry"
    WORK = "work"
    SECURITY = "security"
    CONDITIONS = "conditions"
    STAYING_POWER = "staying_power"


class PlanCause(StrEnum):
    """What a plan is against: causes of poverty, as the register has them (M011), and risks of falling back."""

    ILLNESS = "illness"
    DISABILITY = "disability"
    SCHOOLING = "schooling"
    DISASTER = "disaster"
    NO_LAND = "no_land"
    NO_WATER = "no_water"
    NO_SKILL = "no_skill"
    NO_LABOUR = "no_labour"
    NO_CAPITAL = "no_capital"
    POOR_TRANSPORT = "poor_transport"
    WEAK_MOTIVATION = "weak_motivation"
    NO_STABLE_WORK = "no_stable_work"
    UNSAFE_HOUSING = "unsafe_housing"
    HAZARD_AREA = "hazard_area"
    NO_SAFE_WATER = "no_safe_water"
    LOW_INCOME = "low_income"
    OTHER = "other"


class MeasuresFact(HouseholdFact, frozen=True, kw_only=True):
    """A fact about the measures of one household."""


class PlannedMeasure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``against``: the causes that measures of the kind answer, by its document."""

    measure_kind: str
    against: tuple[PlanCause, ...]


@published("PovertyPlanDrawn")
class PovertyPlanDrawn(MeasuresFact, frozen=True, kw_only=True):
    """Takes the place of an earlier plan. ``label``: as the paper calls the set or the household's class (“3+1”, 六个一批): an undefined
    label stays one. ``village_set``, ``class_set``: the sets of measures of village and class that the household's follows."""

    division: str
    causes: tuple[PlanCause, ...]
    planned: tuple[PlannedMeasure, ...]
    through: date
    label: str | None = None
    village_set: str | None = None
    class_set: str | None = None


class MeasureStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``evidence``: kinds that the step must cite; ``decided``: whether a numbered and signed decision belongs to it."""

    step: str
    evidence: tuple[str, ...] = ()
    decided: bool = False


class MeasureTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``delivered_in``: units in which something is handed over; ``equal_terms``: what is bought is bought on equal terms only."""

    help: Help
    answers: tuple[PlanCause, ...]
    steps: tuple[MeasureStep, ...]
    grades: tuple[str, ...] = ()
    delivered_in: tuple[Unit, ...] = ()
    equal_terms: bool = False


class MeasureFact(MeasuresFact, frozen=True, kw_only=True):
    """A fact about one measure."""

    measure_id: UUID


@published("MeasureBegun", rank=10)
class MeasureBegun(MeasureFact, frozen=True, kw_only=True):
    """``persons``: who live in the household on the day; ``partner``: cooperative, firm, unit or village that it is done with."""

    measure_kind: str
    division: str
    persons: int
    grade: str | None = None
    partner: str | None = None
    terms: MeasureTerms


@published("MeasureStepTaken", rank=20)
class MeasureStepTaken(MeasureFact, frozen=True, kw_only=True):
    step: str


@published("MeasureDelivered", rank=30)
class MeasureDelivered(MeasureFact, frozen=True, kw_only=True):
    """Goods, a dividend or an order reached the household. ``price``, ``compared_price``: yuan for one, of a purchase and of what is
    offered elsewhere."""

    quantity: Quantity
    item: str
    price: Yuan | None = None
    compared_price: Yuan | None = None


@published("MeasureWithdrawn", rank=90)
class MeasureWithdrawn(MeasureFact, frozen=True, kw_only=True):
    """It is not carried out, or not further."""

    reason: str


@published("MeasureFactsAnnulled")
class MeasureFactsAnnulled(MeasuresFact, frozen=True, kw_only=True):
    """The entries in ``annuls`` were typed wrong; annulling an annulment restores."""

    reason: str
