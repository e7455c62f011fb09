"""Documents over HTTP: what is sent and what is answered. Nothing here is personal."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from contracts.casework.documents import DocumentWithdrawalProposed
from services.casework.documents.domain import EditionState, Status
from services.chassis.ground.labels import LABELS, Label
from services.chassis.web.payloads import Body

LONGEST = 500_000
"""Characters of a document's text."""


class ProposalForm(Body):
    """``content``: the document as JSON, with its head; a date is written ``{"date": "2016-01-01"}``, a decimal
    ``{"decimal": "0.5"}``. ``lika documents adopt`` makes it from YAML."""

    content: str = Field(min_length=2, max_length=LONGEST)


class WithdrawalForm(Body):
    reason: str = Field(min_length=1, max_length=300)


class DocumentAnswer(BaseModel):
    """An edition. ``id`` names it in decisions; ``in_force_to`` is included, and null while no end is known.
    ``awaits``: what a second person may confirm. ``shipped_with``: the release whose own text it is. ``zh``, ``en``: what the text
    calls itself; where it does not, the name that its key has."""

    id: str
    number: int
    kind: str
    key: str
    zh: str
    en: str
    edition: str
    jurisdiction: str
    in_force_from: date
    in_force_to: date | None
    status: Status
    proposed_by: str
    proposed_at: datetime
    adopted_by: str | None
    adopted_at: datetime | None
    awaits: Literal["adoption", "withdrawal", "restoration"] | None
    awaits_another_than: str | None
    reason: str | None
    shipped_with: str | None
    digest: str

    @classmethod
    def of(cls, state: EditionState) -> Self:
        edition, adopted, pending = state.edition, state.adopted, state.pending
        fact = edition.fact
        name = LABELS.codes["NameOfDocument"].codes.get(fact.key, Label(fact.key, fact.key))
        return cls(
            id=edition.id,
            number=edition.number,
            kind=fact.kind,
            key=fact.key,
            zh=str(edition.content.get("zh", name.zh)),
            en=str(edition.content.get("en", name.en)),
            edition=fact.edition,
            jurisdiction=fact.jurisdiction,
            in_force_from=fact.effective_on,
            in_force_to=fact.in_force_to,
            status=state.status,
            proposed_by=fact.entered_by,
            proposed_at=edition.proposed.recorded_at,
            adopted_by=adopted.fact.entered_by if adopted else None,
            adopted_at=adopted.recorded_at if adopted else None,
            awaits=_awaits(state),
            awaits_another_than=pending.fact.entered_by if pending else None,
            reason=state.reason,
            shipped_with=fact.shipped_with,
            digest=fact.digest,
        )


class DocumentTextAnswer(DocumentAnswer):
    """With its whole text, in the canonical form of ``ProposalForm``."""

    content: str

    @classmethod
    def of(cls, state: EditionState) -> Self:
        head = DocumentAnswer.of(state).model_dump()
        return cls(**head, content=state.edition.fact.content)


def _awaits(state: EditionState) -> Literal["adoption", "withdrawal", "restoration"] | None:
    if state.pending is None:
        return None
    if not isinstance(state.pending.fact, DocumentWithdrawalProposed):
        return "adoption"
    return "withdrawal" if state.status is Status.ADOPTED else "restoration"
