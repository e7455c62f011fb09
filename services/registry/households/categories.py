"""The category of a household and what a visit says of it, as they change its details. Pure."""

from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.households import Attribute
from contracts.registry.surveys import HouseholdSurveyed
from services.registry.households.changed_fields import HOUSEHOLD_SURVEY_FIELDS
from services.registry.households.details import HouseholdDetails

D = TypeVar("D", bound=HouseholdDetails)


def lapsed(before: D, day: date) -> D:
    """The details at the end of a day on which nothing else happened: a category ends by itself."""
    lapses_on = before.attribute_lapses_on
    if lapses_on is None or lapses_on > day:
        return before
    return replace(before, attribute=Attribute.UNCLASSIFIED, attribute_since=lapses_on, attribute_until=None)


def household_surveyed(before: D, fact: HouseholdSurveyed) -> D:
    """A category that a visit confirms keeps its days."""
    said = HOUSEHOLD_SURVEY_FIELDS.filled_in(fact)
    if fact.attribute is not None and fact.attribute is not before.attribute:
        said |= {"attribute_since": fact.effective_on, "attribute_until": None}
    return replace(before, **said)


def category_assigned(before: D, fact: HouseholdCategoryAssigned) -> D:
    """A category that is given anew keeps its first day."""
    since = before.attribute_since if fact.attribute is before.attribute else fact.effective_on
    return replace(before, attribute=fact.attribute, attribute_since=since, attribute_until=fact.until)
