"""Where a pupil is enrolled on a day, as departments of education say, and which acts about enrolments go together. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby, pairwise
from uuid import UUID

import msgspec
from msgspec.structs import replace

from contracts.facts import Fact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.enrolments import (
    AttendanceCounted,
    EnrolmentActsAnnulled,
    EnrolmentEnd,
    EnrolmentEnded,
    EnrolmentFact,
    PupilEnrolled,
    PupilPlaced,
    SchoolTerm,
)
from contracts.selection import timeline
from services.chassis.ground.refusals import Refused, rule
from services.registry.households.bitemporal import FOREVER, UNTIL_CHANGED, BitemporalPeriod

PREFIX = "enrolment-"
SOURCE = "source facts M009, M022; 义务教育法 (one enrolment per pupil)"
ENROLMENT_FACTS: tuple[type[Fact], ...] = (*EnrolmentFact.__subclasses__(), EnrolmentActsAnnulled)
ENROLMENT_TYPES = frozenset(kind.type_name for kind in ENROLMENT_FACTS)

ENROLMENTS_OVERLAP = rule(
    "enrolments_overlap",
    zh="该学生在这些日子已有学籍（running 自 since 起）：请先登记其终止，或在本次登记中注明原学籍终止原因或本学籍的终止日。",
    en="On these days the pupil is enrolled already (``running``, from ``since``): enter its end first, or say in this form why the former"
    " one ended (``former_ended``), or when this one did.",
    source=SOURCE,
)
NOT_ENROLLED_THEN = rule(
    "not_enrolled_then",
    zh="该学生在该日没有这一段学籍（enrolment），请核对日期；以此为据的登记须先作废。",
    en="On that day this enrolment of the pupil (``enrolment``) does not run: check the day; what rests on it is annulled first.",
    source=SOURCE,
)


class Schooling(msgspec.Struct, frozen=True, array_like=True):
    """The enrolment that runs, or ran last. ``ended_on``: the first day on which it ran no more; ``dropped_out``: still enrolled, and no
    longer coming. ``school_year``, ``term``, ``missed_days``: as counted last."""

    enrolment_id: UUID
    school_code: str
    stage: SchoolStage
    since: date
    boarding: bool
    grade: int | None = None
    class_no: int | None = None
    dropped_out: bool = False
    school_year: int | None = None
    term: SchoolTerm | None = None
    missed_days: int | None = None
    ended_on: date | None = None
    ended_because: EnrolmentEnd | None = None

    @property
    def runs(self) -> bool:
        return self.ended_on is None


def evolve(before: Schooling | None, recorded: Recorded) -> Schooling | None:
    """After one more fact of the timeline; one that does not go with what was is left out."""
    fact = recorded.fact
    if isinstance(fact, PupilEnrolled):
        return Schooling(
            fact.enrolment_id, fact.school_code, fact.stage, fact.effective_on, fact.boarding, fact.grade, fact.class_no
        )
    if before is None or not isinstance(fact, EnrolmentFact) or fact.enrolment_id != before.enrolment_id:
        return before
    match fact:
        case PupilPlaced():
            return replace(before, boarding=fact.boarding, grade=fact.grade, class_no=fact.class_no)
        case AttendanceCounted():
            return replace(
                before, school_year=fact.school_year, term=fact.term, missed_days=fact.missed_days,
                dropped_out=fact.dropped_out,
            )  # fmt: skip
        case EnrolmentEnded():
            return replace(before, ended_on=fact.effective_on, ended_because=fact.reason)
    return before


def schooling_on(facts: Iterable[Recorded], as_of: date | None = None) -> Schooling | None:
    """Of one pupil, at the end of a day, from facts that are known then; at the end of all, where no day is named."""
    found: Schooling | None = None
    for recorded in timeline(facts, as_of=as_of):
        found = evolve(found, recorded)
    return found


def require_sound(facts: Iterable[Recorded]) -> None:
    """No two enrolments on one day, and nothing said of one that does not run then. Raises ``Refused``."""
    running: PupilEnrolled | None = None
    for recorded in timeline(facts):
        fact = recorded.fact
        if isinstance(fact, PupilEnrolled):
            if running is not None:
                raise Refused(
                    ENROLMENTS_OVERLAP, running=str(running.enrolment_id), since=running.effective_on.isoformat()
                )
            running = fact
        elif isinstance(fact, EnrolmentFact):
            if running is None or running.enrolment_id != fact.enrolment_id:
                raise Refused(NOT_ENROLLED_THEN, enrolment=str(fact.enrolment_id))
            if isinstance(fact, EnrolmentEnded):
                running = None


def periods_of(facts: Iterable[Recorded]) -> list[BitemporalPeriod[Schooling]]:
    """Where a pupil was enrolled, for every day as known at any instant."""
    known, found = list[Recorded](), list[BitemporalPeriod[Schooling]]()
    opened: dict[tuple[date, date, Schooling], datetime] = {}
    ordered = sorted(facts, key=lambda r: r.position)
    for instant, learned in groupby(ordered, key=lambda r: r.recorded_at):
        known += learned
        now = dict.fromkeys(_periods(timeline(known)))
        for period in [p for p in opened if p not in now]:
            found.append(BitemporalPeriod(period[2], period[0], period[1], opened.pop(period), instant))
        for period in now:
            opened.setdefault(period, instant)
    return [*found, *(BitemporalPeriod(v, first, end, at, UNTIL_CHANGED) for (first, end, v), at in opened.items())]


def _periods(ordered: Sequence[Recorded]) -> list[tuple[date, date, Schooling]]:
    points: list[tuple[date, Schooling | None]] = []
    state: Schooling | None = None
    for recorded in ordered:
        state, day = evolve(state, recorded), recorded.fact.effective_on
        if points and points[-1][0] == day:
            points.pop()
        if state != (points[-1][1] if points else None):
            points.append((day, state))
    ends = pairwise([*points, (FOREVER, None)])
    return [(day, end, value) for (day, value), (end, _) in ends if value is not None]


def stream_of(person_id: UUID) -> str:
    return f"{PREFIX}{person_id}"
