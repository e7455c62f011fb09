"""What a service supplies to the duties: who is obliged to whom from when to when, and what fulfils it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString, Protocol
from uuid import UUID

from contracts.roles import Role
from services.casework.calendars.festivals import KIND as FESTIVALS
from services.casework.calendars.festivals import festivals_from
from services.casework.documents.domain import KnownDocuments, Status
from services.casework.documents.lookup import Lookup
from services.casework.duties.document import KIND, Duty, DutySet, OnFestivals, duty_set_from
from services.casework.duties.history import Fulfilment, History
from services.casework.inbox.entries import Act
from services.chassis.law.content import DocumentError
from services.chassis.log.unit import Tx


class DutyMatter(Protocol):
    """One way of being obliged: the helper to the household, the teacher to the pupil. The relations are of what is known now
    and may hold what no longer obliges anybody: they find whose duties are to be looked at; the histories decide."""

    kinds: Mapping[str, frozenset[str]]
    """What fulfils → the fields of it that a document may ask for."""
    of_households: bool
    """Whether the subjects are households."""
    set_once: bool
    """Whether all that is owed by it is owed once, and so has a timer of its own from when it was recorded."""
    acts: Mapping[str, Act]
    """What fulfils → the request that records it, where the service has one."""
    obligations: LiteralString
    """SQL of (subject uuid, obliged text, since date, begins date, until date, of_kind text)."""
    fulfilments: LiteralString
    """SQL of (subject uuid, kind text, by text, day date, last date, fields text[], whom uuid)."""
    parties: LiteralString
    """SQL of (subject uuid, obliged text, of_kind text): who was ever said to be obliged to whom, annulled or not; by index in
    order of the subject."""

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        """Of those subjects that there are."""


class FulfilmentSource(Protocol):
    """Something that is recorded of many subjects and fulfils duties of several matters: records of work. As in
    ``DutyMatter``; of those subjects of which there is any."""

    kinds: Mapping[str, frozenset[str]]
    acts: Mapping[str, Act]
    relation: LiteralString

    def fulfilments(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, Sequence[Fulfilment]]: ...


NO_FULFILMENTS: LiteralString = (
    "SELECT NULL::uuid AS subject, NULL::text AS kind, NULL::text AS by, NULL::date AS day, NULL::date AS last,"
    " NULL::text[] AS fields, NULL::uuid AS whom WHERE false"
)
"""SQL of a matter whose duties nothing can fulfil yet."""

DutyMatters = Mapping[str, DutyMatter]
"""By the name that documents give the obligation."""


class NamedInDocuments(Protocol):
    """What duty sets may name of the documents that stand."""

    def facts(self, known: KnownDocuments, obligation: str, programme: str) -> Mapping[str, frozenset[str]]:
        """What fulfils duties of a programme, and the fields that may be asked for."""

    def of(self, known: KnownDocuments, obligation: str) -> frozenset[str]:
        """Which obligations of that name there are."""

    def readers(self, known: KnownDocuments, duty: Duty) -> frozenset[Role] | None:
        """Who alone may know of somebody that anything is owed to them so; ``None``: anybody."""


@dataclass(frozen=True)
class DutySetReader:
    """Reads the duty sets of a service. Raises ``DocumentError`` for an obligation, a fact or a field that it does not know.
    ``others``: what a duty set may name of other documents, which are known when it is proposed (``require``)."""

    matters: DutyMatters
    others: NamedInDocuments | None = None

    def __call__(self, content: Mapping[str, object]) -> DutySet:
        read = duty_set_from(content)
        for number, duty in enumerate(read.duties):
            matter = self.matters.get(duty.obligation)
            if matter is None:
                raise DocumentError(
                    ("duties", number, "obligation"),
                    f"须为下列之一：{'、'.join(self.matters)}",
                    f"one of {', '.join(self.matters)}",
                )
            if self.others is None:
                _require_known(duty, number, matter.kinds, frozenset())
        return read

    def require(self, content: Mapping[str, object], documents: Lookup) -> None:
        """Raises ``DocumentError`` for what neither the release nor an adopted document knows."""
        read = self(content)
        _require_festivals(read, documents)
        if self.others is None:
            return
        known = documents.known(KIND)
        for number, duty in enumerate(read.duties):
            kinds = self.others.facts(known, duty.obligation, read.of_programme)
            _require_known(duty, number, kinds, self.others.of(known, duty.obligation))
            _require_as_closed(read, number, self.others.readers(known, duty))


def _require_festivals(read: DutySet, documents: Lookup) -> None:
    """Of a name that no calendar has nothing would ever be owed."""
    states = documents.known(FESTIVALS).states.values()
    calendars = [s.edition for s in states if s.status is Status.ADOPTED and s.edition.fact.kind == FESTIVALS]
    named = {name for edition in calendars for name in edition.typed(festivals_from).named}
    for number, duty in enumerate(read.duties):
        asked = {*duty.cadence.festivals} if isinstance(duty.cadence, OnFestivals) else set()
        if unknown := sorted(asked - named):
            raise DocumentError(
                ("duties", number, "cadence", "festivals"),
                f"没有这些节日：{'、'.join(unknown)}；须为下列之一：{'、'.join(sorted(named))}",
                f"no such festivals: {', '.join(unknown)}; those known are {', '.join(sorted(named))}",
            )


def _require_known(duty: Duty, number: int, kinds: Mapping[str, frozenset[str]], of: frozenset[str]) -> None:
    asked = duty.fulfilled_by
    if duty.of is not None and duty.of not in of:
        raise DocumentError(
            ("duties", number, "of"),
            f"须为下列之一：{'、'.join(sorted(of)) or '无，请删去这一项'}",
            f"one of {', '.join(sorted(of)) or 'none: leave it out'}",
        )
    if asked.fact not in kinds:
        raise DocumentError(
            ("duties", number, "fulfilled_by", "fact"),
            f"须为下列之一：{'、'.join(kinds)}",
            f"one of {', '.join(kinds)}",
        )
    if unknown := sorted({*asked.fields} - kinds[asked.fact]):
        raise DocumentError(
            ("duties", number, "fulfilled_by", "fields"),
            f"{asked.fact}没有这些项：{'、'.join(unknown)}，请删去",
            f"not said of {asked.fact}: {', '.join(unknown)}",
        )


def _require_as_closed(read: DutySet, number: int, alone: frozenset[Role] | None) -> None:
    """What a document keeps from others no list of duties tells them."""
    if alone is not None and not read.is_kept_to(alone):
        raise DocumentError(
            ("duties", number),
            f"其依据只有{'、'.join(sorted(alone))}能读，请在 read_by 中写明",
            f"owed by what is read by {', '.join(sorted(alone))} alone; say so in read_by",
        )
