"""What visits find out about a household. Stream ``household-<uuid>``; what ``rank`` says stands in ``households``."""

from datetime import date

from contracts.facts import HouseholdFact, published
from contracts.personal import Personal
from contracts.quantities import Amount, Yuan
from contracts.registry.codes import PovertyCause
from contracts.registry.households import Attribute


@published("HouseholdSurveyed", rank=40)
class HouseholdSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """What a visit found out about the household. ``None`` means "not asked": the former value stands."""

    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    account: Personal[str] | None = None
    attribute: Attribute | None = None
    main_cause: PovertyCause | None = None
    other_causes: tuple[PovertyCause, ...] | None = None
    arable_mu: Amount | None = None
    forest_mu: Amount | None = None
    housing_m2: Amount | None = None


@published("IncomeSurveyed", rank=40)
class IncomeSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """Income of one period. Net = wages + business + property + transfers - business costs, per head of residents."""

    period_from: date
    period_to: date
    wages: Yuan
    business: Yuan
    property: Yuan
    transfers: Yuan
    business_costs: Yuan
    residents: int


@published("ConditionsSurveyed", rank=40)
class ConditionsSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """两不愁三保障 and safe drinking water (M010): true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool
