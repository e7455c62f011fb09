"""Response model of what the form says of a household as a whole, and the code lists of its codes."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from contracts.registry.codes import PovertyCause, Risk
from contracts.registry.households import Attribute
from contracts.registry.living_conditions import HousingGrade, PowerSupply, Toilet, WaterSupply
from services.registry.households.details import HouseholdDetails


class DetailsAnswer(BaseModel):
    """``attribute_until``: the last day of the category, where it is known. Land in mu, ``road_km`` to the main road."""

    attribute: Attribute
    attribute_since: date | None
    attribute_until: date | None
    main_cause: PovertyCause | None
    other_causes: tuple[PovertyCause, ...]
    risks: tuple[Risk, ...]
    village_group: str | None
    natural_village: str | None
    arable_mu: Decimal | None
    irrigated_mu: Decimal | None
    forest_mu: Decimal | None
    orchard_mu: Decimal | None
    reforested_mu: Decimal | None
    pasture_mu: Decimal | None
    water_surface_mu: Decimal | None
    housing_m2: Decimal | None
    housing_grade: HousingGrade | None
    road_km: Decimal | None
    water_supply: WaterSupply | None
    power_supply: PowerSupply | None
    toilet: Toilet | None
    cooperative_member: bool | None
    relocated: bool | None


def details_of(household: HouseholdDetails) -> dict[str, Any]:
    """The fields of a ``DetailsAnswer``."""
    return {name: getattr(household, name) for name in DetailsAnswer.model_fields}


def codes_of(household: HouseholdDetails) -> dict[str, frozenset[str]]:
    """Code list → the codes of it that occur."""
    one = {
        "household_attribute": household.attribute,
        "housing_grade": household.housing_grade,
        "water_supply": household.water_supply,
        "power_supply": household.power_supply,
        "toilet": household.toilet,
    }
    causes = (household.main_cause, *household.other_causes)
    return {
        **{key: frozenset({code} if code is not None else ()) for key, code in one.items()},
        "poverty_cause": frozenset(cause for cause in causes if cause is not None),
        "risk": frozenset(household.risks),
    }
