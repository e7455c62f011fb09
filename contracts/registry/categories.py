"""The category of a household since a day, and until when where that is known (M004). Stream ``household-<uuid>``; what ``rank``
says stands in ``households``."""

from datetime import date

from contracts.facts import HouseholdFact, published
from contracts.registry.households import Attribute


@published("HouseholdCategoryAssigned", rank=41)
class HouseholdCategoryAssigned(HouseholdFact, frozen=True, kw_only=True):
    """Who gives the category (civil affairs, of low-income security) stands in ``decision``. It weighs more than what a visit says
    on the day. ``until``: its last day; unclassified from the next one on, unless something else was said meanwhile."""

    attribute: Attribute
    until: date | None = None
