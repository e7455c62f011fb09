"""Queries of the register: one household, a list, and totals, for any day as known on any other."""

from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.facts import Recorded
from contracts.quantities import Figures
from contracts.registry.households import Attribute
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import PovertyStatus
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.store import Store
from services.chassis.security.actor import Actor
from services.registry.households.counted import BETWEEN, CATEGORY, FIGURES, MONITORED_CATEGORY, MONITORING, STATUS
from services.registry.households.domain import stream_of
from services.registry.households.lineage import with_ancestors
from services.registry.households.lists import HouseholdFilter, HouseholdListItem, household_page
from services.registry.households.rehydration import current_state_without_surveys, state_on
from services.registry.households.snapshots import SnapshotPeriod, snapshot_periods
from services.registry.households.state import Household
from services.registry.households.views import PERIODS
from services.registry.households.visibility import left_area, visible_facts

CHANGED_SINCE_REVIEW = (
    "EXISTS (SELECT FROM log WHERE originator_id = 'household-' || cases.subject AND recorded_at > cases.reviewed_at)"
)
"""SQL of whether something was recorded about a case's household since it was reviewed last."""


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

    def division_in_area(self, household_id: UUID, actor: Actor) -> str:
        """Where the household is today. Raises ``NOT_FOUND`` for one that is not on record in the actor's area."""
        today = current_state_without_surveys(self.facts(household_id), self.facts)
        if today.status is None or not actor.covers(today.division):
            raise Refused(NOT_FOUND)
        return today.division

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
        with self._store.reading() as conn:
            return household_page(conn, asked, after, limit)

    def totals(self, prefix: str, as_of: date, known_at: datetime) -> dict[PovertyStatus, Figures]:
        """Households and persons by status under a division prefix."""
        return {PovertyStatus(s): f for s, f in self._figures(STATUS, prefix, as_of, known_at).items()}

    def category_totals(
        self, prefix: str, as_of: date, known_at: datetime, monitored: bool = False
    ) -> dict[Attribute, Figures]:
        """Households and persons in stock by category under a division prefix, or of those that are ``monitored``; the
        remainder always among them."""
        measure = MONITORED_CATEGORY if monitored else CATEGORY
        found = {Attribute(a): f for a, f in self._figures(measure, prefix, as_of, known_at).items()}
        return {**found, Attribute.UNCLASSIFIED: found.get(Attribute.UNCLASSIFIED, Figures())}

    def monitoring_totals(
        self, prefix: str, as_of: date, known_at: datetime
    ) -> dict[tuple[MonitoringStatus, str], Figures]:
        """Households and persons by monitoring status and kind, of those that are or were monitored."""
        found = dict[tuple[MonitoringStatus, str], Figures]()
        for value, figures in self._figures(MONITORING, prefix, as_of, known_at).items():
            status, _, kind = value.partition(BETWEEN)
            found[MonitoringStatus(status), kind] = figures
        return found

    def _figures(self, measure: str, prefix: str, as_of: date, known_at: datetime) -> dict[str, Figures]:
        until = min(as_of, date.max - timedelta(days=1)) + timedelta(days=1)
        with self._store.reading() as conn:
            found = FIGURES.figures(conn, PERIODS.name, prefix, measure, [until], known_at)
        return {value: figures for (value, _), figures in found.items() if figures != Figures()}
