"""Agreements in the log: command handlers, the claim of their numbers, and the view."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

import msgspec

from contracts.facts import PUBLISHED, Fact, Recorded
from contracts.monitoring import agreements as facts
from contracts.monitoring.agreements import AgreementActsAnnulled, AgreementBaseTold, AgreementFact, AgreementSigned
from contracts.selection import surviving, timeline
from services.casework.documents.lookup import Lookup
from services.casework.documents.reading import Documents
from services.casework.normalized_texts import normalized
from services.chassis.ground.labels import Label
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.law.dated import NotInForce, UnknownName
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.monitoring.agreements import domain, kinds, rules
from services.monitoring.agreements.kinds import AgreementKind, agreement_kind_from
from services.monitoring.agreements.state import Agreement, agreement_to_json, fold
from services.monitoring.works import digest

AGREEMENT_STREAMS, BASE_STREAMS = "agreement-", "agreement-base-"
NUMBER_CLAIM = "agreement_number"
"""Kind of claim: which agreement has a number."""
COUNTY_DIGITS = 6
Decide = Callable[[Agreement, Sequence[Recorded], AgreementKind, date], Sequence[Fact]]
"""A decision about one agreement: as it stands, its facts, the document of its kind, today."""


def stream_of(agreement_id: UUID) -> str:
    return f"{AGREEMENT_STREAMS}{agreement_id}"


def base_stream(kind: str, division: str) -> str:
    return f"{BASE_STREAMS}{kind}-{division}"


def location_of(agreement_id: UUID) -> str:
    return f"/monitoring/agreements/{agreement_id}"


def kind_on(lookup: Lookup, key: str, day: date, division: str) -> AgreementKind:
    """What agreements of the kind need there on that day. Raises ``Refused``."""
    try:
        return lookup.in_force(kinds.KIND, key, day, division).typed(agreement_kind_from)
    except (NotInForce, UnknownName) as exc:
        raise Refused(rules.KIND_UNKNOWN, agreement_kind=key) from exc


def clause_label(lookup: Lookup, kind: str, clause: str, day: date, division: str) -> Label:
    """What the clause is called in the document that held there on that day; its key where none says it."""
    with suppress(Refused):
        if (terms := kind_on(lookup, kind, day, division).clause(clause)) is not None:
            return Label(terms.zh, terms.en)
    return Label(clause, clause)


class AgreementCommands:
    """Handlers of the commands about agreements."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def sign(self, proposed: AgreementSigned, actor: Actor) -> Callable[[Tx], Reply]:
        def handle(tx: Tx) -> Reply:
            if not actor.covers(proposed.division):
                raise Refused(NOT_FOUND)
            lookup = self._documents.in_unit(tx)
            kind = kind_on(lookup, proposed.kind, proposed.effective_on, proposed.division)
            signed = domain.sign(proposed, kind, tx.today)
            number = _number(proposed.division, proposed.kind, proposed.term.number)
            if others := tx.holders(NUMBER_CLAIM, number).values():
                raise Refused(rules.TOLD_ALREADY, agreement_id=str(next(iter(others))))
            _append(tx, stream_of(proposed.agreement_id), signed, lookup)
            _settle_numbers(tx, proposed.agreement_id, [])
            return Reply(location=location_of(proposed.agreement_id))

        return handle

    def handler(self, agreement_id: UUID, actor: Actor, decide: Decide) -> Callable[[Tx], Reply]:
        """A later act about an agreement in the actor's area."""

        def handle(tx: Tx) -> Reply:
            stream = stream_of(agreement_id)
            before = tx.load(stream)
            agreement = _as_signed(before)
            if not actor.covers(agreement.division):
                raise Refused(NOT_FOUND)
            lookup = self._documents.in_unit(tx)
            kind = kind_on(lookup, agreement.kind, agreement.signed_on, agreement.division)
            _append(tx, stream, decide(agreement, before, kind, tx.today), lookup)
            domain.require_standing(tx.load(stream))
            _settle_numbers(tx, agreement_id, before)
            return Reply(location=location_of(agreement_id))

        return handle

    def tell_base(self, proposed: AgreementBaseTold, actor: Actor) -> Callable[[Tx], Reply]:
        def handle(tx: Tx) -> Reply:
            if not actor.covers(proposed.division):
                raise Refused(NOT_FOUND)
            lookup = self._documents.in_unit(tx)
            kind = kind_on(lookup, proposed.kind, proposed.effective_on, proposed.division)
            _append(
                tx, base_stream(proposed.kind, proposed.division), domain.tell_base(proposed, kind, tx.today), lookup
            )
            return Reply(
                location=f"/monitoring/agreement-coverage?agreement_kind={proposed.kind}&division={proposed.division}"
            )

        return handle


def annulling(fact: AgreementActsAnnulled) -> Decide:
    return lambda _, known, __, today: domain.annul(fact, known, today)


def _as_signed(of_agreement: Sequence[Recorded]) -> Agreement:
    """As it stands; of one whose signing is void, as it was signed, so that it can be restored. Raises ``NOT_FOUND``."""
    standing = fold(timeline(of_agreement))
    return standing or domain.require_known([r for r in of_agreement if not r.fact.annuls])


def _append(tx: Tx, stream: str, new: Sequence[Fact], lookup: Lookup) -> None:
    basis = lookup.basis(tx.log, tx.head)
    tx.append(stream, *(msgspec.structs.replace(fact, decided_from=basis) for fact in new))


def _settle_numbers(tx: Tx, agreement_id: UUID, before: Sequence[Recorded]) -> None:
    """Numbers of what is void are free; of what stands they are held, unless another agreement has them."""
    former, now = _numbers(before), _numbers(tx.load(stream_of(agreement_id)))
    for number in former - now:
        tx.release(NUMBER_CLAIM, number)
    for number in now - former:
        if others := tx.holders(NUMBER_CLAIM, number).values():
            raise Refused(rules.TOLD_ALREADY, agreement_id=str(next(iter(others))))
        tx.claim(NUMBER_CLAIM, number, agreement_id)


def _numbers(of_agreement: Sequence[Recorded]) -> set[tuple[tuple[int, bytes], ...]]:
    standing = fold(timeline(of_agreement))
    if standing is None:
        return set()
    return {_number(standing.division, standing.kind, term.number) for term in standing.terms}


def _number(division: str, kind: str, number: str) -> tuple[tuple[int, bytes], ...]:
    """A county numbers its contracts of a kind."""
    return digest(normalized((division[:COUNTY_DIGITS], kind, number)))


AGREEMENTS = Table(
    "agreements", "agreement_id",
    ("agreement_id", "division", "kind", "title", "starts_on", "until", "ended_on", "agreement_json"),
)  # fmt: skip
TERMS = Table(
    "agreement_terms", "agreement_id",
    ("agreement_id", "division", "kind", "starts_on", "until", "units", "persons", "known_from", "known_until"),
)  # fmt: skip
DUES = Table(
    "agreement_dues",
    "agreement_id",
    ("agreement_id", "division", "clause", "first_day", "last_day", "wanted", "done", "unit"),
)


def view() -> View[UUID]:
    """Keeps ``agreements``, ``agreement_terms`` and ``agreement_dues``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, AgreementFact))
    return view_of_streams("agreements", (AGREEMENTS, TERMS, DUES), types, AGREEMENT_STREAMS, UUID, _rows)


def _rows(agreement_id: UUID, known: Sequence[Recorded]) -> tuple[Iterable[Row], Iterable[Row], Iterable[Row]]:
    agreement = fold(timeline(known))
    terms = list(_terms(agreement_id, known))
    if agreement is None:
        return (), terms, ()
    row = (
        agreement_id, agreement.division, agreement.kind, agreement.title, agreement.terms[0].starts_on, agreement.until,
        agreement.ended_on, agreement_to_json(agreement),
    )  # fmt: skip
    dues = [
        (agreement_id, agreement.division, d.clause, d.first, d.last, d.wanted, d.done, d.unit) for d in agreement.dues()
    ]  # fmt: skip
    return [row], terms, dues


TELLS_TERMS = facts.AgreementSigned, facts.AgreementRenewed, facts.AgreementEnded, facts.AgreementActsAnnulled


def _terms(agreement_id: UUID, known: Sequence[Recorded]) -> Iterable[Row]:
    """Whom it covered from when to when, each time with when it was known so."""
    ordered = sorted(known, key=lambda r: r.position)
    since: dict[Row, datetime] = {}
    for place, recorded in enumerate(ordered, start=1):
        if not isinstance(recorded.fact, TELLS_TERMS):
            continue
        now = set(_covered(agreement_id, ordered[:place]))
        for row in [row for row in since if row not in now]:
            yield (*row, since.pop(row), recorded.recorded_at)
        for row in now - since.keys():
            since[row] = recorded.recorded_at
    for row, known_from in since.items():
        yield (*row, known_from, None)


def _covered(agreement_id: UUID, known: Sequence[Recorded]) -> Iterable[Row]:
    agreement = fold(r for r in surviving(known))
    for number, term in enumerate(() if agreement is None else agreement.terms):
        assert agreement is not None
        if (last := agreement.last_day(number)) >= term.starts_on:
            yield agreement_id, agreement.division, agreement.kind, term.starts_on, last, term.units, term.persons
