"""Facts about clues (线索): how monitoring begins. Stream ``clue-<uuid>``: no fold of a household counts any of them. A clue is
about a household on record, or about one that is not, which it then leads to the recording of; and every clue ends.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import msgspec

from contracts.facts import Fact, published
from contracts.personal import Personal


class ClueSource(StrEnum):
    """How it was found. A household's own report (自主申报) waits to be accepted; officials take up what they found."""

    SELF_REPORT = "self_report"
    CADRE_ROUND = "cadre_round"
    DEPARTMENT_ALERT = "department_alert"
    SCREENING = "screening"


class ReportChannel(StrEnum):
    """By which a household reports itself; whoever scans the QR code comes to the app."""

    APP = "app"
    HOTLINE = "hotline"
    OFFICE = "office"


class Department(StrEnum):
    """Whose data raised an alert."""

    HEALTH = "health"
    MEDICAL_INSURANCE = "medical_insurance"
    EDUCATION = "education"
    CIVIL_AFFAIRS = "civil_affairs"
    HOUSING = "housing"
    WATER = "water"
    HUMAN_RESOURCES = "human_resources"
    DISABLED_PERSONS_FEDERATION = "disabled_persons_federation"
    EMERGENCY_MANAGEMENT = "emergency_management"
    PUBLIC_SECURITY = "public_security"
    AGRICULTURE = "agriculture"
    OTHER = "other"


class AlertItem(StrEnum):
    """What was found, as the risks of monitored households are listed."""

    MEDICAL_EXPENSES = "medical_expenses"
    SEVERE_ILLNESS = "severe_illness"
    DISABILITY = "disability"
    SCHOOLING = "schooling"
    NATURAL_DISASTER = "natural_disaster"
    ACCIDENT = "accident"
    INDUSTRY_FAILURE = "industry_failure"
    UNSTABLE_WORK = "unstable_work"
    LACK_OF_LABOUR = "lack_of_labour"
    UNSAFE_HOUSING = "unsafe_housing"
    UNSAFE_WATER = "unsafe_water"
    OTHER = "other"


class Alert(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``reference``: the number of the alert or of its list; no names."""

    department: Department
    item: AlertItem
    reference: str


class ClueFact(Fact, frozen=True, kw_only=True):
    """Personal values, and what people said, are sealed under the clue's own key."""

    sealed_under: ClassVar[str] = "clue_id"

    clue_id: UUID


@published("ClueReceived")
class ClueReceived(ClueFact, frozen=True, kw_only=True):
    """Something was reported about a household of the village ``division``, on the day of the fact, from which all days count.

    ``receipt_no``: given to the person at once; ``received_in``: division of the office that gave it. ``household_id``: where it
    is on record; else ``name``, ``group`` and ``phone`` say who is meant. ``alert``: of a department.
    ``accept_by`` and ``end_by``: last day to accept or refuse it, and to end it, as the edition ``document`` of the handling of
    clues says; what officials found themselves needs no acceptance."""

    receipt_no: str
    source: ClueSource
    channel: ReportChannel | None = None
    division: str
    received_in: str
    household_id: UUID | None = None
    name: Personal[str] | None = None
    group: Personal[str] | None = None
    phone: Personal[str] | None = None
    statement: Personal[str] | None = None
    alert: Alert | None = None
    document: str
    accept_by: date | None = None
    end_by: date


@published("ClueAccepted")
class ClueAccepted(ClueFact, frozen=True, kw_only=True):
    """受理."""


class ClueRefusalReason(StrEnum):
    """Why a report is not accepted (不予受理)."""

    NOT_RURAL = "not_rural"
    PARTICULARS_MISSING = "particulars_missing"
    NO_SUCH_HOUSEHOLD = "no_such_household"
    NOT_FOR_MONITORING = "not_for_monitoring"


@published("ClueRefused")
class ClueRefused(ClueFact, frozen=True, kw_only=True):
    """``explanation``: as the person was told."""

    reason: ClueRefusalReason
    explanation: Personal[str]


@published("ClueForwarded")
class ClueForwarded(ClueFact, frozen=True, kw_only=True):
    """The household lives in another village: the clue goes on there, and its days run on."""

    from_division: str
    to_division: str


@published("ClueHouseholdIdentified")
class ClueHouseholdIdentified(ClueFact, frozen=True, kw_only=True):
    """Whom the clue is about. ``recorded``: because of the clue, in the same act; else it was on record already."""

    household_id: UUID
    recorded: bool = False


@published("ClueTakenUp")
class ClueTakenUp(ClueFact, frozen=True, kw_only=True):
    """A case was opened from it. After one that was withdrawn or closed another may be."""

    household_id: UUID
    case_id: UUID


class ClueAnswer(StrEnum):
    """Why an accepted clue leads to no case."""

    NOT_QUALIFIED = "not_qualified"
    ALREADY_MONITORED = "already_monitored"
    ELSEWHERE = "elsewhere"  # outside this province, whose offices were told
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"  # by whoever reported it


@published("ClueAnswered")
class ClueAnswered(ClueFact, frozen=True, kw_only=True):
    """``duplicate_of``: the clue by which it is handled; ``explanation``: as the person was told."""

    answer: ClueAnswer
    duplicate_of: UUID | None = None
    explanation: Personal[str]
