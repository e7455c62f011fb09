"""Who is obliged by measures: the village, to see to it that whoever comes into the register is given one without delay."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import LiteralString
from uuid import UUID

from contracts.assistance.measures import MeasureBegun
from contracts.facts import Recorded
from contracts.selection import known, timeline
from services.assistance.measures.domain import stream_of
from services.assistance.measures.state import measures_of
from services.assistance.pairs.register_duties import read_records
from services.casework.duties.history import Fulfilment, History, Obligation
from services.casework.duties.matters import DutyMatters
from services.casework.inbox.entries import SUBJECT, Act
from services.chassis.log.unit import Tx

OWED_MEASURES = "household_owed_measures"
"""Name of the obligation, for documents."""
BEGUN = MeasureBegun.type_name


class HouseholdOwedMeasures:
    """Implements ``DutyMatter``: by whatever puts a household into the register, the village owes it a measure (source facts §5
    rule 21). A measure answers from the day on which it begins until it is withdrawn, also one that was begun before."""

    of_households = True
    set_once = False
    kinds: Mapping[str, frozenset[str]] = {BEGUN: frozenset()}
    acts: Mapping[str, Act] = {
        BEGUN: Act("begin_measure", "POST", f"/assistance/measures/households/{SUBJECT}/measures")
    }
    obligations: LiteralString = (
        "SELECT household_id AS subject, NULL::text AS obliged, since, greatest(since, known_on) AS begins, until,"
        " NULL::text AS of_kind FROM registrations"
    )
    fulfilments: LiteralString = (
        f"SELECT b.household_id AS subject, '{BEGUN}' AS kind, NULL::text AS by, b.on_day AS day,"
        " coalesce(w.on_day - 1, 'infinity') AS last, '{}'::text[] AS fields, NULL::uuid AS whom FROM measure_entries b"
        " LEFT JOIN measure_entries w ON w.household_id = b.household_id AND w.measure_id = b.measure_id"
        " AND w.entry = 'withdrawn' AND w.known_until IS NULL WHERE b.entry = 'begun' AND b.known_until IS NULL"
    )
    parties: LiteralString = (
        "SELECT household_id AS subject, NULL::text AS obliged, NULL::text AS of_kind FROM registered"
    )

    def histories(
        self, tx: Tx, subjects: Sequence[UUID], as_of: date, known_at: datetime | None = None
    ) -> Mapping[UUID, History]:
        streams = tx.load_many(map(stream_of, subjects))
        return {
            of.household: of.history(
                [Obligation(None, r.since, max(r.since, r.known_on), r.until, r.cause) for r in of.registrations],
                [*_begun(known(streams[stream_of(of.household)], known_at), as_of)],
            )
            for of in read_records(tx, subjects, as_of, known_at)
        }


def _begun(facts: Sequence[Recorded], as_of: date) -> Iterator[Fulfilment]:
    told = timeline(facts, as_of=as_of)
    ids = {r.fact.measure_id: r.id for r in told if isinstance(r.fact, MeasureBegun)}
    for measure_id, measure in measures_of(told).measures.items():
        gone = measure.withdrawn_on
        last = date.max if gone is None else gone - timedelta(1)
        if last >= (day := measure.begun.effective_on):
            yield Fulfilment(ids[measure_id], BEGUN, day, last)


def duty_matters() -> DutyMatters:
    return {OWED_MEASURES: HouseholdOwedMeasures()}
