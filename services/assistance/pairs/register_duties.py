"""Who is obliged by pairs that follow the register: the village to find a helper for a household in it, and the helper to the
household."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import LiteralString
from uuid import UUID

from contracts.assistance.pairing import EndReason, HelperAssigned
from contracts.assistance.pairs import PairEndReason, PairFormed
from contracts.casework.records import SubjectKind
from contracts.selection import known, timeline
from services.assistance.pairs.first_edition import HELPER
from services.assistance.pairs.state import Pair, helped
from services.assistance.pairs.streams import following_stream
from services.assistance.registrations import Registration, Stay, registrations
from services.casework.duties.history import Fulfilment, History, Obligation
from services.casework.duties.matters import NO_FULFILMENTS, DutyMatters, FulfilmentSource
from services.casework.inbox.entries import SUBJECT, Act
from services.casework.people.queries import facts_about_households
from services.chassis.log.unit import Tx

IN_REGISTER, HELPED = "household_in_register", "helper_of_household"
"""Names of the obligations, for documents."""
FORMED, ASSIGNED = PairFormed.type_name, HelperAssigned.type_name
"""What fulfils the first: a pair, of a kind that the document may name; ``ASSIGNED``: as documents of the first edition call a pair of
the kind ``HELPER``."""
FIND_HELPER = Act(
    "form_pair", "POST", "/assistance/pairs",
    {"kind": HELPER, "subject": {"kind": str(SubjectKind.HOUSEHOLD), "id": SUBJECT}},
)  # fmt: skip
HANDED_OVER = str(PairEndReason.HANDED_OVER)
OWED_NONE = frozenset(map(str, EndReason))
"""Ends after which the household is owed no helper."""


@dataclass(frozen=True, slots=True)
class RegisterRecord:
    """A household in the register, and its pairs that follow it. ``latest``: id of the fact recorded last."""

    household: UUID
    registrations: Sequence[Registration]
    stays: Sequence[Stay]
    pairs: Sequence[Pair]
    latest: str

    def history(self, obligations: Sequence[Obligation], fulfilments: Sequence[Fulfilment]) -> History:
        places = [(stay.since, stay.division) for stay in self.stays]
        return History(obligations, fulfilments, places, self.latest, self.household)


def village_history(of: RegisterRecord) -> History:
    """The village owes a helper by whatever puts the household into the register, and by its helper's leaving."""
    entered = [Obligation(None, r.since, max(r.since, r.known_on), r.until, r.cause) for r in of.registrations]
    return of.history([*entered, *_by_leaving(of)], [f for pair in of.pairs for f in _formed(pair)])


def helpers_history(of: RegisterRecord, done: Sequence[Fulfilment]) -> History:
    """As long as somebody is the household's helper they owe it what the documents say."""
    obligations = [
        Obligation(p.formed.helper, p.told.day, max(p.told.day, p.told.known_on), p.until, p.told.fact, p.formed.kind)
        for p in of.pairs
    ]
    return of.history(obligations, done)


def read_records(
    tx: Tx, households: Sequence[UUID], as_of: date, known_at: datetime | None
) -> Iterable[RegisterRecord]:
    """Of those that were in the register's log by then."""
    about = facts_about_households(tx.cur, households)
    own = tx.load_many(map(following_stream, households))
    for household in households:
        register, told = known(about[household], known_at), known(own[following_stream(household)], known_at)
        entered, stays = registrations(household, timeline(register, of=household, as_of=as_of))
        if stays:
            latest = max((*register, *told), key=attrgetter("recorded_at")).id
            pairs = [pair for pair in helped(told, as_of).pairs.values() if not pair.void]
            yield RegisterRecord(household, entered, stays, pairs, latest)


class HouseholdInRegister:
    """Implements ``DutyMatter``: by whatever puts a household into the register, and by its helper's leaving without a
    successor, the village owes it a helper (M052, source facts §5 rule 21)."""

    of_households = True
    set_once = False
    kinds: Mapping[str, frozenset[str]] = {FORMED: frozenset(), ASSIGNED: frozenset()}
    acts: Mapping[str, Act] = {FORMED: FIND_HELPER, ASSIGNED: FIND_HELPER}
    obligations: LiteralString = (
        "SELECT household_id AS subject, NULL::text AS obliged, since, greatest(since, known_on) AS begins, until,"
        " NULL::text AS of_kind FROM registrations UNION ALL"
        " SELECT p.subject, NULL, p.until, greatest(p.until, p.end_known_on), r.until, NULL"
        " FROM register_pairs p JOIN registrations r ON r.household_id = p.subject"
        " WHERE NOT p.void AND p.until IS NOT NULL AND (p.reason IS NULL OR"
        " p.reason NOT IN ('household_removed', 'household_cancelled', 'household_exited', 'not_registered'))"
        " AND (p.reason IS DISTINCT FROM 'handed_over' OR NOT EXISTS (SELECT FROM register_pairs q WHERE q.subject = p.subject"
        "  AND NOT q.void AND q.formed_on <= p.until AND (q.until IS NULL OR q.until > p.until)))"
        " AND p.until >= r.since AND (r.until IS NULL OR p.until < r.until)"
    )
    fulfilments: LiteralString = (
        f"SELECT p.subject, k.kind, p.helper AS by, p.formed_on AS day, coalesce(p.until - 1, 'infinity') AS last,"
        f" k.fields, NULL::uuid AS whom FROM register_pairs p CROSS JOIN LATERAL (SELECT '{FORMED}' AS kind, ARRAY[p.kind] AS fields"
        f" UNION ALL SELECT '{ASSIGNED}', '{{}}'::text[] WHERE p.kind = '{HELPER}') k WHERE NOT p.void"
    )
    parties: LiteralString = (
        "SELECT household_id AS subject, NULL::text AS obliged, NULL::text AS of_kind FROM registered"
    )

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        return {of.household: village_history(of) for of in read_records(tx, subjects, as_of, known_at)}


class HelperOfHousehold:
    """Implements ``DutyMatter``: as long as somebody is a household's helper they owe it what the documents say. ``done``: where
    what helpers do is recorded: the visits and talks that are entered in the register, too."""

    of_households = True
    set_once = False
    obligations: LiteralString = (
        "SELECT subject, helper AS obliged, formed_on AS since, greatest(formed_on, formed_known_on) AS begins, until,"
        " kind AS of_kind FROM register_pairs WHERE NOT void"
    )
    parties: LiteralString = "SELECT subject, helper AS obliged, kind AS of_kind FROM register_pairs"

    def __init__(self, done: Sequence[FulfilmentSource]) -> None:
        self._done = done
        self.kinds: Mapping[str, frozenset[str]] = {
            kind: fields for source in done for kind, fields in source.kinds.items()
        }
        self.acts: Mapping[str, Act] = {kind: act for source in done for kind, act in source.acts.items()}
        self.fulfilments: LiteralString = " UNION ALL ".join(source.relation for source in done) or NO_FULFILMENTS

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        done = [source.fulfilments(tx, subjects, as_of, known_at) for source in self._done]
        return {
            of.household: helpers_history(of, [f for found in done for f in found.get(of.household, ())])
            for of in read_records(tx, subjects, as_of, known_at)
        }


def duty_matters(done: Sequence[FulfilmentSource]) -> DutyMatters:
    return {IN_REGISTER: HouseholdInRegister(), HELPED: HelperOfHousehold(done)}


def _by_leaving(of: RegisterRecord) -> Iterator[Obligation]:
    for pair in of.pairs:
        left = pair.until
        if left is None or pair.reason in OWED_NONE:
            continue
        if pair.reason == HANDED_OVER and any(other.holds_on(left) for other in of.pairs):
            continue  # whoever took over may have been entered by mistake
        known_on = pair.told.known_on if pair.end is None else pair.end.known_on
        cause = pair.told.fact if pair.end is None else pair.end.fact
        for r in of.registrations:
            if r.since <= left and (r.until is None or left < r.until):
                yield Obligation(None, left, max(left, known_on), r.until, cause)


def _formed(pair: Pair) -> Iterator[Fulfilment]:
    last = date.max if pair.until is None else pair.until - timedelta(1)
    by, kind = pair.formed.helper, pair.formed.kind
    yield Fulfilment(pair.told.fact, FORMED, pair.told.day, last, by, frozenset({kind}))
    if kind == HELPER:
        yield Fulfilment(pair.told.fact, ASSIGNED, pair.told.day, last, by)
