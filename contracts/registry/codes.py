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


class EducationLevel(StrEnum):
    """文化程度: what somebody has completed. Unsealed, as the school stage: the check rules and training's rules need it."""

    ILLITERATE = "illiterate"
    PRIMARY = "primary"
    JUNIOR = "junior"
    SENIOR = "senior"
    COLLEGE = "college"
    BACHELOR = "bachelor"


class PoliticalStatus(StrEnum):
    """政治面貌, by the codes of GB/T 4762. Sealed."""

    PARTY_MEMBER = "01"
    PROBATIONARY_PARTY_MEMBER = "02"
    YOUTH_LEAGUE_MEMBER = "03"
    REVOLUTIONARY_COMMITTEE = "04"
    DEMOCRATIC_LEAGUE = "05"
    NATIONAL_CONSTRUCTION = "06"
    PROMOTING_DEMOCRACY = "07"
    PEASANTS_AND_WORKERS = "08"
    ZHI_GONG = "09"
    JIU_SAN = "10"
    TAIWAN_LEAGUE = "11"
    NO_PARTY = "12"
    MASSES = "13"


class DisabilityCategory(StrEnum):
    """残疾类别 (GB/T 26341), in the order of the digit on the disabled person's card, which begins with 1. Sealed."""

    VISUAL = "visual"
    HEARING = "hearing"
    SPEECH = "speech"
    LIMB = "limb"
    INTELLECTUAL = "intellectual"
    MENTAL = "mental"
    MULTIPLE = "multiple"


class AssistanceTrack(StrEnum):
    """帮扶方式 (M024): work and production for who can work, long-term security for who cannot."""

    DEVELOPMENT = "development"
    SECURITY = "security"


class WorkPlace(StrEnum):
    """务工地点. ``NONE``: not working for wages."""

    TOWNSHIP = "township"
    COUNTY = "county"
    PROVINCE = "province"
    OUTSIDE = "outside"
    NONE = "none"


class SocialInsurance(StrEnum):
    """参保类型, of medical and of pension insurance."""

    RESIDENT = "resident"
    EMPLOYEE = "employee"
    NONE = "none"


class Contribution(StrEnum):
    """缴费情况: by whom this year's contribution was paid, if it was."""

    PAID = "paid"
    SUBSIDISED = "subsidised"
    UNPAID = "unpaid"


class SocialAssistance(StrEnum):
    """社会救助, of one person: a household may have one member on low-income security."""

    LOW_INCOME_SECURITY = "low_income_security"
    EXTREME_POVERTY = "extreme_poverty"
    NONE = "none"


class MilitaryService(StrEnum):
    """军人身份. Sealed."""

    ACTIVE = "active"
    VETERAN = "veteran"
    NONE = "none"
