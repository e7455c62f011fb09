"""What assistance's duty sets may name of other documents: kinds of records and kinds of pairs, whoever adopted them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.assistance.parties import PartyKind
from contracts.roles import Role
from services.assistance.measures.duty_matters import BEGUN, OWED_MEASURES
from services.assistance.pairs.document import KIND as PAIR_KIND
from services.assistance.pairs.document import PairKind, pair_kind_from
from services.assistance.pairs.duty_matters import COMMITTED, FORMED, LISTED, PAIR, PARTY, RECORD, TO_SIGN
from services.assistance.pairs.register_duties import IN_REGISTER
from services.casework.documents.domain import KnownDocuments, Status
from services.casework.documents.editions import Edition
from services.casework.documents.lookup import Lookup
from services.casework.duties.document import KIND as DUTY_SET
from services.casework.duties.document import Duty, duty_set_from
from services.casework.records.document import KIND as RECORD_KIND
from services.casework.records.document import RecordKind, record_kind_from
from services.chassis.law.content import DocumentError

OF_PAIRS = (PAIR, TO_SIGN, LISTED)


class RecordsAndPairs:
    """Implements ``NamedInDocuments``."""

    def facts(self, known: KnownDocuments, obligation: str, programme: str) -> Mapping[str, frozenset[str]]:
        if obligation == IN_REGISTER:
            return {FORMED: _pair_kinds(known)}
        if obligation == OWED_MEASURES:
            return {BEGUN: frozenset()}
        found: dict[str, frozenset[str]] = {}
        for edition in _adopted(known, RECORD_KIND):
            kind = edition.typed(record_kind_from)
            if kind.of_programme not in (None, programme):
                continue
            names = frozenset(field.name for field in kind.fields)
            found[kind.record_kind] = found.get(kind.record_kind, frozenset()) | names
        if obligation in (LISTED, PARTY):
            found[FORMED] = _pair_kinds(known)
        if obligation == TO_SIGN:
            found[COMMITTED] = _pair_kinds(known)
        return found

    def of(self, known: KnownDocuments, obligation: str) -> frozenset[str]:
        if obligation == PARTY:
            return frozenset(map(str, PartyKind))
        return frozenset(map(_key, _kinds(known, obligation)))

    def readers(self, known: KnownDocuments, duty: Duty) -> frozenset[Role] | None:
        kinds = (kind for kind in _kinds(known, duty.obligation) if duty.of in (None, _key(kind)))
        closed = [frozenset(kind.read_by.roles) for kind in kinds if kind.read_by is not None]
        return frozenset.intersection(*closed) if closed else None


@dataclass(frozen=True)
class ClosableKind:
    """Reads a kind of pairs, or of records, that may be for some readers alone. ``owed_by``: obligations that follow from it."""

    read: Callable[[Mapping[str, Any]], PairKind | RecordKind]
    owed_by: Collection[str]

    def __call__(self, content: Mapping[str, Any]) -> PairKind | RecordKind:
        return self.read(content)

    def require(self, content: Mapping[str, Any], documents: Lookup) -> None:
        """Raises ``DocumentError`` for one that is closed while an open duty set tells of what is owed by it."""
        kind = self.read(content)
        if kind.read_by is None:
            return
        for edition in _adopted(documents.known(DUTY_SET), DUTY_SET):
            duties = edition.typed(duty_set_from)
            owed = any(each.obligation in self.owed_by and each.of in (None, _key(kind)) for each in duties.duties)
            if owed and not duties.is_kept_to(kind.read_by.roles):
                raise DocumentError(
                    (),
                    f"任务清单{duties.duty_set}读它的人更多，会因此知道；其 read_by 不得比这里宽",
                    f"read_by: the duty set {duties.duty_set} tells others; let it be read by no more",
                )


def _key(kind: PairKind | RecordKind) -> str:
    return kind.pair_kind if isinstance(kind, PairKind) else kind.record_kind


def _kinds(known: KnownDocuments, obligation: str) -> Iterator[PairKind | RecordKind]:
    """By which something may be owed."""
    if obligation in OF_PAIRS:
        yield from (edition.typed(pair_kind_from) for edition in _adopted(known, PAIR_KIND))
    elif obligation == RECORD:
        yield from (edition.typed(record_kind_from) for edition in _adopted(known, RECORD_KIND))


def _pair_kinds(known: KnownDocuments) -> frozenset[str]:
    return frozenset(map(_key, _kinds(known, PAIR)))


def _adopted(known: KnownDocuments, kind: str) -> Iterator[Edition]:
    states = known.states.values()
    return (s.edition for s in states if s.status is Status.ADOPTED and s.edition.fact.kind == kind)
