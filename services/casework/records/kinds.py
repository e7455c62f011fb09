"""The kinds of records of a service: the edition in force on a day, the one a record was told under, and whose they are to
read."""

from collections.abc import Iterator
from datetime import date

from contracts.casework.records import WorkRecorded
from services.casework.documents.domain import KnownDocuments, Status
from services.casework.documents.lookup import Lookup
from services.casework.records.document import KIND, RecordKind, record_kind_from
from services.casework.records.rules import KIND_NOT_IN_FORCE, UNKNOWN_KIND
from services.chassis.ground.refusals import Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.security.actor import Actor


def kind_in_force(lookup: Lookup, kind: str, day: date, place: str) -> RecordKind:
    """Raises ``Refused``."""
    try:
        return lookup.in_force(KIND, kind, day, place).typed(record_kind_from)
    except UnknownName:
        raise Refused(UNKNOWN_KIND, kind=kind) from None
    except NotInForce:
        raise Refused(KIND_NOT_IN_FORCE, on=day.isoformat()) from None


def kind_told(lookup: Lookup, kind: str, edition: str) -> RecordKind:
    """The edition that a record was told under, whatever became of it since."""
    return lookup.named(KIND, kind, edition).typed(record_kind_from)


def _adopted(documents: KnownDocuments) -> Iterator[RecordKind]:
    for state in documents.states.values():
        if state.status is Status.ADOPTED and state.edition.fact.kind == KIND:
            yield state.edition.typed(record_kind_from)


def ledgers(known: KnownDocuments) -> dict[str, frozenset[str]]:
    """Kind → the kinds that strike its entries off, by any edition: a record keeps the edition that it was told under."""
    found = dict[str, frozenset[str]]()
    for kind in _adopted(known):
        if kind.struck_off_by:
            found[kind.record_kind] = found.get(kind.record_kind, frozenset()) | frozenset(kind.struck_off_by)
    return found


def kinds_closed_to(actor: Actor, documents: KnownDocuments) -> frozenset[str]:
    """Kinds whose records the actor may not read. What one adopted edition of a kind keeps from somebody, of whatever day and
    place, the kind does: an edition that names more readers opens nothing before the narrower one is withdrawn."""
    kinds = (edition.typed(record_kind_from) for edition in documents.governing(KIND))
    return frozenset(
        k.record_kind for k in kinds if k.read_by is not None and not k.read_by.admit(actor.roles, actor.level)
    )


def is_hidden(fact: WorkRecorded, actor: Actor, closed: frozenset[str]) -> bool:
    """Whether the record is not for the actor to see: of a kind ``closed`` to them, and neither done nor entered by them."""
    return fact.kind in closed and actor.subject not in (fact.done_by, fact.entered_by)
