"""Who searched the register for a person, stream ``searches-<day>-<account>``, so that a day's are counted without reading
those before. What was searched for is nowhere kept."""

from enum import StrEnum
from uuid import UUID

from contracts.facts import Fact, published
from contracts.registry.access import Purpose


class SearchKind(StrEnum):
    """What a person is searched by."""

    ID_NUMBER = "id_number"
    FULL_NAME = "full_name"
    PHONE = "phone"
    NAME_PART = "name_part"


@published("RegisterSearched")
class RegisterSearched(Fact, frozen=True, kw_only=True):
    """Somebody searched the households of ``division`` for a person. ``case_id``: the open case for whose sake, where personal
    values were opened for the comparison; ``persons_compared``: of how many, 0 where keyed digests were enough. ``found``: the
    households that the answer names; ``more``: whether there were more than it names."""

    kind: SearchKind
    division: str
    purpose: Purpose
    case_id: UUID | None = None
    persons_compared: int
    found: tuple[UUID, ...]
    more: bool
