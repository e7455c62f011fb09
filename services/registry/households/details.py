"""What the collection form says of a household as a whole, as it stands on a day. Pure."""

from datetime import date
from decimal import Decimal

import msgspec

from contracts.registry.codes import PovertyCause, Risk
from contracts.registry.households import Attribute
from contracts.registry.living_conditions import HousingGrade, PowerSupply, Toilet, WaterSupply
from services.casework.calendars.day_count import ONE_DAY

LAST_END = date(2200, 12, 31)
"""The latest day that a category is said to end on."""


class HouseholdDetails(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The fields of ``HouseholdRecorded``, without what is sealed; ``attribute_since`` and ``attribute_until``: first and, where it is
    known, last day of the category."""

    attribute: Attribute = Attribute.UNCLASSIFIED
    attribute_since: date | None = None
    attribute_until: date | None = None
    main_cause: PovertyCause | None = None
    other_causes: tuple[PovertyCause, ...] = ()
    risks: tuple[Risk, ...] = ()
    village_group: str | None = None
    natural_village: str | None = None
    arable_mu: Decimal | None = None
    irrigated_mu: Decimal | None = None
    forest_mu: Decimal | None = None
    orchard_mu: Decimal | None = None
    reforested_mu: Decimal | None = None
    pasture_mu: Decimal | None = None
    water_surface_mu: Decimal | None = None
    housing_m2: Decimal | None = None
    housing_grade: HousingGrade | None = None
    road_km: Decimal | None = None
    water_supply: WaterSupply | None = None
    power_supply: PowerSupply | None = None
    toilet: Toilet | None = None
    cooperative_member: bool | None = None
    relocated: bool | None = None

    @property
    def attribute_lapses_on(self) -> date | None:
        """The first day on which the household is unclassified unless something is said before."""
        return None if self.attribute_until is None else self.attribute_until + ONE_DAY


DETAILS = HouseholdDetails.__struct_fields__
SURVEYED_DETAILS = tuple(name for name in DETAILS if name not in ("attribute_since", "attribute_until"))
"""Those that a recording or a survey says; the days of a category are those of the facts."""
INHERITED = (
    "attribute", "attribute_since", "attribute_until", "main_cause", "other_causes", "risks", "village_group",
    "natural_village",
)  # fmt: skip
"""What a household that split off starts with; its land and house are found out anew."""
