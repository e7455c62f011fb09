"""Answers about programmes. Nothing here is personal."""

from typing import Self

from pydantic import BaseModel

from contracts.assistance.programmes import PayeeKind, UnitKind
from services.assistance.programmes.document import Cadence, Component, Programme
from services.assistance.programmes.explaining import gaps_of
from services.assistance.programmes.reasons import Reason
from services.casework.documents.editions import Edition
from services.chassis.ground.labels import LABELS
from services.chassis.ground.messages import Message


class LineAnswer(BaseModel):
    zh: str
    en: str

    @classmethod
    def of(cls, message: Message) -> Self:
        return cls(zh=message.zh, en=message.en)


class AmountAnswer(LineAnswer):
    """``kind``: tag of the kind of amount; ``since``: from when on."""

    kind: str
    since: str


class ProgrammeComponentAnswer(BaseModel):
    component: str
    zh: str
    en: str
    payee: PayeeKind
    cadence: Cadence
    amounts: list[AmountAnswer]

    @classmethod
    def of(cls, component: Component) -> Self:
        amounts = [(rate, rate.amount.in_words(LABELS.code(component.period))) for rate in component.rates]
        return cls(
            component=component.key, zh=component.zh, en=component.en, payee=component.payee, cadence=component.period,
            amounts=[
                AmountAnswer(zh=m.zh, en=m.en, kind=rate.amount.__struct_config__.tag, since=rate.starts.isoformat())
                for rate, m in amounts
            ],
        )  # fmt: skip


class ProgrammeAnswer(BaseModel):
    """An edition. ``document``: its id, where it is one; ``settled``: it says all that is needed to pay; ``gaps``: what is to be decided
    before all of it can be granted and paid."""

    programme: str
    edition: str
    document: str | None
    zh: str
    en: str
    jurisdiction: str
    source: str
    unit_kind: UnitKind
    outside: bool
    procedure: str | None
    settled: bool
    components: list[ProgrammeComponentAnswer]
    gaps: list[LineAnswer]

    @classmethod
    def of(cls, programme: Programme, edition: Edition | None = None) -> Self:
        return cls(
            programme=programme.programme, edition=programme.edition, document=edition and edition.id, zh=programme.zh,
            en=programme.en, jurisdiction=programme.jurisdiction, source=programme.source, unit_kind=programme.unit,
            outside=programme.outside, procedure=programme.granted_by, settled=programme.is_settled(),
            components=[ProgrammeComponentAnswer.of(component) for component in programme.components],
            gaps=[LineAnswer.of(gap) for gap in gaps_of(programme)],
        )  # fmt: skip


class ReasonCountAnswer(BaseModel):
    """``units``: against how many it is a reason."""

    reason: Reason
    zh: str
    en: str
    units: int

    @classmethod
    def of(cls, reason: Reason, units: int) -> Self:
        label = LABELS.code(reason)
        return cls(reason=reason, zh=label.zh, en=label.en, units=units)


class TrialAnswer(BaseModel):
    """What an edition would come to, of so many units as were ``tried``; ``more``: there are others. ``eligible``: of those tried."""

    explained: ProgrammeAnswer
    tried: int
    more: bool
    eligible: int
    reasons: list[ReasonCountAnswer]
