"""References to paper that a form carries: minutes, notice photos, signed authorisations in the object store."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from contracts.facts import Evidence
from services.chassis.web.payloads import Body

Line = Annotated[str, Field(min_length=1, max_length=200)]
"""One line of typed text."""


class EvidenceForm(Body):
    """``sha256`` of the file as it lies in the object store; ``kind`` such as minutes or workbook."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: Line
    name: Line


def papers(forms: Iterable[EvidenceForm]) -> tuple[Evidence, ...]:
    """As a fact carries them."""
    return tuple(Evidence(**form.model_dump()) for form in forms)
