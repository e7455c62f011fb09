"""Reading the text of a record: for a stated purpose, recorded before it is given out."""

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from contracts.casework.records import WorkAnnulled, WorkRecorded, WorkRestored, WorkTextRead
from contracts.facts import Recorded
from contracts.personal import Personal
from contracts.registry.access import Purpose
from services.casework.purposes import access_stream
from services.casework.records.answers import TextAnswer
from services.casework.records.streams import RecordId
from services.chassis.ground.refusals import Unavailable
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.group_commit import StoreUnavailable
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import DataKey, Shredded, key_number, open_box


def opened(facts: Iterable[Recorded], keys: DataKeys) -> list[TextAnswer]:
    """Every sealed value of these facts in plain. Blocking."""
    values = [value for r in facts for value in _sealed(r)]
    numbered = {(subject, n) for _, _, subject, _, value in values if (n := key_number(value)) is not None}
    found = keys.keys_by_number(numbered) if numbered else {}
    return [
        TextAnswer(version=version, field=field, text=_plain(value, subject, bound, found))
        for version, field, subject, bound, value in values
    ]


async def record_reading(store: Store, record: RecordId, reader: str, purpose: Purpose) -> None:
    """Raises ``Unavailable``."""
    stream = access_stream(reader)

    def work(tx: Tx) -> Reply:
        read = WorkTextRead(
            effective_on=tx.today, entered_by=reader, record=str(record), reader=reader, purpose=purpose
        )
        tx.append(stream, read)
        return Reply()

    # Every reading is one of its own: nothing is remembered of the request.
    command = CommandRef(uuid4(), reader, "GET texts", "", b"")
    try:
        await store.submit_async(Unit(command, work, extends=(stream,), remembered=False))
    except StoreUnavailable as away:
        raise Unavailable(away.rule, retry_after=5) from away


def _sealed(r: Recorded) -> Iterable[tuple[int, str, UUID, str, Personal[str]]]:
    """Version, field of the form, key's subject, and what the box is bound to."""
    fact = r.fact
    if isinstance(fact, WorkRecorded):
        yield from ((r.version, value.field, fact.key_subject, "text", value.text) for value in fact.sealed)
    elif isinstance(fact, WorkAnnulled | WorkRestored):
        yield r.version, "reason", fact.key_subject, "reason", fact.reason


def _plain(value: Personal[str], subject: UUID, bound: str, keys: Mapping[tuple[UUID, int], DataKey]) -> str:
    plain = open_box(value, subject, bound, keys.get((subject, key_number(value) or 0)))
    return plain.value if isinstance(plain, Shredded) else plain
