"""Coded values of the collection form that facts about households and cases share."""

from enum import StrEnum


class PovertyCause(StrEnum):
    """致贫原因 (M011): one main and up to two others."""

    ILLNESS = "illness"
    DISABILITY = "disability"
    SCHOOLING = "schooling"
    DISASTER = "disaster"
    NO_LAND = "no_land"
    NO_WATER = "no_water"
    NO_SKILL = "no_skill"
    NO_LABOUR = "no_labour"
    NO_CAPITAL = "no_capital"
    POOR_TRANSPORT = "poor_transport"
    WEAK_MOTIVATION = "weak_motivation"
    OTHER = "other"


class SchoolStage(StrEnum):
    """Unsealed: other services' rules need it (education aid)."""

    NONE = "none"
    PRESCHOOL = "preschool"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    VOCATIONAL = "vocational"
    COLLEGE = "college"


class Health(StrEnum):
    """健康状况. Sealed: a fact carries the codes of one person in this order, with a comma between them."""

    HEALTHY = "healthy"
    CHRONIC = "chronic"
    SERIOUS = "serious"
    DISABLED = "disabled"


class LabourSkill(StrEnum):
    ORDINARY = "ordinary"
    SKILLED = "skilled"
    WEAK = "weak"
    LOST = "lost"
    NONE = "none"


class DocumentKind(StrEnum):
    """证件类型: what a person shows who they are by. ``NONE``: nothing at all, for a ``NoDocumentReason``."""

    RESIDENT_ID = "resident_id"
    RESIDENCE_PERMIT = "residence_permit"
    PASSPORT = "passport"
    OFFICER_CARD = "officer_card"
    HOME_RETURN_PERMIT = "home_return_permit"
    DISABILITY_CARD = "disability_card"
    BIRTH_CERTIFICATE = "birth_certificate"
    HOUSEHOLD_REGISTER = "household_register"
    NONE = "none"


class NoDocumentReason(StrEnum):
    """无证件原因."""

    NOT_REGISTERED = "not_registered"
    NOT_ISSUED = "not_issued"
    LOST = "lost"
    OTHER = "other"


class Risk(StrEnum):
    """风险类型: what may throw a household back; a monitored one has up to five."""

    ILLNESS = "illness"
    SCHOOLING = "schooling"
    DISABILITY = "disability"
    NATURAL_DISASTER = "natural_disaster"
    ACCIDENT = "accident"
    INDUSTRY_FAILURE = "industry_failure"
    UNSTABLE_WORK = "unstable_work"
    LACK_OF_LABOUR = "lack_of_labour"
    UNSAFE_HOUSING = "unsafe_housing"
    UNSAFE_WATER = "unsafe_water"
    OTHER = "other"
