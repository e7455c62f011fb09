"""The queue of a programme with a quota, as a unit of work sees it: exact about who has a place, whatever the view has yet."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from contracts.assistance.entitlements import EntitlementApplied, EntitlementGranted
from contracts.assistance.places import ProgrammePlaceTaken
from contracts.selection import timeline
from services.assistance.entitlements import domain
from services.assistance.entitlements.due_queries import BEHIND
from services.assistance.entitlements.quota import Queue, Waiting, prefix_of, stream_of
from services.assistance.entitlements.state import UnitEntitlements, fold
from services.assistance.entitlements.units import facts_about_units, is_household, unit_on
from services.assistance.programmes.candidates import Stated
from services.assistance.programmes.document import Programme
from services.assistance.programmes.eligibility import assess
from services.chassis.log.unit import Tx

RUNNING = (
    b"SELECT unit_id FROM entitlements WHERE programme = %s AND starts_with(division, %s) AND granted_from <= %s"
    b" AND (granted_until IS NULL OR granted_until > %s)"
)
OPEN = b"SELECT case_id, subject FROM cases WHERE standing = %s AND outcome IS NULL"


def queue_of(tx: Tx, programme: Programme, day: date) -> Queue | None:
    """On that day; ``None``: the programme has no quota. Only applications of which the view of cases knows wait."""
    if programme.quota is None:
        return None
    having = frozenset(_having(tx, programme, day))
    return Queue.of(programme.quota.units, having, _waiting(tx, programme, day))


def take_place(tx: Tx, programme: Programme, granted: EntitlementGranted) -> None:
    """Raises ``Refused`` where there is none, or others come before."""
    queue = queue_of(tx, programme, granted.effective_on)
    if queue is None:
        return
    queue.require_place(granted.case_id)
    taken = ProgrammePlaceTaken(
        programme=programme.programme, jurisdiction=programme.jurisdiction, unit_id=granted.unit_id,
        case_id=granted.case_id, effective_on=granted.effective_on, entered_by=granted.entered_by,
    )  # fmt: skip
    tx.append(stream_of(programme.programme, programme.jurisdiction), taken)


def _having(tx: Tx, programme: Programme, day: date) -> Iterator[UUID]:
    """The view's, but for units of which something was recorded that it does not have; those are folded here."""
    key, prefix = programme.programme, prefix_of(programme.jurisdiction)
    shown = {row[0] for row in tx.cur.execute(RUNNING, (key, prefix, day, day)).fetchall()}
    streams = tx.cur.execute(BEHIND.encode(), {"own": tx.log}).fetchall()
    behind = {domain.unit_of(stream) for (stream,) in streams}
    told = tx.load(stream_of(key, programme.jurisdiction))
    placed = {r.fact.unit_id for r in told if isinstance(r.fact, ProgrammePlaceTaken)}
    yield from shown - behind
    for unit, own in _own(tx, behind | (placed - shown)):
        if any(grant.runs_on(day) and grant.residence_on(day).division.startswith(prefix) for grant in own.of(key)):
            yield unit


def _waiting(tx: Tx, programme: Programme, day: date) -> Iterator[Waiting]:
    rows = tx.cur.execute(OPEN, (programme.programme,)).fetchall()
    cases = {subject: case_id for case_id, subject in rows}
    about = facts_about_units(tx.cur, list(cases)) if cases else {}
    prefix = prefix_of(programme.jurisdiction)
    for unit, own in _own(tx, cases):
        applied = own.applications.get(cases[unit])
        if applied is None or not applied.division.startswith(prefix):
            continue
        recorded = next(
            r for r in tx.load(domain.stream_of(unit))
            if isinstance(r.fact, EntitlementApplied) and r.fact.case_id == cases[unit]
        )  # fmt: skip
        stated = Stated(applied.income, own.receiving(day), frozenset(applied.proved))
        known = about.get(unit, ())
        found = unit_on(unit, known, day, household=is_household(unit, known), stated=stated)
        priority = assess(programme, found.candidate).priority
        yield Waiting(cases[unit], unit, applied.division, applied.effective_on, recorded.recorded_at, priority)


def _own(tx: Tx, units: Iterable[UUID]) -> Iterator[tuple[UUID, UnitEntitlements]]:
    streams = {domain.stream_of(unit): unit for unit in units}
    for stream, own in tx.load_many(streams).items():
        yield streams[stream], fold(timeline(own))
