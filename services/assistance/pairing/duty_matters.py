"""Who is obliged by pairing: the village to find a helper for a household in the register, and the helper to the household."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import LiteralString
from uuid import UUID

from contracts.assistance.pairing import HelperAssigned
from contracts.selection import known, timeline
from services.assistance.pairing.domain import stream_of
from services.assistance.pairing.registrations import Registration, Stay, registrations
from services.assistance.pairing.state import HelperAssignment, fold
from services.casework.duties.history import Fulfilment, History, Obligation
from services.casework.duties.matters import NO_FULFILMENTS, DutyMatters, FulfilmentSource
from services.casework.inbox.entries import SUBJECT, Act
from services.casework.people.queries import facts_about_households
from services.chassis.log.unit import Tx

IN_REGISTER, HELPED = "household_in_register", "helper_of_household"
"""Names of the obligations, for documents."""
ASSIGNED = HelperAssigned.type_name


@dataclass(frozen=True, slots=True)
class PairingRecord:
    """A household in the register, and its helpers. ``latest``: id of the fact recorded last."""

    household: UUID
    registrations: Sequence[Registration]
    stays: Sequence[Stay]
    assignments: Sequence[HelperAssignment]
    latest: str

    def history(self, obligations: Sequence[Obligation], fulfilments: Sequence[Fulfilment]) -> History:
        places = [(stay.since, stay.division) for stay in self.stays]
        return History(obligations, fulfilments, places, self.latest, self.household)


def village_history(of: PairingRecord) -> History:
    """The village owes a helper by whatever puts the household into the register, and by its helper's leaving."""
    entered = [Obligation(None, r.since, max(r.since, r.known_on), r.until, r.cause) for r in of.registrations]
    return of.history([*entered, *_by_release(of)], [_assigned(a) for a in of.assignments])


def helpers_history(of: PairingRecord, done: Sequence[Fulfilment]) -> History:
    """As long as somebody is the household's helper they owe it what the documents say."""
    obligations = [
        Obligation(a.helper, a.assigned_on, max(a.assigned_on, a.known_on), a.released_on, a.fact)
        for a in of.assignments
    ]
    return of.history(obligations, done)


def read_records(tx: Tx, households: Sequence[UUID], as_of: date, known_at: datetime | None) -> Iterable[PairingRecord]:
    """Of those that were in the register's log by then."""
    about = facts_about_households(tx.cur, households)
    own = tx.load_many(stream_of(household) for household in households)
    for household in households:
        register, pairing = known(about[household], known_at), known(own[stream_of(household)], known_at)
        entered, stays = registrations(household, timeline(register, of=household, as_of=as_of))
        if stays:
            latest = max((*register, *pairing), key=attrgetter("recorded_at")).id
            assignments = fold(timeline(pairing, as_of=as_of)).assignments
            yield PairingRecord(household, entered, stays, assignments, latest)


class HouseholdInRegister:
    """Implements ``DutyMatter``: by whatever puts a household into the register, and by its helper's leaving without a
    successor, the village owes it a helper (M052, source facts §5 rule 21)."""

    of_households = True
    set_once = False
    kinds: Mapping[str, frozenset[str]] = {ASSIGNED: frozenset()}
    acts: Mapping[str, Act] = {
        ASSIGNED: Act("assign_helper", "POST", "/assistance/pairings", {"household_id": SUBJECT})
    }
    obligations: LiteralString = (
        "SELECT household_id AS subject, NULL::text AS obliged, since, greatest(since, known_on) AS begins, until,"
        " NULL::text AS of_kind FROM registrations UNION ALL"
        " SELECT p.household_id, NULL, p.released_on, greatest(p.released_on, p.release_known_on), r.until, NULL"
        " FROM pairings p JOIN registrations r USING (household_id)"
        " WHERE p.without_successor AND p.released_on >= r.since AND (r.until IS NULL OR p.released_on < r.until)"
    )
    fulfilments: LiteralString = (
        f"SELECT household_id AS subject, '{ASSIGNED}' AS kind, helper AS by, assigned_on AS day,"
        " coalesce(released_on - 1, 'infinity') AS last, '{}'::text[] AS fields, NULL::uuid AS whom FROM pairings"
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
    what helpers do is recorded."""

    of_households = True
    set_once = False
    obligations: LiteralString = (
        "SELECT household_id AS subject, helper AS obliged, assigned_on AS since, greatest(assigned_on, known_on) AS begins,"
        " released_on AS until, NULL::text AS of_kind FROM pairings"
    )
    parties: LiteralString = "SELECT household_id AS subject, helper AS obliged, NULL::text AS of_kind FROM helpers"

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


def _by_release(of: PairingRecord) -> Iterator[Obligation]:
    for a in of.assignments:
        if a.released_on is None or a.released_by is None or a.release_known_on is None or not a.left_without_successor:
            continue
        for r in of.registrations:
            if r.since <= a.released_on and (r.until is None or a.released_on < r.until):
                begins = max(a.released_on, a.release_known_on)
                yield Obligation(None, a.released_on, begins, r.until, a.released_by)


def _assigned(a: HelperAssignment) -> Fulfilment:
    last = date.max if a.released_on is None else a.released_on - timedelta(1)
    return Fulfilment(a.fact, ASSIGNED, a.assigned_on, last, by=a.helper)
