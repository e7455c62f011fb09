"""Records as what fulfils duties: owed to a household or a person, fulfilled by what was done for them, on the day on which it
was done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
from services.casework.records.streams import streams_of
from services.chassis.log.unit import Tx


class RecordFulfilments:
    """Implements ``FulfilmentSource``: records that stand ``about`` households, or persons. ``kinds``: editions that duties may
    ask for, with all the fields that any of a kind has. What is asked of a record is that a field is filled in, never what it
    says."""

    _RELATION: LiteralString = (
        "SELECT r.subject, r.kind, s.told->>'done_by' AS by, r.day, r.day AS last, ARRAY(SELECT v->>'field' FROM"
        " jsonb_array_elements((s.told->'sealed') || (s.told->'codes') || (s.told->'measured') || (s.told->'days')) v)"
        " AS fields, NULL::uuid AS whom"
        " FROM records r JOIN log l ON l.originator_version = r.version"
        " AND l.originator_id = 'records-' || r.subject || '-' || to_char(r.day, 'YYYY')"
        " CROSS JOIN LATERAL (SELECT convert_from(l.state, 'UTF8')::jsonb AS told) s"
        " WHERE r.until IS NULL AND r.awaiting IS NULL AND r.about = "
    )

    def __init__(self, service: str, kinds: Iterable[RecordKind], about: SubjectKind = SubjectKind.HOUSEHOLD) -> None:
        letter: LiteralString = "'h'" if about is SubjectKind.HOUSEHOLD else "'p'"
        self.relation: LiteralString = self._RELATION + letter
        self._about = about
        fields: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for kind in kinds:
            if about in kind.subjects:
                fields[kind.record_kind] |= {field.name for field in kind.fields}
        self.kinds: Mapping[str, frozenset[str]] = dict(fields)
        self.acts: Mapping[str, Act] = {
            kind: Act(
                "make_record", "POST", f"/{service}/records",
                {"kind": kind, "subject": {"kind": str(about), "id": SUBJECT}},
            )
            for kind in fields
        }  # fmt: skip

    def fulfilments(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, Sequence[Fulfilment]]:
        streams = {subject: streams_of([subject], EARLIEST, min(as_of, tx.today)) for subject in subjects}
        facts = tx.load_many(chain.from_iterable(streams.values()))
        return {
            subject: [
                _fulfilment(record.told, record.fact)
                for stream in of_subject
                for record in standing(known(facts[stream], known_at))
                if record.fact.about is self._about and record.fact.effective_on <= as_of
            ]
            for subject, of_subject in streams.items()
        }


def _fulfilment(told: Recorded, fact: WorkRecorded) -> Fulfilment:
    said = [v.field for v in fact.sealed], [v.field for v in fact.codes], [v.field for v in fact.measured]
    fields = frozenset(chain(*said, (v.field for v in fact.days)))
    return Fulfilment(told.id, fact.kind, fact.effective_on, fact.effective_on, fact.done_by, fields)
