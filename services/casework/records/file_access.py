"""Files that records cite are for those who may read the records."""

from typing import LiteralString

from contracts.casework.records import WorkRecorded
from services.casework.documents.reading import Documents
from services.casework.evidence.domain import StoredEvidence
from services.casework.records.kinds import is_hidden, kinds_closed_to
from services.casework.records.streams import PREFIX
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor

OF_SUBJECTS: LiteralString = f"""
SELECT {COLUMNS} FROM unnest(%s::text[]) AS begins JOIN log ON originator_id > begins || '-' AND originator_id < begins || '.'
"""


class RecordFiles:
    """Blocking."""

    def __init__(self, store: Store, documents: Documents) -> None:
        self._store, self._documents = store, documents

    def hidden_from(self, actor: Actor, file: StoredEvidence) -> bool:
        """Whether a record that the actor may not read cites it, annulled or not. Whoever uploaded it reads it always."""
        closed = kinds_closed_to(actor, self._documents.own().as_known())
        if not closed or actor.subject == file.upload.entered_by:
            return False
        with self._store.reading() as conn:
            rows = conn.execute(OF_SUBJECTS, ([f"{PREFIX}{each}" for each in file.subjects],)).fetchall()
        told = (decode_row(self._store.name, row).fact for row in rows)
        return any(
            isinstance(fact, WorkRecorded)
            and is_hidden(fact, actor, closed)
            and any(cited.file is not None and cited.file.id == file.id for cited in fact.evidence)
            for fact in told
        )
