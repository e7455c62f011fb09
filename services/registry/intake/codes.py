"""The code lists of the collection form: which enumeration each stands for. Their words are documents."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from contracts.registry.codes import (
    AssistanceTrack,
    Contribution,
    DisabilityCategory,
    DocumentKind,
    EducationLevel,
    Health,
    LabourSkill,
    MilitaryService,
    NoDocumentReason,
    PoliticalStatus,
    PovertyCause,
    Risk,
    SchoolStage,
    SocialAssistance,
    SocialInsurance,
    WorkPlace,
)
from contracts.registry.common_residence import ResidenceReason
from contracts.registry.households import Attribute
from contracts.registry.living_conditions import HousingGrade, PowerSupply, Toilet, WaterSupply
from contracts.registry.members import Relation, Sex
from contracts.registry.nations import Nation
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.registry.surveys import IncomePeriod
from services.casework.code_lists.coded_columns import CodedColumn
from services.casework.code_lists.domain import CodeList, code_list_from
from services.chassis.law.content import as_dicts
from services.chassis.law.yaml_text import YamlText


class StatusEvent(StrEnum):
    """What the old system recorded about a household's poverty status."""

    IDENTIFIED = "identified"
    EXITED = "exited"
    RETURNED = "returned"
    REMOVED = "removed"


class DisabilityLevel(Enum):
    """残疾等级: 1 is the gravest; 0 says "not disabled", which is not the same as a blank."""

    NONE = 0
    FIRST = 1
    SECOND = 2
    THIRD = 3
    FOURTH = 4


class LevelAndCategory(NamedTuple):
    """What 肢体二级 says."""

    level: DisabilityLevel
    category: DisabilityCategory


class YesNo(Enum):
    YES = True
    NO = False


@cache
def shipped(key: str) -> CodeList:
    """The list that this release ships."""
    return code_list_from(as_dicts(YamlText.shipped(FOLDER / f"{key}.yaml").content))


FOLDER = Path(__file__).parents[1] / "parameters" / "code_lists"


def _coded(key: str, kind: type[Enum]) -> CodedColumn:
    return CodedColumn(key, kind, partial(shipped, key))


SEXES = _coded("sex", Sex)
YES_NO = _coded("yes_no", YesNo)
ATTRIBUTES = _coded("household_attribute", Attribute)
CAUSES = _coded("poverty_cause", PovertyCause)
RELATIONS = _coded("relation", Relation)
STAGES = _coded("school_stage", SchoolStage)
SKILLS = _coded("labour_skill", LabourSkill)
HEALTH = _coded("health", Health)
DISABILITY = _coded("disability_level", DisabilityLevel)
STATUS_EVENTS = _coded("status_event", StatusEvent)
DOCUMENT_KINDS = _coded("document_kind", DocumentKind)
NO_DOCUMENT_REASONS = _coded("no_document_reason", NoDocumentReason)
JOIN_REASONS = _coded("join_reason", JoinReason)
LEAVE_REASONS = _coded("leave_reason", LeaveReason)

RISKS = _coded("risk", Risk)
GRADES = _coded("housing_grade", HousingGrade)
WATER = _coded("water_supply", WaterSupply)
POWER = _coded("power_supply", PowerSupply)
TOILETS = _coded("toilet", Toilet)
PERIODS = _coded("income_period", IncomePeriod)
RESIDENCE_REASONS = _coded("residence_reason", ResidenceReason)
NATIONS = _coded("nation", Nation)
EDUCATION = _coded("education", EducationLevel)
POLITICAL_STATUSES = _coded("political_status", PoliticalStatus)
DISABILITY_CATEGORIES = _coded("disability_category", DisabilityCategory)
TRACKS = _coded("assistance_track", AssistanceTrack)
WORK_PLACES = _coded("work_place", WorkPlace)
INSURANCE = _coded("social_insurance", SocialInsurance)
CONTRIBUTIONS = _coded("contribution", Contribution)
ASSISTANCE = _coded("social_assistance", SocialAssistance)
MILITARY = _coded("military_service", MilitaryService)
POVERTY_STATUSES = _coded("poverty_status", PovertyStatus)

ALL_CODE_LISTS = (
    SEXES, YES_NO, ATTRIBUTES, CAUSES, RELATIONS, STAGES, SKILLS, HEALTH, DISABILITY, STATUS_EVENTS, DOCUMENT_KINDS,
    NO_DOCUMENT_REASONS, JOIN_REASONS, LEAVE_REASONS, RISKS, GRADES, WATER, POWER, TOILETS, PERIODS, RESIDENCE_REASONS,
    NATIONS, EDUCATION, POLITICAL_STATUSES, DISABILITY_CATEGORIES, TRACKS, WORK_PLACES, INSURANCE, CONTRIBUTIONS, ASSISTANCE,
    MILITARY, POVERTY_STATUSES,
)  # fmt: skip
SHIPPED: Mapping[str, CodedColumn] = {column.key: column for column in ALL_CODE_LISTS}
ENUMERATIONS: Mapping[str, type[Enum]] = {column.key: column.kind for column in ALL_CODE_LISTS}
"""Key of a code list → the enumeration of the codes that facts carry."""
