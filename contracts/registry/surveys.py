"""What visits find out about a household. Stream ``household-<uuid>``; what ``rank`` says stands in ``households``."""

from datetime import date
from enum import StrEnum

from contracts.facts import HouseholdFact, published
from contracts.personal import Personal
from contracts.quantities import Amount, Yuan
from contracts.registry.codes import PovertyCause, Risk
from contracts.registry.households import Attribute
from contracts.registry.living_conditions import HousingGrade, PowerSupply, Toilet, WaterSupply


@published("HouseholdSurveyed", rank=40)
class HouseholdSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """What a visit found out about the household. ``None`` means "not asked": the former value stands. The fields are those of
    ``HouseholdRecorded``."""

    address: Personal[str] | None = None
    phone: Personal[str] | None = None
    account: Personal[str] | None = None
    attribute: Attribute | None = None
    main_cause: PovertyCause | None = None
    other_causes: tuple[PovertyCause, ...] | None = None
    arable_mu: Amount | None = None
    forest_mu: Amount | None = None
    housing_m2: Amount | None = None
    risks: tuple[Risk, ...] | None = None
    village_group: str | None = None
    natural_village: str | None = None
    irrigated_mu: Amount | None = None
    orchard_mu: Amount | None = None
    reforested_mu: Amount | None = None
    pasture_mu: Amount | None = None
    water_surface_mu: Amount | None = None
    housing_grade: HousingGrade | None = None
    road_km: Amount | None = None
    water_supply: WaterSupply | None = None
    power_supply: PowerSupply | None = None
    toilet: Toilet | None = None
    cooperative_member: bool | None = None
    relocated: bool | None = None


class IncomePeriod(StrEnum):
    """收入期间: of what twelve months an income is surveyed."""

    CALENDAR_YEAR = "calendar_year"
    OCTOBER_TO_SEPTEMBER = "october_to_september"
    TWELVE_MONTHS_BEFORE = "twelve_months_before"


@published("IncomeSurveyed", rank=40)
class IncomeSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """Income and spending of one period. Net = wages + business + property + transfers - business costs; the monitoring reference
    income = net + insurance pay-outs (理赔收入) - compliant out-of-pocket spending (合规自付支出), not known where one of the two was not
    asked. Per head of the members in common, unless ``residents`` was typed, as older forms had it. ``period``: not said by older
    forms."""

    period_from: date
    period_to: date
    wages: Yuan
    business: Yuan
    property: Yuan
    transfers: Yuan
    business_costs: Yuan
    residents: int | None = None
    period: IncomePeriod | None = None
    insurance_payouts: Yuan | None = None
    compliant_spending: Yuan | None = None


@published("ConditionsSurveyed", rank=40)
class ConditionsSurveyed(HouseholdFact, frozen=True, kw_only=True):
    """两不愁三保障 and safe drinking water (M010): true means secured."""

    food: bool
    clothing: bool
    education: bool
    medical: bool
    housing: bool
    water: bool
