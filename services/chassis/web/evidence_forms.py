"""References to evidence, as a form carries them and an answer names them: minutes, notice photos, signed authorisations."""

from collections.abc import Iterable
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from contracts.facts import Evidence, StoredFile
from services.chassis.ground.field_texts import read_line
from services.chassis.law.documents import KEY_PATTERN
from services.chassis.web.field_readers import Reads
from services.chassis.web.form_errors import FormError
from services.chassis.web.payloads import Body

Line = Annotated[str, Reads(read_line), Field(min_length=1, max_length=200)]
"""One line of typed text."""
EvidenceKind = Annotated[str, Field(pattern=rf"^{KEY_PATTERN}$", examples=["minutes"])]
ArchiveNo = Annotated[
    str,
    Field(pattern=r"^[0-9A-Za-z]{1,8}([·./-][0-9A-Za-z]{1,8}){0,6}$", examples=["X043-WS·2016-Y-0012"]),
]
"""An archive number (DA/T 13): short codes joined by marks, so that no name or number of a person fits in."""


class StoredFileForm(Body):
    """As the upload was answered; ``sha256`` of the sealed bytes."""

    id: UUID
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class EvidenceForm(Body):
    """Either a ``file`` uploaded before, or ``held_on_paper``, with its archive number where it has one."""

    kind: EvidenceKind
    file: StoredFileForm | None = None
    held_on_paper: bool = False
    archive_no: ArchiveNo | None = None

    @model_validator(mode="after")
    def _is_uploaded_or_on_paper(self) -> Self:  # noqa: N804 - an "after" validator is an instance method
        if (self.file is None) is not self.held_on_paper:
            raise FormError(
                "材料须为已上传的文件，或注明纸质存档，二者填写其一",
                "evidence is a file that was uploaded, or held on paper",
            )
        if self.archive_no is not None and not self.held_on_paper:
            raise FormError(
                "只有纸质存档的材料填写档号，请删去档号或注明纸质存档",
                "an archive number belongs to what is held on paper",
            )
        return self


def papers(forms: Iterable[EvidenceForm]) -> tuple[Evidence, ...]:
    """As a fact carries them."""
    return tuple(
        Evidence(
            kind=form.kind,
            file=None if form.file is None else StoredFile(**form.file.model_dump()),
            archive_no=form.archive_no,
        )
        for form in forms
    )


class CitedAnswer(BaseModel):
    """``file``: id of the upload; without one it is held on paper."""

    kind: str
    file: UUID | None
    archive_no: str | None

    @classmethod
    def of(cls, cited: Evidence) -> Self:
        return cls(kind=cited.kind, file=cited.file and cited.file.id, archive_no=cited.archive_no)
