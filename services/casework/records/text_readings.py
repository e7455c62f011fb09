"""The sealed text of a record in plain; that it is read is recorded first."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from contracts.casework.records import WorkAnnulled, WorkRecorded, WorkRestored
from contracts.facts import Recorded
from contracts.personal import Personal
from services.casework.records.answers import TextAnswer
from services.chassis.security.data_keys import DataKeys
from services.chassis.security.sealing import DataKey, Shredded, key_id, open_box


def opened(facts: Iterable[Recorded], keys: DataKeys) -> list[TextAnswer]:
    """Every sealed value of these facts in plain. Blocking."""
    values = [value for r in facts for value in _sealed(r)]
    named = {(subject, needed) for _, _, subject, _, value in values if (needed := key_id(value)) is not None}
    found = keys.keys_by_id(named) if named else {}
    return [
        TextAnswer(version=version, field=field, text=_plain(value, subject, bound, found))
        for version, field, subject, bound, value in values
    ]


def _sealed(r: Recorded) -> Iterable[tuple[int, str, UUID, str, Personal[str]]]:
    """Version, field of the form, key's subject, and what the box is bound to."""
    fact = r.fact
    if isinstance(fact, WorkRecorded):
        yield from ((r.version, value.field, fact.key_subject, "text", value.text) for value in fact.sealed)
    elif isinstance(fact, WorkAnnulled | WorkRestored):
        yield r.version, "reason", fact.key_subject, "reason", fact.reason


def _plain(value: Personal[str], subject: UUID, bound: str, keys: Mapping[tuple[UUID, int], DataKey]) -> str:
    plain = open_box(value, subject, bound, keys.get((subject, key_id(value) or 0)))
    return plain.value if isinstance(plain, Shredded) else plain
