"""Facts about the places of a programme with a quota (名额). Stream ``programme-places-<programme>-<jurisdiction>``."""

from uuid import UUID

from contracts.facts import Fact, published


@published("ProgrammePlaceTaken")
class ProgrammePlaceTaken(Fact, frozen=True, kw_only=True):
    """A unit was granted the programme on this case: it has a place for as long as that grant runs."""

    programme: str
    jurisdiction: str
    unit_id: UUID
    case_id: UUID
