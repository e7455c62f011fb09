"""What assistance's duty sets may name of other documents: kinds of records and kinds of pairs, whoever adopted them."""

from collections.abc import Iterator, Mapping

from contracts.assistance.parties import PartyKind
from services.assistance.measures.duty_matters import BEGUN, OWED_MEASURES
from services.assistance.pairs.document import KIND as PAIR_KIND
from services.assistance.pairs.document import pair_kind_from
from services.assistance.pairs.duty_matters import COMMITTED, FORMED, LISTED, PAIR, PARTY, RECORD, TO_SIGN
from services.assistance.pairs.register_duties import IN_REGISTER
from services.casework.documents.domain import KnownDocuments, Status
from services.casework.documents.editions import Edition
from services.casework.records.document import KIND as RECORD_KIND
from services.casework.records.document import record_kind_from


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
        if obligation in (PAIR, TO_SIGN, LISTED):
            return _pair_kinds(known)
        if obligation == PARTY:
            return frozenset(map(str, PartyKind))
        if obligation == RECORD:
            return frozenset(e.typed(record_kind_from).record_kind for e in _adopted(known, RECORD_KIND))
        return frozenset()


def _pair_kinds(known: KnownDocuments) -> frozenset[str]:
    return frozenset(edition.typed(pair_kind_from).pair_kind for edition in _adopted(known, PAIR_KIND))


def _adopted(known: KnownDocuments, kind: str) -> Iterator[Edition]:
    states = known.states.values()
    return (s.edition for s in states if s.status is Status.ADOPTED and s.edition.fact.kind == kind)
