"""The tables ``training_entries`` and ``training_needs``."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from contracts.assistance import training as facts
from contracts.assistance.training import CoursePlanned, TrainingNeedSurveyed
from contracts.facts import PUBLISHED, Fact, Recorded
from contracts.quantities import Unit
from contracts.selection import timeline
from services.assistance.training.course import contradictions
from services.casework.contradictions import counted_versions
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

COLUMNS = (
    "course_id", "course_kind", "division", "technique", "entry", "on_day", "person_id", "session", "amount", "unit", "known_from",
    "known_until",
)  # fmt: skip
NEEDS = Table("training_needs", "person_id", ("person_id", "division", "course_kind", "trade", "surveyed_on"))
OF_COURSES = (facts.CourseFact, facts.TraineeDied, facts.TraineeDeathsAnnulled)
Entry = tuple[str, UUID | None, int | None, Decimal | None, str | None]


def view() -> View[UUID]:
    """Keeps ``training_entries``."""
    types = frozenset(name for (name, _), kind in PUBLISHED.items() if issubclass(kind, OF_COURSES))
    return view_of_streams(
        "training_entries", (Table("training_entries", "course_id", COLUMNS),), types, "course-", UUID, _rows
    )


def needs_view() -> View[UUID]:
    """Keeps ``training_needs``."""
    types = frozenset({TrainingNeedSurveyed.type_name})
    return view_of_streams("training_needs", (NEEDS,), types, "training-need-", UUID, _needs)


def _rows(course_id: UUID, of_course: Sequence[Recorded]) -> tuple[list[Row]]:
    planned = next((r.fact for r in of_course if isinstance(r.fact, CoursePlanned)), None)
    if planned is None:
        return ([],)
    course = (course_id, planned.course_kind, planned.division, planned.terms.technique)
    rows: list[Row] = []
    for version in counted_versions(of_course, contradictions):
        for entry, *told in _entries(version.recorded.fact):
            rows.append(
                (*course, entry, version.recorded.fact.effective_on, *told, version.known_from, version.known_until)
            )
    return (rows,)


def _entries(fact: Fact) -> Iterator[Entry]:
    match fact:
        case CoursePlanned():
            yield "planned", None, None, None, None
        case facts.CourseSessionHeld(session=session, heads=heads):
            told: tuple[Any, Any] = (None, None) if heads is None else (Decimal(heads), Unit.ATTENDANCE.value)
            yield "session", None, session, *told
        case facts.TraineeEnrolled(person_id=person):
            yield "enrolled", person, None, None, None
        case facts.SessionAttended(person_id=person, session=session):
            yield "attended", person, session, None, None
        case facts.CertificateIssued(person_id=person):
            yield "certified", person, None, None, None
        case facts.CourseCompleted(stated=stated):
            yield "completed", None, None, None, None
            for figure in stated:
                yield f"stated_{figure.of}", None, None, figure.quantity.amount, figure.quantity.unit.value


def _needs(person: UUID, of_person: Sequence[Recorded]) -> tuple[list[Row]]:
    told = (r.fact for r in timeline(of_person) if isinstance(r.fact, TrainingNeedSurveyed))
    return ([(person, f.division, f.course_kind, f.trade, f.effective_on) for f in told],)
