"""An uploaded file, what its rows say, and what became of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Generic, TypeVar

from contracts.facts import Evidence
from services.casework.workbooks.row_errors import RowError

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Upload:
    """Who uploads which file. ``area``: their division prefix; ``sha256``: of the file as it came; ``evidence``: the file as it is
    kept; ``today``: the civil day of the upload."""

    by: str
    area: str
    sha256: str
    evidence: Evidence
    today: date


@dataclass(frozen=True, slots=True)
class Subjects(Generic[S]):
    """What the rows say. ``drafts``: subjects without any error; ``errors`` refuse their subject, ``warnings`` nothing;
    ``seen`` and ``rows_seen`` count subjects and their rows, those with errors included."""

    drafts: Sequence[S]
    errors: Sequence[RowError]
    warnings: Sequence[RowError]
    seen: int
    rows_seen: int


class SubjectOutcome(IntEnum):
    """The outcome for one subject; its value is the status in the record of the subject's command."""

    RECORDED = 201
    UPDATED = 200
    UNCHANGED = 204
    REFUSED = 409


@dataclass(frozen=True, slots=True)
class SubjectResult(Generic[S]):
    """The outcome for a subject, expected until its unit is committed."""

    draft: S
    outcome: SubjectOutcome
    errors: Sequence[RowError] = ()
    warnings: Sequence[RowError] = ()


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """The result of an import. Subjects seen = recorded + updated + unchanged + refused."""

    subjects_seen: int
    rows_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]
