"""The bitemporal views of households, and who belongs to which: what a rebuild makes again."""

from collections.abc import Sequence
from uuid import UUID

from contracts.facts import HouseholdFact, Recorded
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.divisions import HouseholdTransferred
from contracts.registry.ends import HouseholdCancelled
from contracts.registry.households import FactsAnnulled, HouseholdFormed
from contracts.registry.identities import PersonCorrected, PersonDocumentRecorded
from contracts.registry.members import MemberJoined
from contracts.registry.merges import PersonsMerged
from contracts.registry.monitoring import MonitoringStarted
from contracts.registry.poverty_status import HouseholdEnrolled
from contracts.registry.surveys import HouseholdSurveyed
from contracts.selection import timeline
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.registry.households.bitemporal import IGNORED_TYPES, affects_periods, divisions_in_turn, project
from services.registry.households.counted import FIGURES
from services.registry.households.lineage import started_by_split
from services.registry.households.memberships import (
    MEMBERSHIP_TYPES,
    memberships_of,
)

PERIODS = Table(
    "household_periods",
    "household_id",
    (
        "household_id", "national_no", "division", "status", "attribute", "persons", "monitoring", "monitoring_kind",
        "valid_from", "valid_to", "known_from", "known_to",
    ),
    FIGURES,
)  # fmt: skip
DIVISIONS = Table("household_divisions", "household_id", ("household_id", "division"))


def view() -> View[UUID]:
    """Keeps the tables ``household_periods`` and ``household_divisions``."""
    return view_of_streams(
        "household_periods",
        (PERIODS, DIVISIONS),
        HOUSEHOLD_TYPES,
        "household-",
        UUID,
        _rows,
        relevant_types=PERIOD_TYPES,
        is_relevant=affects_periods,
        with_lineage=True,
    )


MEMBERSHIPS = Table("exclusive_periods", "holder", ("subject", "holder", "valid_from", "valid_to", "final"))


def memberships_view() -> View[UUID]:
    """The table of exclusive periods, which commands keep: made again and compared by a rebuild."""
    types = frozenset({FactsAnnulled.type_name, *(kind.type_name for kind in MEMBERSHIP_TYPES)})
    return view_of_streams(
        "memberships", (MEMBERSHIPS,), types, "household-", UUID, _membership_rows, relevant_types=types, appended=True
    )


def _membership_rows(household_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    return ([(p, household_id, *period) for p, of in memberships_of(timeline(facts)).items() for period in of],)


def _rows(household_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row], list[Row]]:
    state, periods = project(facts, household_id if started_by_split(facts) else None)
    return (
        [
            (household_id, state.national_no, r.value.division, r.value.status, r.value.attribute, r.value.persons,
             r.value.monitoring, r.value.monitoring_kind, r.valid_from, r.valid_to, r.known_from, r.known_to)
            for r in periods
        ],
        [(household_id, division) for _, division in divisions_in_turn(periods)[-1:]],
    )  # fmt: skip


OF_HOUSEHOLDS = {
    kind.__module__
    for kind in (
        HouseholdFormed, MemberJoined, HouseholdSurveyed, HouseholdCategoryAssigned, CommonResidenceRecorded,
        HouseholdEnrolled, MonitoringStarted, HouseholdCancelled, HouseholdTransferred, PersonsMerged, PersonCorrected,
    )
}  # fmt: skip
HOUSEHOLD_TYPES = frozenset(
    kind.type_name
    for kind in (*HouseholdFact.__subclasses__(), PersonCorrected, PersonDocumentRecorded)
    if kind.__module__ in OF_HOUSEHOLDS and hasattr(kind, "type_name")
)
PERIOD_TYPES = HOUSEHOLD_TYPES - {kind.type_name for kind in IGNORED_TYPES}
