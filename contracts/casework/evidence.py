"""Facts about evidence. Stream ``evidence-<evidence_id>``; each reading of its content in ``access-<day>-<account>``."""

from uuid import UUID

from contracts.facts import Fact, published
from contracts.registry.access import Purpose


class EvidenceFact(Fact, frozen=True, kw_only=True):
    """A fact about one file of the evidence store. The file has a data key of its own, whose subject is this id."""

    evidence_id: UUID


@published("EvidenceUploaded")
class EvidenceUploaded(EvidenceFact, frozen=True, kw_only=True):
    """``entered_by`` uploaded a file. ``media_type`` is told from the content; ``size`` in bytes before sealing;
    ``sha256`` of the sealed bytes. ``subjects``: ids of the households, persons, cases … it concerns; may be none yet."""

    kind: str
    media_type: str
    size: int
    sha256: str
    subjects: tuple[UUID, ...]


@published("EvidenceConcerns")
class EvidenceConcerns(EvidenceFact, frozen=True, kw_only=True):
    """The file turned out to concern further subjects, too: somebody said so, or cited it in a command about them."""

    subjects: tuple[UUID, ...]


@published("EvidenceRead")
class EvidenceRead(EvidenceFact, frozen=True, kw_only=True):
    """The content was opened and given to the reader, of an office in ``area``. ``subjects``: whom it
    concerned then."""

    reader: str
    area: str
    purpose: Purpose
    subjects: tuple[UUID, ...]
