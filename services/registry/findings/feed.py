"""The findings about households, kept from the register's log."""

from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.common_residence import CommonResidenceRecorded
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed
from services.casework.findings.feed import FindingRows, FindingsView, findings_view
from services.registry.findings.checked_households import CheckedHousehold
from services.registry.households.store import HOUSEHOLD_TYPES

NOT_READ = (HouseholdSurveyed, ConditionsSurveyed, HouseholdCategoryAssigned, CommonResidenceRecorded)
NEVER_READ = frozenset(kind.type_name for kind in NOT_READ)


def household_findings_view(rows: FindingRows[CheckedHousehold]) -> FindingsView:
    return findings_view(rows, "household-", HOUSEHOLD_TYPES, HOUSEHOLD_TYPES - NEVER_READ)
