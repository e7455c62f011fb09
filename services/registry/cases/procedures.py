"""Procedure documents, typed: what one edition asks for, step by step. No figure of the law is in code."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

import msgspec

from contracts.registry.divisions import Level
from contracts.registry.households import PovertyStatus, Standard
from contracts.roles import Role
from services.registry.cases.notice_days import Calendar

OPENING = "opening"
"""The key under which the opening stands among the steps; no step may use it."""


class _Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a document: every unknown or missing key is an error."""


class Office(_Document, frozen=True, kw_only=True):
    """Who acts: a role, at a level of office."""

    level: Level
    role: Role


class InForce(_Document, frozen=True, kw_only=True):
    """From and to, both included; ``to: null`` says that no end is known."""

    starts: date = msgspec.field(name="from")
    ends: date | None = msgspec.field(name="to")

    def holds_on(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day <= self.ends)


class Opening(_Document, frozen=True, kw_only=True):
    zh: str
    en: str
    office: Office
    cause_required: bool = False


class Step(_Document, frozen=True, kw_only=True, tag_field="kind"):
    """``evidence``: kinds of paper that must be attached."""

    key: str
    zh: str
    en: str
    office: Office
    evidence: tuple[str, ...] = ()


class Visit(Step, frozen=True, kw_only=True, tag="visit"):
    """Somebody goes and looks."""


class Appraisal(Step, frozen=True, kw_only=True, tag="appraisal"):
    """A vote: at least ``quorum`` of those entitled present, more than ``majority`` of those present in favour."""

    quorum: Fraction
    majority: Fraction

    def __post_init__(self) -> None:
        if not (0 <= self.quorum <= 1 and 0 <= self.majority < 1):
            raise ValueError(f"{self.key}: quorum and majority are shares of one")


class Consent(Step, frozen=True, kw_only=True, tag="consent"):
    """The household agrees or refuses."""


class WhileObjected(StrEnum):
    """What an open objection does to the notice's clock. Closed it can never be while one is open."""

    SUSPEND = "suspend"
    RUN = "run"


class WhenUpheld(StrEnum):
    """What an upheld objection leads to."""

    END = "end"
    REPOST = "repost"


class ObjectionsUntil(StrEnum):
    LAST_DAY = "last_day"
    DECISION = "decision"


class OnReturn(StrEnum):
    """What a return for correction to this or an earlier step does to the notice: hang out anew, or let it stand."""

    RESTART = "restart"
    CONTINUE = "continue"


class Objections(_Document, frozen=True, kw_only=True):
    heard_by: Office
    until: ObjectionsUntil
    while_open: WhileObjected
    when_upheld: WhenUpheld


class Notice(Step, frozen=True, kw_only=True, tag="notice"):
    days: int
    calendar: Calendar
    first_day_counts: bool
    on_return: OnReturn
    objections: Objections

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError(f"{self.key}: a notice hangs for at least one day")


class Review(Step, frozen=True, kw_only=True, tag="review"):
    """The upper level looks through the papers."""


class Comparison(Step, frozen=True, kw_only=True, tag="comparison"):
    """Departments' data are held against the household's. ``must_be_clean``: otherwise nothing can be approved."""

    must_be_clean: bool


class Deciding(Step, frozen=True, kw_only=True, tag="decision"):
    """The organ decides, with a numbered and signed document."""


class Announcement(Step, frozen=True, kw_only=True, tag="announcement"):
    """The decision is made public."""


AnyStep = Visit | Appraisal | Consent | Notice | Review | Comparison | Deciding | Announcement


class EffectiveFrom(StrEnum):
    DECISION = "decision"
    ENTRY = "entry"


class Effect(_Document, frozen=True, kw_only=True, tag_field="fact"):
    """The household fact that a completed case brings about: recorded once step ``at`` is done, true since
    the day of the decision, or since the entry that was wrong."""

    at: str
    effective: EffectiveFrom


class Enrolment(Effect, frozen=True, kw_only=True, tag="HouseholdEnrolled"):
    standard: Standard


class Exit(Effect, frozen=True, kw_only=True, tag="HouseholdExited"):
    enjoys_policies: bool


class Return(Effect, frozen=True, kw_only=True, tag="HouseholdReturned"):
    """Its cause is the one that the case was opened with."""


class Removal(Effect, frozen=True, kw_only=True, tag="HouseholdRemoved"):
    reason: str


class Procedure(_Document, frozen=True, kw_only=True):
    """One edition of one procedure. ``statuses``: the poverty statuses that allow it."""

    procedure: str
    edition: str
    zh: str
    en: str
    jurisdiction: str
    source: str
    in_force: InForce
    statuses: tuple[PovertyStatus, ...]
    opening: Opening
    steps: tuple[AnyStep, ...]
    effect: Enrolment | Exit | Return | Removal

    def __post_init__(self) -> None:
        keys = [s.key for s in self.steps]
        if len({OPENING, *keys}) != len(keys) + 1:
            raise ValueError("every step needs a key of its own")
        kinds = [type(s) for s in self.steps]
        if kinds.count(Deciding) != 1:
            raise ValueError("a procedure decides exactly once")
        decision = kinds.index(Deciding)
        before, after = kinds[:decision], kinds[decision + 1 :]
        if Appraisal not in before or Notice not in before[before.index(Appraisal) :]:
            raise ValueError("no status changes without an appraisal and a notice after it (source facts §5 A rule 2)")
        if any(kind is not Announcement for kind in after) or Announcement in before:
            raise ValueError("after the decision it is only announced, and never before")
        if self.effect.at not in keys[decision:]:
            raise ValueError("nothing takes effect before the decision")
        if isinstance(self.effect, Return) and not self.opening.cause_required:
            raise ValueError("a return needs its cause at the opening")

    def step(self, key: str) -> AnyStep:
        """Raises ``KeyError`` when this edition has no such step."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    def from_step(self, key: str) -> tuple[AnyStep, ...]:
        """The step and all that follow it."""
        return self.steps[self.steps.index(self.step(key)) :]


def procedure_from(document: Mapping[str, object]) -> Procedure:
    """The procedure in this document (dates as dates or ISO text). Raises ``msgspec.ValidationError``."""
    return msgspec.convert(document, Procedure, dec_hook=_share)


def _share(kind: type, raw: Any) -> Any:
    if kind is Fraction and isinstance(raw, str):
        return Fraction(raw)
    raise TypeError(f"a share is written as text, like '2/3', not {raw!r}")
