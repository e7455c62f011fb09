"""One fact, one shape: the common fields of every payload, and the envelope the log adds around it."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, TypeVar
from uuid import UUID

import msgspec


class Precision(StrEnum):
    """How exactly ``effective_on`` is known. National exports give years and months: no day is invented."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Decision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Who decided, as opposed to who typed. ``signer`` is the post that signed, not a private name."""

    organ: str
    decided_on: date
    document_no: str
    signer: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A reference into the object store: minutes, notice photo, signed authorisation."""

    sha256: str
    kind: str
    name: str


class LogPosition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    log: str
    position: int


class DecidedFrom(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What was known when deciding: log positions read, and the editions of documents that were looked up, by the ids of
    the facts that proposed them."""

    logs: tuple[LogPosition, ...] = ()
    documents: tuple[str, ...] = ()


class Fact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The common fields. A concrete fact is past tense and published under a pinned name with ``@published``.

    ``effective_on``: since when it is true in the world (first day of the period when precision is month or year).
    ``source_recorded_on``: when an old system *says* it was learned; asserted, never mixed with ``recorded_at``.
    ``caused_by``: id of the fact this one reacts to. ``annuls``: ids of facts it makes void. What never changes forms no
    cycles, so Python's collector need not walk through facts (``gc=False``).
    """

    type_name: ClassVar[str]
    type_version: ClassVar[int]
    rank: ClassVar[int] = 0
    """Place among the facts of one day, pinned with the type; of equal rank the later position comes later."""

    effective_on: date
    precision: Precision = Precision.DAY
    source_recorded_on: date | None = None
    entered_by: str
    decision: Decision | None = None
    evidence: tuple[Evidence, ...] = ()
    caused_by: str | None = None
    decided_from: DecidedFrom | None = None
    annuls: tuple[str, ...] = ()


class HouseholdFact(Fact, frozen=True, kw_only=True):
    """A fact about one household, whichever service learned it. Personal fields are sealed under the household."""

    descends_from: ClassVar[str | None] = None
    """Name of the field that holds the household whose state, just before this fact, this one starts from."""
    begets: ClassVar[str | None] = None
    """Name of the field that holds the household that starts from this one's state just before this fact."""

    household_id: UUID


F = TypeVar("F", bound=type[Fact])

PUBLISHED: dict[tuple[str, int], type[Fact]] = {}
"""Every type and version that may stand in a log; kept for ever."""


def published(name: str, version: int = 1, *, rank: int = 0) -> Callable[[F], F]:
    """Pin the stored name of a fact, and its place within a day. The name contains no module path, so code may move."""

    def pin(cls: F) -> F:
        if (name, version) in PUBLISHED:
            raise ValueError(f"{name}/{version} is published twice")
        cls.type_name, cls.type_version, cls.rank = name, version, rank
        PUBLISHED[name, version] = cls
        return cls

    return pin


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """A fact as the log holds it: envelope columns assigned under the append lock, beside the payload bytes."""

    log: str
    position: int
    stream: str
    version: int
    recorded_at: datetime
    command_id: UUID
    actor: str
    fact: Fact
    payload: bytes

    @property
    def id(self) -> str:
        """``service/stream/version``: permanent, never reused."""
        return f"{self.log}/{self.stream}/{self.version}"
