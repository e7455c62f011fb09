"""What a row of a roster tells that is not on record yet. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import (
    AttendanceCounted,
    EnrolmentEnd,
    EnrolmentEnded,
    EnrolmentFact,
    PupilEnrolled,
    PupilPlaced,
    SchoolTerm,
)
from contracts.selection import surviving
from services.chassis.ground.refusals import Refused
from services.registry.rosters.rules import ENROLLED_OTHERWISE
from services.registry.schooling.domain import Schooling, evolve

STAGES = tuple(SchoolStage)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A row. ``number``: of the pupil's ID; ``counted``: school year, term, days missed and whether the pupil dropped out."""

    row: int
    number: str
    school_code: str
    stage: SchoolStage
    enrolled_on: date
    listed_on: date
    boarding: bool
    grade: int | None
    class_no: int | None
    ended_on: date | None
    ended_because: EnrolmentEnd | None
    counted: tuple[int, SchoolTerm, int, bool] | None


def told_by(
    line: RosterLine, known: Sequence[Recorded], enrolment_id: UUID, common: dict[str, Any]
) -> list[EnrolmentFact]:
    """``enrolment_id``: of a new one; ``common``: the fields that every fact has. Raises ``Refused``."""
    standing = surviving(known)
    enrolled = [r.fact for r in standing if isinstance(r.fact, PupilEnrolled)]
    same = [
        f
        for f in enrolled
        if (f.school_code, f.stage, f.effective_on) == (line.school_code, line.stage, line.enrolled_on)
    ]
    here = same[0].enrolment_id if same else enrolment_id
    before = _until(standing, line.enrolled_on)
    facts: list[EnrolmentFact] = []
    if not same:
        former = before if before is not None and before.runs else None
        if former is not None and (former.school_code, former.stage) == (line.school_code, line.stage):
            raise Refused(ENROLLED_OTHERWISE)
        if former is not None:
            goes_up = STAGES.index(line.stage) > STAGES.index(former.stage)
            why = EnrolmentEnd.GRADUATED if goes_up else EnrolmentEnd.TRANSFERRED
            facts.append(
                EnrolmentEnded(**common, enrolment_id=former.enrolment_id, effective_on=line.enrolled_on, reason=why)
            )
        facts.append(
            PupilEnrolled(
                **common, enrolment_id=here, effective_on=line.enrolled_on, school_code=line.school_code,
                stage=line.stage, boarding=line.boarding, grade=line.grade, class_no=line.class_no,
            )
        )  # fmt: skip
    now = _until(standing, line.listed_on)
    if same and now is not None and now.enrolment_id == here and now.runs:
        facts += _placed(line, now, common)
    facts += _counted(line, standing, here, common)
    if line.ended_on is not None and line.ended_because is not None:
        ends = [r.fact for r in standing if isinstance(r.fact, EnrolmentEnded) and r.fact.enrolment_id == here]
        if [(f.effective_on, f.reason) for f in ends] != [(line.ended_on, line.ended_because)]:
            facts.append(
                EnrolmentEnded(**common, enrolment_id=here, effective_on=line.ended_on, reason=line.ended_because)
            )
    return facts


def _placed(line: RosterLine, now: Schooling, common: dict[str, Any]) -> list[EnrolmentFact]:
    """A blank says nothing."""
    grade, class_no = line.grade or now.grade, line.class_no or now.class_no
    if (line.boarding, grade, class_no) == (now.boarding, now.grade, now.class_no):
        return []
    place: dict[str, Any] = {"boarding": line.boarding, "grade": grade, "class_no": class_no}
    return [PupilPlaced(**common, enrolment_id=now.enrolment_id, effective_on=line.listed_on, **place)]


def _counted(
    line: RosterLine, standing: Sequence[Recorded], enrolment: UUID, common: dict[str, Any]
) -> list[EnrolmentFact]:
    if line.counted is None:
        return []
    year, term, missed, dropped_out = line.counted
    new = AttendanceCounted(
        **common, enrolment_id=enrolment, effective_on=line.listed_on, school_year=year, term=term, missed_days=missed,
        dropped_out=dropped_out,
    )  # fmt: skip
    before = [
        f
        for r in standing
        if isinstance(f := r.fact, AttendanceCounted)
        and (f.enrolment_id, f.effective_on) == (enrolment, line.listed_on)
    ]
    said = [(f.school_year, f.term, f.missed_days, f.dropped_out) for f in before[-1:]]
    return [] if said == [line.counted] else [new]


def _until(standing: Sequence[Recorded], day: date) -> Schooling | None:
    """Where the pupil is enrolled at the end of that day."""
    found: Schooling | None = None
    for recorded in standing:
        if recorded.fact.effective_on <= day:
            found = evolve(found, recorded)
    return found
