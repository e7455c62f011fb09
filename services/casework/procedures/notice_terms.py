"""What a procedure document says of a notice: before whom it hangs, what it shows, how objections are dealt with."""

from enum import StrEnum

from services.casework.procedures.competent_office import CompetentOffice, DocumentPart
from services.casework.procedures.value_types import Days, Key


class WhileObjected(StrEnum):
    """Whether an open objection suspends the notice period. A notice is never closed while one is open."""

    SUSPEND = "suspend"
    RUN = "run"


class WhenUpheld(StrEnum):
    """What an upheld objection leads to."""

    END = "end"
    REPOST = "repost"


class ObjectionsUntil(StrEnum):
    LAST_DAY = "last_day"
    DECISION = "decision"


class OnReturn(StrEnum):
    """What a return to this or an earlier step does to the notice: post it again, or keep it."""

    RESTART = "restart"
    CONTINUE = "continue"


class Objections(DocumentPart, frozen=True, kw_only=True):
    heard_by: CompetentOffice
    until: ObjectionsUntil
    while_open: WhileObjected
    when_upheld: WhenUpheld


class Audience(StrEnum):
    """Before whom a notice hangs: on an open board of the village, the township or the county, or inside a school or an office."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    SCHOOL = "school"
    OFFICE = "office"


class NoticeField(StrEnum):
    """All that a notice may say of a household. Numbers of persons, birth, phone, account and health have no name here, so that no
    document can ask for them."""

    HOUSEHOLD_NO = "household_no"
    HEAD = "head"
    PERSONS = "persons"


class TakingDown(DocumentPart, frozen=True, kw_only=True):
    """``within``: days after the last one of the notice; ``evidence``: kinds that must be attached, such as a photo."""

    within: Days
    evidence: tuple[Key, ...] = ()
