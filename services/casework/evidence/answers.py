"""Response models of the evidence API."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.chassis.web.commands import Accepted


class FileAnswer(BaseModel):
    """As a form cites it; ``sha256`` of the sealed bytes."""

    id: UUID
    sha256: str


class CitationAnswer(BaseModel):
    """To be sent as it is among a form's ``evidence``."""

    kind: str
    file: FileAnswer


class UploadAnswer(Accepted):
    evidence: CitationAnswer


class EvidenceAnswer(BaseModel):
    """``size`` in bytes before sealing. ``subjects``: those in the caller's area; ``subjects_in_all`` counts the others, too.
    ``shredded``: the content was destroyed for ever."""

    id: UUID
    kind: str
    media_type: str
    size: int
    sha256: str
    uploaded_on: date
    uploaded_by: str
    subjects: list[UUID]
    subjects_in_all: int
    shredded: bool
