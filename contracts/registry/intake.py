"""Facts about workbooks brought in. Stream ``intake-<batch_id>``."""

from uuid import UUID

from contracts.facts import Fact, published


@published("WorkbookImported")
class WorkbookImported(Fact, frozen=True, kw_only=True):
    """A workbook of the collection form was taken in; ``evidence`` names the file by its digest, as do the facts of
    each household that came out of it. Trying a file without taking it in leaves a
    ``DryRunMade`` alone.

    ``division``: the area of whoever brought it in. Households seen = recorded + updated + unchanged + refused.
    """

    batch_id: UUID
    division: str
    households_seen: int
    members_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
