"""Evidence in a service's log and storage: bytes first, under a temporary name, then the fact; without its fact a file is
seen by nobody, and swept."""

import shlex
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from threading import Lock
from uuid import UUID

import structlog

from contracts.casework.evidence import EvidenceConcerns, EvidenceUploaded
from contracts.facts import Recorded
from services.casework.evidence.domain import (
    EVIDENCE_LOST,
    EVIDENCE_SHREDDED,
    STORAGE_AWAY,
    TYPE_NOT_ACCEPTED,
    Areas,
    StoredEvidence,
    fold,
    stream_of,
)
from services.casework.evidence.incoming import Incoming
from services.casework.evidence.media_types import media_type_of
from services.casework.evidence.scanning import scan
from services.casework.evidence.sealed_file import FileShredded, opened
from services.casework.evidence.storage import FileLost, OpenFile, SealedStorage, StorageUnavailable
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.refusals import NOT_FOUND, RULES, Refused, Unavailable
from services.chassis.ground.settings import Settings
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.entries import COLUMNS, decode_row
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import DataKey, SealBroken

log = structlog.get_logger("lika.evidence")

STREAMS = f"SELECT {COLUMNS} FROM log WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version".encode()

KEPT_UNCLAIMED = timedelta(days=1)
"""How long a file may wait for its fact before it is taken for one whose upload failed."""


HiddenFrom = Callable[[Actor, StoredEvidence], bool]


def nobody(_: Actor, __: StoredEvidence) -> bool:
    """From whom a file is hidden in whose area it is, where nothing that cites files is kept from anybody."""
    return False


class EvidenceStore:
    """Blocking and threadsafe. ``areas``: SQL of the relation (subject, division) of where this service's subjects are;
    ``open_keys`` is called when the first key is needed; ``hidden_from``: whether what cites a file keeps it from somebody in whose
    area it is."""

    def __init__(
        self,
        store: Store,
        areas: str,
        open_keys: Callable[[], DataKeys],
        storage: SealedStorage,
        settings: Settings,
        hidden_from: HiddenFrom = nobody,
    ) -> None:
        self.store, self._open_keys, self.storage = store, open_keys, storage
        self.hidden_from = hidden_from
        self._select_areas = f"SELECT subject, division FROM ({areas}) areas WHERE subject = ANY(%s)".encode()
        self._incoming = settings.data_dir / "evidence" / store.name / "incoming"
        self._scanner = settings.evidence_scan_command and shlex.split(settings.evidence_scan_command)
        self._scan_seconds = settings.evidence_scan_seconds
        self._keys: DataKeys | None = None
        self._opening = Lock()

    def location_of(self, evidence_id: UUID) -> str:
        return f"/{self.store.name}/evidence/{evidence_id}"

    def close(self) -> None:
        if self._keys is not None:
            self._keys.close()

    @property
    def keys(self) -> DataKeys:
        with self._opening:
            if self._keys is None:
                self._keys = self._open_keys()
            return self._keys

    def begin(self, *, dry_run: bool = False) -> Incoming:
        """A new file, to be written, then handed to ``keep``. Of a dry run: under a key that nobody keeps."""
        return Incoming(self._incoming, self.keys, dry_run=dry_run)

    def keep(self, incoming: Incoming, kind: str, subjects: tuple[UUID, ...], command: CommandRef) -> Unit:
        """Look at a file that came in whole, and store it; the unit of work that makes it visible, whose outcome goes to
        ``settled``. Nothing of a dry run is stored. Raises ``Refused`` for a kind of file that is not accepted and for what
        the scanner refuses, ``Unavailable`` where scanner or storage are away."""
        content = incoming.finish()
        media_type = media_type_of(content)
        if media_type is None:
            raise Refused(TYPE_NOT_ACCEPTED)
        if self._scanner:
            scan(self._scanner, content, self._scan_seconds)
        if not incoming.dry_run:
            self._store_bytes(incoming)
            self.list_under(incoming.id, subjects)

        def work(tx: Tx) -> Reply:
            fact = EvidenceUploaded(
                evidence_id=incoming.id, effective_on=tx.today, entered_by=command.principal, kind=kind,
                media_type=media_type, size=incoming.size, sha256=incoming.sha256, subjects=subjects,
            )  # fmt: skip
            tx.append(stream_of(incoming.id), fact)
            # Each attempt draws an id of its own: what a dry run drew is of no use.
            return Reply(location=None if incoming.dry_run else self.location_of(incoming.id))

        return Unit(command, work, extends=(stream_of(incoming.id),))

    def _store_bytes(self, incoming: Incoming) -> None:
        try:
            self.storage.keep(incoming.id, incoming.path)
        except StorageUnavailable as error:
            log.error("evidence_storage_unavailable", exc_info=error)
            raise Unavailable(STORAGE_AWAY, retry_after=30) from error

    def list_under(self, evidence_id: UUID, subjects: Iterable[UUID]) -> None:
        """Note with the file's data key that it concerns these subjects."""
        if concerned := tuple(subjects):
            self.keys.list_under(evidence_id, concerned)

    def settled(self, outcome: Outcome, incoming: Incoming) -> StoredEvidence:
        """The upload as recorded. A repeated command has its file from the first time: what came in again is deleted, as it is
        when the command was refused. Raises ``Refused``."""
        if outcome.location != self.location_of(incoming.id):
            try:
                self.storage.delete(incoming.id)
            except StorageUnavailable as error:  # the sweep will do it
                log.warning("evidence_not_deleted", exc_info=error)
        if outcome.code is not None or outcome.location is None:
            raise Refused(RULES[outcome.code or NOT_FOUND.code], **outcome.facts)
        uploaded = UUID(outcome.location.rpartition("/")[2])
        return self.find([uploaded])[uploaded]

    def find(self, ids: Iterable[UUID]) -> dict[UUID, StoredEvidence]:
        """What is known of these files, in one query; those without a fact are left out."""
        streams = [stream_of(i) for i in dict.fromkeys(ids)]
        with self.store.reading() as conn, conn.cursor(binary=True) as cur:
            rows = cur.execute(STREAMS, (streams,)).fetchall()
        by_stream: dict[str, list[Recorded]] = {}
        for row in rows:
            by_stream.setdefault(row[1], []).append(decode_row(self.store.name, row))
        found = (fold(facts) for facts in by_stream.values())
        return {evidence.id: evidence for evidence in found if evidence is not None}

    def areas(self, subjects: Collection[UUID]) -> Areas:
        """Where they are; those that this service does not know are left out."""
        found: dict[UUID, set[str]] = {}
        if not subjects:
            return found
        with self.store.reading() as conn:
            for subject, division in conn.execute(self._select_areas, (sorted(subjects),)):
                found.setdefault(subject, set()).add(division)
        return found

    def is_shredded(self, evidence: StoredEvidence) -> bool:
        """Raises ``DataKeyUnusable`` where its key was lost."""
        return bool(self.keys.destroyed_among([evidence.id]))

    def content(self, evidence: StoredEvidence) -> Iterator[bytes]:
        """In plain, chunk by chunk; the first is read before this returns. Raises ``Refused`` when the content was shredded
        or lost, ``Unavailable`` where the storage is away."""
        if self.is_shredded(evidence):
            raise Refused(EVIDENCE_SHREDDED)
        try:
            file = self.storage.open(evidence.id)
        except FileLost as error:
            log.error("evidence_lost")
            raise Refused(EVIDENCE_LOST) from error
        except StorageUnavailable as error:
            raise Unavailable(STORAGE_AWAY, retry_after=30) from error
        chunks = _closing(file, opened(file, evidence.id, partial(self._key, evidence.id), evidence.upload.sha256))
        try:
            return chain([next(chunks)], chunks)
        except FileShredded as error:
            raise Refused(EVIDENCE_SHREDDED) from error
        except SealBroken as error:
            log.error("evidence_altered")
            raise Refused(EVIDENCE_LOST) from error

    def _key(self, evidence_id: UUID, key_id: int) -> DataKey | None:
        return self.keys.keys_by_id([(evidence_id, key_id)]).get((evidence_id, key_id))

    def sweep(self) -> int:
        """Delete files without a fact that had long enough to get one; returns how many."""
        deadline = SystemClock().now() - KEPT_UNCLAIMED
        swept = 0
        for evidence_id in self.storage.older_than(deadline):
            if not self.find([evidence_id]):
                self.storage.delete(evidence_id)
                swept += 1
        return swept + _delete_older(self._incoming, deadline.timestamp())


def append_subjects(tx: Tx, evidence: StoredEvidence, subjects: Iterable[UUID], by: str) -> None:
    """Record which of these the file was not known to concern; nothing where it was."""
    if further := tuple(s for s in dict.fromkeys(subjects) if s not in evidence.subjects):
        fact = EvidenceConcerns(evidence_id=evidence.id, effective_on=tx.today, entered_by=by, subjects=further)
        tx.append(stream_of(evidence.id), fact)


def _closing(file: OpenFile, chunks: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chunks
    finally:
        file.close()


def _delete_older(folder: Path, timestamp: float) -> int:
    deleted = 0
    for path in folder.glob("*"):
        if path.stat().st_mtime < timestamp:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted
