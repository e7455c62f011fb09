"""In which village a household is, as moves and changes of divisions say. Pure."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from contracts.registry.divisions import HouseholdTransferred, current_code
from contracts.registry.households import HouseholdMoved
from services.registry.households.details import HouseholdDetails


class Located(HouseholdDetails, frozen=True, gc=False):
    """``successors``: of divisions that ended, as far as they concern the household."""

    division: str = ""
    successors: Mapping[str, str] = msgspec.field(default_factory=dict)


L = TypeVar("L", bound=Located)


def moved(before: L, fact: HouseholdMoved) -> L:
    """A group and a natural village belong to the village that was left."""
    division = current_code(fact.to_division, before.successors)
    return replace(before, division=division, village_group=None, natural_village=None)


def transferred(before: L, fact: HouseholdTransferred) -> L:
    """Its village was merged, split or got another code; group and natural village went along."""
    to = current_code(fact.to_division, before.successors)
    successors = {**before.successors, fact.from_division: fact.to_division} if fact.ended else before.successors
    here = to if before.division == fact.from_division else before.division
    return replace(before, division=here, successors=successors)
