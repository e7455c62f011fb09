"""Who read whose personal data, and why. Stream ``access-<day>-<account>`` of the reader, one fact per request, so that a day's
are counted without reading those before. Who tried out commands that name persons: ``dry-runs-<day>-<account>``, likewise."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published


class Purpose(StrEnum):
    """What personal data may be read for; the reader states it each time."""

    CASE = "case"  # handling a procedure of this household
    VERIFICATION = "verification"  # checking an entry against a paper
    CORRECTION = "correction"
    PAYMENT = "payment"
    AUDIT = "audit"
    REPORTING = "reporting"  # handing the register's rows over to the national system, which keeps them, too
    ACCESS_REQUEST = "access_request"  # the household asks who read its data (PIPL article 45)


class MatterKind(StrEnum):
    """Something open that a reading is for."""

    CASE = "case"
    FINDING = "finding"
    IMPORT_BATCH = "import_batch"  # a workbook of the collection form, whose papers are still checked
    ENTRY = "entry"  # likewise an act of entering, by its id
    CLUE = "clue"  # what a clue says of whom it is about


class ReadingMatter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    kind: MatterKind
    id: UUID


class ReadingOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The paper that a reading rests on, where it is for nothing that is open in the system: an order to audit, a list of
    payments, the household's application. No names."""

    organ: str
    document_no: str


class HouseholdRead(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``person_ids``: its members whose fields were opened."""

    household_id: UUID
    person_ids: tuple[UUID, ...]


@published("PersonalDataRead")
class PersonalDataRead(Fact, frozen=True, kw_only=True):
    """``fields`` of these households and their members were opened. ``area``: of the reader's office; ``matters``: what the
    reading was for, each open then; or the ``order`` that it rests on."""

    reader: str
    area: str
    purpose: Purpose
    matters: tuple[ReadingMatter, ...] = ()
    order: ReadingOrder | None = None
    households: tuple[HouseholdRead, ...]
    fields: tuple[str, ...]


class ReviewOfReadings(StrEnum):
    JUSTIFIED = "justified"
    MISUSE = "misuse"


@published("ReadingsReviewed")
class ReadingsReviewed(Fact, frozen=True, kw_only=True):
    """An auditor looked at what ``reader`` read on ``day``, which had been unusual. Stands in the reader's stream of that day."""

    reader: str
    day: date
    conclusion: ReviewOfReadings
    document_no: str | None = None


@published("DryRunMade")
class DryRunMade(Fact, frozen=True, kw_only=True):
    """A command that names persons was tried out, which says whether they are on the register in the caller's area.
    ``operation``: of the OpenAPI document; ``persons``: how many were named, of whom nothing is kept."""

    operation: str
    persons: int
