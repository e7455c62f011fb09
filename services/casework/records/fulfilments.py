"""Records as what fulfils duties: owed to a household or a person, fulfilled by what was done for them, on the day on which it
was done."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import LiteralString
from uuid import UUID

from contracts.casework.records import SubjectKind, WorkRecorded
from contracts.facts import Recorded
from contracts.selection import known
from services.casework.duties.history import Fulfilment
from services.casework.duties.store import EARLIEST
from services.casework.inbox.entries import SUBJECT, Act
from services.casework.records.document import RecordKind
from services.casework.records.state import standing
from services.casework.records.streams import PREFIX, streams_of
from services.chassis.following.copies import copies_of_streams
from services.chassis.log.unit import Tx

OF: Mapping[SubjectKind | None, LiteralString] = {
    SubjectKind.HOUSEHOLD: "r.about = 'h'", SubjectKind.PERSON: "r.about = 'p'", None: "true",
}  # fmt: skip
UNNAMED = (None, SubjectKind.DIVISION)
"""Of these the id alone does not name the subject in a form."""
NO_ACTS: Mapping[str, Act] = {}


class RecordFulfilments:
    """Implements ``FulfilmentSource``: records that stand ``about`` households, or persons, or about whatever there is. ``kinds``:
    editions that duties may ask for, with all the fields that any of a kind has. What is asked of a record is that a field
    is filled in, never what it says. ``followed``: another log that tells of such records, too; what both tell of one
    person, kind and day was done once. ``acts``: by which request a kind is recorded, where that is not the service's
    own."""

    def __init__(
        self, service: str, kinds: Iterable[RecordKind], about: SubjectKind | None = SubjectKind.HOUSEHOLD,
        followed: LiteralString | None = None, acts: Mapping[str, Act] = NO_ACTS,
    ) -> None:  # fmt: skip
        about_it: LiteralString = OF[about]
        own: LiteralString = _relation("records r", "log l", about_it)
        self.relation: LiteralString = own
        if followed is not None:
            self.relation = (
                f"{own} UNION ALL SELECT * FROM"
                f" ({_relation('followed_records r', 'copies l', about_it)} AND l.log = '{followed}') f WHERE NOT EXISTS"
                f" (SELECT FROM ({own}) o WHERE o.subject = f.subject AND (o.kind, o.by, o.day) = (f.kind, f.by, f.day))"
            )
        self._about, self._followed = about, followed
        fields: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        named: dict[str, SubjectKind | None] = {}
        for kind in kinds:
            if about is None or about in kind.subjects:
                fields[kind.record_kind] |= {field.name for field in kind.fields}
                named[kind.record_kind] = about or (kind.subjects[0] if len(kind.subjects) == 1 else None)
        self.kinds: Mapping[str, frozenset[str]] = dict(fields)
        self.acts: Mapping[str, Act] = {
            kind: Act(
                "make_record", "POST", f"/{service}/records",
                {"kind": kind, **({"subject": {"kind": str(of), "id": SUBJECT}} if of not in UNNAMED else {})},
            )
            for kind, of in named.items()
        } | dict(acts)  # fmt: skip

    def fulfilments(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, Sequence[Fulfilment]]:
        streams = {subject: streams_of([subject], EARLIEST, min(as_of, tx.today)) for subject in subjects}
        facts = tx.load_many(chain.from_iterable(streams.values()))
        followed = self._followed_streams(tx, subjects)
        found: dict[UUID, list[Fulfilment]] = {}
        for subject, of_subject in streams.items():
            # In most years there is nothing.
            years = [of_year for stream in of_subject if (of_year := facts[stream])]
            own = [f for of_year in years for f in self._standing(of_year, as_of, known_at)]
            told = {(f.kind, f.by, f.day) for f in own}
            others = [f for of in followed.get(subject, ()) for f in self._standing(of, as_of, known_at)]
            found[subject] = [*own, *(f for f in others if (f.kind, f.by, f.day) not in told)]
        return found

    def _standing(self, facts: Sequence[Recorded], as_of: date, known_at: datetime | None) -> Iterator[Fulfilment]:
        for record in standing(known(facts, known_at)):
            if self._about in (None, record.fact.about) and record.fact.effective_on <= as_of:
                yield _fulfilment(record.told, record.fact)

    def _followed_streams(self, tx: Tx, subjects: Sequence[UUID]) -> Mapping[UUID, Iterable[Sequence[Recorded]]]:
        if self._followed is None:
            return {}
        prefixes = {f"{PREFIX}{subject}-": subject for subject in subjects}
        found = copies_of_streams(tx.cur, self._followed, list(prefixes))
        return {prefixes[prefix]: of.values() for prefix, of in found.items()}


def _relation(records: LiteralString, log: LiteralString, about_it: LiteralString) -> LiteralString:
    return (
        "SELECT r.subject, r.kind, s.told->>'done_by' AS by, r.day, r.day AS last, ARRAY(SELECT v->>'field' FROM"
        " jsonb_array_elements((s.told->'sealed') || (s.told->'codes') || (s.told->'measured') || (s.told->'days')) v)"
        " AS fields, NULL::uuid AS whom"
        f" FROM {records} JOIN {log} ON l.originator_version = r.version"
        " AND l.originator_id = 'records-' || r.subject || '-' || to_char(r.day, 'YYYY')"
        " CROSS JOIN LATERAL (SELECT convert_from(l.state, 'UTF8')::jsonb AS told) s"
        f" WHERE r.until IS NULL AND r.awaiting IS NULL AND {about_it}"
    )


def _fulfilment(told: Recorded, fact: WorkRecorded) -> Fulfilment:
    said = [v.field for v in fact.sealed], [v.field for v in fact.codes], [v.field for v in fact.measured]
    fields = frozenset(chain(*said, (v.field for v in fact.days)))
    return Fulfilment(told.id, fact.kind, fact.effective_on, fact.effective_on, fact.done_by, fields)
