"""The named predicates of which programmes build whom they are for. Pure functions of a unit on a day: the ``Reason`` against it, or
``None``. A document gives each its parameters::

    eligibility:
      - {is: registered}
      - {is: aged, least: 60}
      - {is: proved, what: martyr_family}

A predicate that fails is a reason, never an exception; a document that names another one is refused.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

import msgspec

from contracts.registry.codes import LabourSkill, SchoolStage
from contracts.registry.members import Sex
from contracts.registry.monitoring import MonitoringStatus
from contracts.registry.poverty_status import STOCK, PovertyStatus
from services.assistance.programmes.amounts.parts import require_yuan
from services.assistance.programmes.reasons import Reason
from services.casework.people.state import PersonState
from services.casework.procedures.value_types import Key
from services.chassis.law.content import DocumentError

Age = Annotated[int, msgspec.Meta(ge=0, le=150)]
NOT_IN_STOCK: Mapping[PovertyStatus | None, Reason] = {
    None: Reason.NOT_IN_REGISTER,
    PovertyStatus.CANDIDATE: Reason.NOT_IN_REGISTER,
    PovertyStatus.EXITED: Reason.HOUSEHOLD_EXITED,
    PovertyStatus.REMOVED: Reason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: Reason.HOUSEHOLD_ENDED,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit on a day, as far as predicates ask. ``person``: of a household, what is true of it, and nothing of a member.
    ``income``: yuan a head and month, as stated; ``receiving``: programmes that run for it; ``proved``: what papers prove."""

    person: PersonState
    day: date
    monitoring: MonitoringStatus | None = None
    income: Decimal | None = None
    receiving: Set[str] = field(default_factory=frozenset)
    proved: Set[str] = field(default_factory=frozenset)

    @property
    def anybody(self) -> "Candidate":
        """The same of whoever is as this one: no predicate asks which household it is, nor where."""
        return replace(self, person=replace(self.person, household_id=None, division=None))


class PredicatePart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="is"):
    """A predicate: every unknown or missing parameter is an error. ``FIELD``: of the person's state whose change may make it fail;
    empty where a programme says itself what follows (a status), or where nothing of the register decides."""

    FIELD: ClassVar[str] = ""

    @property
    def is_listed(self) -> bool:
        """Whether lists of units have all that it asks."""
        return False


class Registered(PredicatePart, frozen=True, tag="registered"):
    """In the stock of registered households. ``also_exited``: those that exited and keep their policies, too."""

    also_exited: bool = False

    @property
    def is_listed(self) -> bool:
        return not self.also_exited

    def reason_against(self, candidate: Candidate) -> Reason | None:
        person = candidate.person
        if person.status in STOCK:
            return None
        if self.also_exited and person.status is PovertyStatus.EXITED and person.enjoys_policies:
            return None
        return NOT_IN_STOCK[person.status]


class Monitored(PredicatePart, frozen=True, tag="monitored"):
    """The household is monitored."""

    def reason_against(self, candidate: Candidate) -> Reason | None:
        return None if candidate.monitoring is MonitoringStatus.MONITORED else Reason.NOT_MONITORED


class InSchool(PredicatePart, frozen=True, tag="in_school"):
    """In any stage."""

    FIELD: ClassVar[str] = "stage"

    @property
    def is_listed(self) -> bool:
        return True

    def reason_against(self, candidate: Candidate) -> Reason | None:
        return Reason.NOT_IN_SCHOOL if candidate.person.stage is SchoolStage.NONE else None


class InStage(PredicatePart, frozen=True, tag="in_stage"):
    """In one of these stages."""

    FIELD: ClassVar[str] = "stage"

    stages: Annotated[tuple[SchoolStage, ...], msgspec.Meta(min_length=1)]

    def __post_init__(self) -> None:
        if SchoolStage.NONE in self.stages:
            raise DocumentError((), "stages：请写明学段；none 不是学段", "stages: none is no stage")

    @property
    def is_listed(self) -> bool:
        return True

    def reason_against(self, candidate: Candidate) -> Reason | None:
        if candidate.person.stage is SchoolStage.NONE:
            return Reason.NOT_IN_SCHOOL
        return None if candidate.person.stage in self.stages else Reason.NOT_IN_STAGE


class Boarder(PredicatePart, frozen=True, tag="boarder"):
    """Boards at the school."""

    FIELD: ClassVar[str] = "boarder"

    @property
    def is_listed(self) -> bool:
        return True

    def reason_against(self, candidate: Candidate) -> Reason | None:
        return None if candidate.person.boarder else Reason.NOT_A_BOARDER


class Aged(PredicatePart, frozen=True, tag="aged"):
    """By the age reached in the year of the day: the day of birth is sealed. Both bounds included."""

    least: Age = 0
    most: Age = 150

    def __post_init__(self) -> None:
        if self.most < self.least:
            raise DocumentError((), "most：最多小于最少（least），请更正", "most: below the least")

    def reason_against(self, candidate: Candidate) -> Reason | None:
        if candidate.person.birth_year is None:
            return Reason.BIRTH_YEAR_UNKNOWN
        age = candidate.day.year - candidate.person.birth_year
        if age < self.least:
            return Reason.TOO_YOUNG
        return Reason.TOO_OLD if age > self.most else None


class OfSex(PredicatePart, frozen=True, tag="of_sex"):
    """As the register says."""

    FIELD: ClassVar[str] = "sex"

    sex: Sex

    def reason_against(self, candidate: Candidate) -> Reason | None:
        return None if candidate.person.sex is self.sex else Reason.ANOTHER_SEX


class Disabled(PredicatePart, frozen=True, tag="disabled"):
    """With a disability of at most this level; 1 is the gravest."""

    FIELD: ClassVar[str] = "disability_level"

    level: Annotated[int, msgspec.Meta(ge=1, le=4)] = 4

    def reason_against(self, candidate: Candidate) -> Reason | None:
        level = candidate.person.disability_level
        if level is None:
            return Reason.NOT_DISABLED
        return None if level <= self.level else Reason.NOT_DISABLED_ENOUGH


class UnableToWork(PredicatePart, frozen=True, tag="unable_to_work"):
    """Without labour ability, or having lost it, as the register says."""

    FIELD: ClassVar[str] = "labour_skill"

    def reason_against(self, candidate: Candidate) -> Reason | None:
        match candidate.person.labour_skill:
            case LabourSkill.LOST | LabourSkill.NONE:
                return None
            case None:
                return Reason.LABOUR_NOT_ASKED
        return Reason.NO_LABOUR_ABILITY_STATED


class IncomeBelow(PredicatePart, frozen=True, tag="income_below"):
    """A head's monthly income, as stated and checked, below the line."""

    line: Decimal

    def __post_init__(self) -> None:
        require_yuan(line=self.line)

    def reason_against(self, candidate: Candidate) -> Reason | None:
        if candidate.income is None:
            return Reason.INCOME_UNKNOWN
        return None if candidate.income < self.line else Reason.INCOME_ABOVE_LINE


class NotReceiving(PredicatePart, frozen=True, tag="not_receiving"):
    """None of these programmes runs for the unit."""

    programmes: Annotated[tuple[Key, ...], msgspec.Meta(min_length=1)]

    @property
    def is_listed(self) -> bool:
        return True

    def reason_against(self, candidate: Candidate) -> Reason | None:
        return None if candidate.receiving.isdisjoint(self.programmes) else Reason.RECEIVES_ANOTHER


class Receiving(PredicatePart, frozen=True, tag="receiving"):
    """One of these programmes runs for the unit: a member claims, whoever has no part in it does not (M138)."""

    programmes: Annotated[tuple[Key, ...], msgspec.Meta(min_length=1)]

    @property
    def is_listed(self) -> bool:
        return True

    def reason_against(self, candidate: Candidate) -> Reason | None:
        return Reason.LACKS_ANOTHER if candidate.receiving.isdisjoint(self.programmes) else None


class Proved(PredicatePart, frozen=True, tag="proved"):
    """What the register does not know and a paper with the application proves (a martyr's family, a diagnosis, conscription)."""

    what: Key
    zh: str
    en: str

    def reason_against(self, candidate: Candidate) -> Reason | None:
        return None if self.what in candidate.proved else Reason.NOT_PROVED


Predicate = (
    Registered
    | Monitored
    | InSchool
    | InStage
    | Boarder
    | Aged
    | OfSex
    | Disabled
    | UnableToWork
    | IncomeBelow
    | NotReceiving
    | Receiving
    | Proved
)


def reasons_against(predicates: tuple[Predicate, ...], candidate: Candidate) -> tuple[Reason, ...]:
    """Every reason, in the document's order, each once; none where all hold."""
    found = (predicate.reason_against(candidate) for predicate in predicates)
    return tuple(dict.fromkeys(reason for reason in found if reason is not None))
