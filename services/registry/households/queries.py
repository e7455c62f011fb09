"""Queries of the register: one household, a list, and totals, for any day as known on any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import class_row

from contracts.facts import Recorded
from contracts.quantities import Figures
from contracts.registry.households import Attribute
from contracts.registry.poverty_status import STOCK, PovertyStatus
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range
from services.registry.households.domain import stream_of
from services.registry.households.lineage import with_ancestors
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.snapshots import SnapshotPeriod, snapshot_periods
from services.registry.households.state import Household
from services.registry.households.visibility import left_area, visible_facts

PERIOD_MATCHES = "valid_from <= %s AND valid_to > %s AND known_from < %s AND known_to >= %s"
"""The bitemporal period that contains (as_of, as_of, known_at, known_at); ``known_at`` is exclusive."""
CHANGED_SINCE_REVIEW = (
    "EXISTS (SELECT FROM log WHERE originator_id = 'household-' || cases.subject AND recorded_at > cases.reviewed_at)"
)
"""SQL of whether something was recorded about a case's household since it was reviewed last."""

HAS_OPEN_CASE = (
    "EXISTS (SELECT FROM cases WHERE cases.subject = household_periods.household_id AND cases.outcome IS NULL)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFilter:
    """``division``: a prefix; ``open_case``: whether a case about the household is open today; ``None`` for any."""

    division: str
    as_of: date
    known_at: datetime
    status: PovertyStatus | None = None
    attribute: Attribute | None = None
    national_no: str | None = None
    open_case: bool | None = None


@dataclass(frozen=True, slots=True)
class HouseholdListItem:
    """A household in a list; no personal data."""

    household_id: UUID
    national_no: str | None
    division: str
    status: PovertyStatus
    attribute: str
    persons: int


class HouseholdQueries:
    """Blocking reads; endpoints run them in a worker thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def facts(self, household_id: UUID) -> tuple[Recorded, ...]:
        return self._store.stream(stream_of(household_id))

    def household(self, household_id: UUID, actor: Actor, as_of: date, known_at: datetime) -> Household:
        """The household on a day, as known then. ``status`` is ``None`` for one none of whose facts stands. Raises
        ``NOT_FOUND`` where nothing was known, or outside the actor's area: today's, and on the days on which it stood
        there a former one."""
        facts = self.facts(household_id)
        visible_facts(facts, actor, self.facts)
        state = state_on(facts, self.facts, as_of=as_of, known_at=known_at)
        today = current_state_without_surveys(facts, self.facts)
        if today.status is None and state.status is None:
            return state
        if state.status is None or not (actor.covers(state.division) or actor.covers(today.division)):
            raise Refused(NOT_FOUND)
        return state

    def snapshot_periods(self, household_id: UUID, actor: Actor) -> list[SnapshotPeriod]:
        """As ``household`` answers for every day and day of knowledge. Raises ``NOT_FOUND`` outside the actor's area."""
        facts = self.facts(household_id)
        visible_facts(facts, actor, self.facts)
        today = current_state_without_surveys(facts, self.facts)
        is_here = today.status is not None and actor.covers(today.division)
        found = snapshot_periods(with_ancestors(facts, self.facts), household_id)
        return [each for each in found if is_here or actor.covers(each.snapshot.division)]

    def left_area(self, household_id: UUID, actor: Actor) -> tuple[str, datetime]:
        """See ``visibility.left_area``."""
        return left_area(self.facts(household_id), actor, self.facts)

    def visible_facts(self, household_id: UUID, actor: Actor) -> list[Recorded]:
        """See ``visibility.visible_facts``."""
        return visible_facts(self.facts(household_id), actor, self.facts)

    def list_households(self, asked: HouseholdFilter, after: tuple[str, UUID], limit: int) -> list[HouseholdListItem]:
        """Households under a division prefix, by (division, id)."""
        where, params = list[str](), list[object]()
        for column in ("status", "attribute", "national_no"):
            if (value := getattr(asked, column)) is not None:
                where, params = [*where, f" AND {column} = %s"], [*params, value]
        if asked.open_case is not None:
            where.append(f" AND {'' if asked.open_case else 'NOT '}{HAS_OPEN_CASE}")
        day, known = asked.as_of, asked.known_at
        with self._store.reading() as conn, conn.cursor(row_factory=class_row(HouseholdListItem)) as cur:
            cur.execute(
                "SELECT household_id, national_no, division, status, attribute, persons FROM household_periods"
                f" WHERE division >= %s AND division < %s AND {PERIOD_MATCHES}{''.join(where)}"
                " AND (division, household_id) > (%s, %s) ORDER BY division, household_id LIMIT %s".encode(),
                (*code_range(asked.division), day, day, known, known, *params, *after, limit),
            )
            return cur.fetchall()

    def totals(self, prefix: str, as_of: date, known_at: datetime) -> dict[PovertyStatus, Figures]:
        """Households and persons by status under a division prefix."""
        with self._store.reading() as conn:
            rows: Sequence[tuple[str, int, int]] = conn.execute(
                "SELECT status, count(*), sum(persons) FROM household_periods"
                f" WHERE division >= %s AND division < %s AND {PERIOD_MATCHES} GROUP BY status".encode(),
                (*code_range(prefix), as_of, as_of, known_at, known_at),
            ).fetchall()
        return {PovertyStatus(status): Figures(households, persons) for status, households, persons in rows}

    def category_totals(self, prefix: str, as_of: date, known_at: datetime) -> dict[Attribute, Figures]:
        """Households and persons in stock by category under a division prefix; the remainder always among them."""
        with self._store.reading() as conn:
            rows: Sequence[tuple[str, int, int]] = conn.execute(
                "SELECT attribute, count(*), sum(persons) FROM household_periods"
                f" WHERE division >= %s AND division < %s AND {PERIOD_MATCHES} AND status = ANY(%s)"
                " GROUP BY attribute".encode(),
                (*code_range(prefix), as_of, as_of, known_at, known_at, sorted(STOCK)),
            ).fetchall()
        found = {Attribute(attribute): Figures(households, persons) for attribute, households, persons in rows}
        return {**found, Attribute.UNCLASSIFIED: found.get(Attribute.UNCLASSIFIED, Figures())}
