"""Procedure documents, typed: the steps of one edition and their parameters. No figure of the law is in code."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.casework.calendars.day_count import Calendar
from services.casework.procedures.competent_office import CompetentOffice, DocumentPart
from services.casework.procedures.notice_terms import (
    Audience,
    NoticeField,
    Objections,
    OnReturn,
    TakingDown,
    WhileObjected,
)
from services.casework.procedures.step_order import require_order, steps_before
from services.casework.procedures.value_types import Days, Key, Label
from services.chassis.ground.messages import NamedCode
from services.chassis.law.content import DocumentError

OPENING = "opening"
"""The key of the opening among the steps; no step may use it."""
SHARE = re.compile(r"[0-9]{1,3}(/[1-9][0-9]{0,2})?")


class InForce(DocumentPart, frozen=True, kw_only=True):
    """From and to, both included; ``to: null`` says that no end is known."""

    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to")

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Opening(DocumentPart, frozen=True, kw_only=True):
    """``causes``: codes of which the opening may name one, and must where it is required; none: no cause is taken.
    ``evidence`` and ``uploaded``: as of a step."""

    zh: Label
    en: Label
    office: CompetentOffice
    causes: tuple[Key, ...] = ()
    cause_required: bool = False
    evidence: tuple[Key, ...] = ()
    uploaded: tuple[Key, ...] = ()

    def __post_init__(self) -> None:
        if self.cause_required and not self.causes:
            raise DocumentError((), "要求写明原因的，须列出原因", "where a cause is required, causes are listed")


class Step(DocumentPart, frozen=True, kw_only=True, tag_field="kind"):
    """``evidence``: kinds of evidence that must be attached; ``uploaded``: those of which paper in the archive is not
    enough; ``after``: the steps that must be done before, so that others may run beside it; by default the one before it."""

    key: Key
    zh: Label
    en: Label
    office: CompetentOffice
    evidence: tuple[Key, ...] = ()
    uploaded: tuple[Key, ...] = ()
    after: Annotated[tuple[Key, ...], Meta(min_length=1)] | None = None

    @property
    def named(self) -> NamedCode:
        return NamedCode(self.key, self.zh, self.en)


class Visit(Step, frozen=True, kw_only=True, tag="visit"):
    """An on-site visit (入户核实)."""


class Appraisal(Step, frozen=True, kw_only=True, tag="appraisal"):
    """A vote: at least ``quorum`` of those entitled present, more than ``majority`` of those present in favour."""

    quorum: Fraction
    majority: Fraction

    def __post_init__(self) -> None:
        if not (0 <= self.quorum <= 1 and 0 <= self.majority < 1):
            raise DocumentError(
                (),
                f"{self.key}：quorum 和 majority 是不超过 1 的比例",
                f"{self.key}: quorum and majority are shares of one",
            )


class Consent(Step, frozen=True, kw_only=True, tag="consent"):
    """The household agrees or refuses."""


class Notice(Step, frozen=True, kw_only=True, tag="notice"):
    """``shows``: of the household; ``taking_down``: where it is owed."""

    days: Days
    calendar: Calendar
    first_day_counts: bool
    on_return: OnReturn
    objections: Objections
    audience: Audience = Audience.VILLAGE
    shows: tuple[NoticeField, ...] = tuple(NoticeField)
    taking_down: TakingDown | None = None


class Review(Step, frozen=True, kw_only=True, tag="review"):
    """The upper level reviews the case."""


class Opinion(Step, frozen=True, kw_only=True, tag="opinion"):
    """Another office gives its opinion; one against does not end the case."""


class Signature(Step, frozen=True, kw_only=True, tag="signature"):
    """A post signs; declining ends the case."""


class Inspection(Step, frozen=True, kw_only=True, tag="inspection"):
    """What did not pass is inspected again."""


class Comparison(Step, frozen=True, kw_only=True, tag="comparison"):
    """The household's data are compared with departments'. ``must_be_clean``: otherwise the case cannot be approved.
    ``authorisation_required``: of every adult, valid on its day (核查授权); ``sources``: of which the result is stated for
    every adult."""

    must_be_clean: bool
    authorisation_required: bool = False
    sources: tuple[Key, ...] = ()

    @property
    def asks_adults(self) -> bool:
        return self.authorisation_required or bool(self.sources)


class Decision(Step, frozen=True, kw_only=True, tag="decision"):
    """The organ decides, by a numbered and signed document."""


class Announcement(Step, frozen=True, kw_only=True, tag="announcement"):
    """The decision is published (公告)."""


AnyStep = (
    Visit
    | Appraisal
    | Consent
    | Notice
    | Review
    | Opinion
    | Signature
    | Inspection
    | Comparison
    | Decision
    | Announcement
)


class EffectiveFrom(StrEnum):
    """``entry``: the last one that it undoes; ``first_entry``: the first one; ``application``: the day that this names."""

    DECISION = "decision"
    ENTRY = "entry"
    FIRST_ENTRY = "first_entry"
    APPLICATION = "application"


class Effect(DocumentPart, frozen=True, kw_only=True):
    """The fact that an approved case brings about, recorded once step ``at`` is done, and the day from which it is
    effective. ``terms``: what the fact says besides; the service knows their type."""

    fact: str
    at: str
    effective: EffectiveFrom
    terms: Mapping[str, Any] = {}


class GreenChannel(DocumentPart, frozen=True, kw_only=True):
    """An urgent case is decided first (绿色通道); ``deferred`` steps are made good within so many days, counted from the
    day after it was taken."""

    office: CompetentOffice
    deferred: Annotated[tuple[str, ...], Meta(min_length=1)]
    days: Days
    calendar: Calendar


class Term(DocumentPart, frozen=True, kw_only=True):
    """The days that the whole case may take, until step ``until`` is done, counted from its opening or from the clue that it takes
    up. Overdue is recorded, and nothing is refused for it."""

    days: Days
    calendar: Calendar
    first_day_counts: bool
    while_objected: WhileObjected
    until: str


class Procedure(DocumentPart, frozen=True, kw_only=True):
    """One edition of one procedure. ``standing``: what of the subject it may change; ``statuses``: the values of the
    standing that allow it. ``late_after_days``: a step entered more days after it took place is flagged;
    ``ended_early``: what a case is called that ends against the subject before it is decided; struck out, of a list (剔除), is no
    removal."""

    procedure: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    in_force: InForce
    standing: str
    statuses: Annotated[tuple[str, ...], Meta(min_length=1)]
    opening: Opening
    steps: tuple[AnyStep, ...]
    effect: Effect
    green_channel: GreenChannel | None = None
    term: Term | None = None
    ended_early: Literal["rejected", "struck_out"] = "rejected"
    late_after_days: Annotated[int, Meta(ge=0, le=3660)] = 15

    def __post_init__(self) -> None:
        keys = [s.key for s in self.steps]
        if len({OPENING, *keys}) != len(keys) + 1:
            raise DocumentError((), "每个步骤的 key 不能相同，请改名", "every step needs a key of its own")
        kinds = [type(s) for s in self.steps]
        if kinds.count(Decision) != 1:
            raise DocumentError((), "一个程序须恰有一个决定步骤", "a procedure decides exactly once")
        decision = kinds.index(Decision)
        if any(kind is not Announcement for kind in kinds[decision + 1 :]) or Announcement in kinds[:decision]:
            raise DocumentError(
                (), "决定之后只能是公告，决定之前不能公告", "after the decision it is only announced, and never before"
            )
        if self.effect.at not in keys[decision:]:
            raise DocumentError(
                (), "决定之前任何事项都不生效，请更正 effect", "nothing takes effect before the decision"
            )
        if self.green_channel is not None and not set(self.green_channel.deferred) <= set(keys[:decision]):
            raise DocumentError((), "只有决定之前的步骤可以补办", "only steps before the decision are deferred")
        if self.term is not None and self.term.until not in keys:
            raise DocumentError((), "期限须以某一步骤为止，请更正", "the term ends with a step")
        require_order([(s.key, s.after, type(s)) for s in self.steps], decision)

    def before(self, key: str) -> frozenset[str]:
        """Keys of the steps that must be done before this one, directly or not."""
        return steps_before(tuple((s.key, s.after) for s in self.steps))[key]

    def step(self, key: str) -> AnyStep:
        """Raises ``KeyError`` when this edition has no such step."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def named(self, key: str) -> str:
        """A step's key, with what this edition calls it where it has such a step."""
        return next((step.named for step in self.steps if step.key == key), key)

    @property
    def counts_working_days(self) -> bool:
        """Whether a calendar has to be looked up to count its days."""
        parts = (*self.steps, self.green_channel, self.term)
        return any(getattr(part, "calendar", None) is Calendar.WORKING_DAYS for part in parts)

    def from_step(self, key: str) -> tuple[AnyStep, ...]:
        """The step and all that come after it."""
        return tuple(s for s in self.steps if s.key == key or key in self.before(s.key))

    def require_appraisal_and_notice(self) -> None:
        """Raises ``DocumentError`` unless a notice follows an appraisal before the decision (source facts §5 A rule 2)."""
        kinds = [type(s) for s in self.steps]
        before = kinds[: kinds.index(Decision)]
        if Appraisal not in before or Notice not in before[before.index(Appraisal) :]:
            raise DocumentError(
                (),
                "身份变动须先评议、后公示（资料 §5 A 规则 2），请补上这两步",
                "no status changes without an appraisal and a notice after it (source facts §5 A rule 2)",
            )


def procedure_from(document: Mapping[str, object]) -> Procedure:
    """The procedure in this document (dates as dates or ISO text). Raises ``msgspec.ValidationError``."""
    return msgspec.convert(document, Procedure, dec_hook=_fraction)


def _fraction(kind: type, raw: Any) -> Any:
    if kind is Fraction and isinstance(raw, str) and SHARE.fullmatch(raw):
        return Fraction(raw)
    raise TypeError(f"a share is written as text, like '2/3', not {raw!r}")
