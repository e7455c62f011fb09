"""Documents that say how courses of a kind run and whom they are for. A kind more is a document."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from contracts.assistance.training import CourseTerms
from services.assistance.programmes.predicates import Predicate
from services.casework.documents.lookup import Lookup
from services.casework.procedures.competent_office import DocumentPart
from services.casework.procedures.document import InForce
from services.casework.procedures.value_types import Key, Label
from services.chassis.law.content import DocumentError
from services.chassis.law.dated import NotInForce, UnknownName

KIND = "course_kind"


class AskedOn(StrEnum):
    """On which days it is asked whether somebody is whom the kind is for."""

    ENROLMENT = "enrolment"
    EXAM = "exam"
    CERTIFICATE = "certificate"


class CourseKind(DocumentPart, frozen=True, kw_only=True):
    """``eligibility``: as of each day that decides (``asked_on``); ``needs_survey``: a need must be surveyed before a course is planned;
    ``ordered``: by an employer, who is named; ``heads_counted``: who comes is counted in person-times, and only some are named;
    ``least_attendance``: percent of the planned sessions for examination and certificate; ``job_after_certificate``: nobody is placed
    through the course without its certificate; ``technique``: what is learned counts as the family's technique, and not as a skill;
    ``subsidy``: the programme that pays for it."""

    course_kind: Key
    edition: str
    zh: Label
    en: Label
    jurisdiction: str
    source: str
    basis: str | None = None
    in_force: InForce
    eligibility: tuple[Predicate, ...] = ()
    asked_on: Annotated[tuple[AskedOn, ...], msgspec.Meta(min_length=1)] = (AskedOn.ENROLMENT, AskedOn.CERTIFICATE)
    needs_survey: bool = False
    ordered: bool = False
    heads_counted: bool = False
    exam: bool = False
    certificate: bool = False
    least_attendance: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    job_after_certificate: bool = False
    technique: bool = False
    subsidy: Key | None = None

    @property
    def terms(self) -> CourseTerms:
        return CourseTerms(
            heads_counted=self.heads_counted, exam=self.exam, certificate=self.certificate,
            least_attendance=self.least_attendance, job_after_certificate=self.job_after_certificate,
            technique=self.technique, subsidy=self.subsidy,
        )  # fmt: skip


def course_kind_from(content: Mapping[str, Any]) -> CourseKind:
    """Raises ``msgspec.ValidationError``, and ``DocumentError`` for parts that do not fit together."""
    kind = msgspec.convert(content, CourseKind)
    if kind.job_after_certificate and not kind.certificate:
        raise DocumentError(
            ("job_after_certificate",),
            "没有证书的课程，不能要求先有证书再就业；请改其一",
            "a course without certificate cannot ask for one before the job",
        )
    return kind


def kind_in_force(lookup: Lookup, key: str, day: date, division: str) -> CourseKind | None:
    try:
        return lookup.in_force(KIND, key, day, division).typed(course_kind_from)
    except (NotInForce, UnknownName):
        return None
