"""Facts about workbooks brought in, stream ``intake-<batch_id>``; and about the time for which a county imports status
history of an older system, stream ``history-import-<county>``."""

from datetime import date
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


@published("HistoryImportProposed")
class HistoryImportProposed(Fact, frozen=True, kw_only=True):
    """Somebody proposes that the county imports status history from ``opens_on`` until the end of ``closes_on``, by the
    county's ``decision``. It opens nothing before another person confirms it."""

    opening_id: UUID
    county: str
    opens_on: date
    closes_on: date


@published("HistoryImportOpened")
class HistoryImportOpened(Fact, frozen=True, kw_only=True):
    """The county imports status history from ``opens_on`` until the end of ``closes_on``, once and never again.
    ``proposed_by`` and ``entered_by`` are two persons."""

    opening_id: UUID
    county: str
    opens_on: date
    closes_on: date
    proposed_by: str


@published("HistoryBatchApproved")
class HistoryBatchApproved(Fact, frozen=True, kw_only=True):
    """A file with status history may be imported, by anybody but the person who approves it. ``file_sha256``: of the
    workbook, 64 hex digits."""

    county: str
    file_sha256: str
