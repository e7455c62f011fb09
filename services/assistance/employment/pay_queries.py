"""What is due for attendance, from the facts as known at any moment: a source that payments ask."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from contracts.assistance.employment import JobPlaced
from contracts.facts import Recorded
from services.assistance.employment.domain import person_of, stream_of
from services.assistance.employment.kinds import KIND, kind_in_force, post_kind_from
from services.assistance.employment.pay import PaidBy, PostPay
from services.assistance.entitlements.due import Asked, DueLine
from services.assistance.entitlements.due_queries import editions_known
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.chassis.log.entries import decode_row
from services.chassis.log.store import Store
from services.chassis.views.subject_reader import SubjectReader
from services.chassis.web.areas import code_range

CHUNK = 500
BEFORE_ALL = UUID(int=0)
READER = SubjectReader("log", "originator_id", "originator_version")
WORKERS: LiteralString = (
    "(SELECT DISTINCT person_id FROM employment_entries WHERE entry = 'attended' AND division >= %(low)s"
    " AND division < %(high)s AND person_id > %(last)s ORDER BY person_id LIMIT %(limit)s)"
    " UNION SELECT * FROM unnest(%(behind)s::uuid[]) AS behind (person_id) WHERE person_id > %(last)s"
    " ORDER BY person_id LIMIT %(limit)s"
)
BEHIND: LiteralString = (
    "SELECT DISTINCT originator_id FROM log WHERE originator_id > 'work-' AND originator_id < 'work.'"
    " AND notification_id > (SELECT coalesce(max(position), 0) FROM cursors WHERE consumer = %(own)s AND log = %(own)s)"
)
"""Streams of which something was recorded that the view does not have yet."""


@dataclass(frozen=True)
class PostDue:
    """Implements ``DueSource``."""

    store: Store
    documents: Documents

    def lines(self, asked: Asked, after: UUID | None = None) -> Iterator[DueLine]:
        if not self._pays(asked.programme):
            return
        pay = self._pay(asked.known_at)
        low, high = code_range(asked.division)
        last = after or BEFORE_ALL
        with self.store.reading() as conn:
            streams = conn.execute(BEHIND, {"own": self.store.name}).fetchall()
        behind = [person_of(stream) for (stream,) in streams]
        while True:
            of = {"low": low, "high": high, "last": last, "behind": behind, "limit": CHUNK}
            with self.store.reading() as conn:
                persons = [row[0] for row in conn.execute(WORKERS, of).fetchall()]
            facts = self._facts(persons)
            for person_id in persons:
                found = pay.lines(person_id, facts.get(stream_of(person_id), ()), asked.as_of, asked.known_at)
                yield from filter(asked.includes, found)
            if len(persons) < CHUNK:
                return
            last = persons[-1]

    def of_unit(
        self, unit: UUID, *, as_of: date, known_at: datetime | None = None, programme: str | None = None
    ) -> Iterator[DueLine]:
        told = self._facts([unit]).get(stream_of(unit), ())
        found = self._pay(known_at).lines(unit, told, as_of, known_at)
        return (line for line in found if programme in (None, line.programme))

    def _pays(self, programme: str) -> bool:
        """Whether any edition of a kind of post ever said that this programme pays."""
        states = self.documents.own().as_known().states.values()
        return any(
            state.edition.fact.kind == KIND and state.edition.typed(post_kind_from).paid_by == programme
            for state in states
        )

    def _pay(self, known_at: datetime | None) -> PostPay:
        return PostPay(paid_by(self.documents.known_at(known_at)), editions_known(self.documents.own(), known_at))

    def _facts(self, persons: Sequence[UUID]) -> Mapping[str, Sequence[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        with self.store.reading() as conn:
            for row in READER.read(conn, [stream_of(person) for person in persons]):
                recorded = decode_row(self.store.name, row)
                found.setdefault(recorded.stream, []).append(recorded)
        return found


def paid_by(lookup: Lookup) -> PaidBy:
    def programme(placed: JobPlaced) -> str | None:
        kind = kind_in_force(lookup, placed.post_kind, placed.effective_on, placed.division)
        return None if kind is None else kind.paid_by

    return programme
