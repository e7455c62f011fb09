"""Rosters of a course, as files: who enrolled, and who attended which session. Each row is recorded, known already, or refused by its
rule; nothing of a refused one is recorded, and a file that comes again records nothing a second time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from contracts.assistance.training import SessionAttended, TraineeEnrolled
from contracts.facts import Fact, Recorded
from contracts.selection import timeline
from services.assistance.training import domain, rules
from services.assistance.training.course import Course, contradictions, course_of
from services.assistance.training.kinds import CourseKind
from services.casework.contradictions import RESTS_ON_IT
from services.casework.dates import require_not_future
from services.casework.documents.lookup import Lookup
from services.casework.people.domain import person_on
from services.casework.workbooks.cells import PARSERS
from services.casework.workbooks.form import Form
from services.casework.workbooks.layout import KIND, ColumnType, Layout, layout_from
from services.casework.workbooks.needed_columns import Fields, Needed
from services.casework.workbooks.parsing import read_form
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.refusals import NOT_FOUND, Refused, Rule
from services.chassis.law.dated import NotInForce, UnknownName

ROSTER, LINES = "course_roster", "lines"
FIELDS: Fields = {
    LINES: {
        "person_no": Needed(ColumnType.IDENTIFIER, required=True),
        "on": Needed(ColumnType.DAY, required=True),
        "session": Needed(ColumnType.NUMBER),
    }
}
About = Mapping[UUID, Sequence[Recorded]]


@dataclass(frozen=True, slots=True)
class RosterRow:
    """Without a session: the person enrols."""

    number: int
    person_no: str
    on: date
    session: int | None

    @property
    def person_id(self) -> UUID | None:
        try:
            return UUID(self.person_no)
        except ValueError:
            return None


@dataclass(slots=True)
class RosterTaken:
    """Rows = recorded + known + refused."""

    recorded: list[Fact] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[int, Rule]] = field(default_factory=list)


def form_in_force(lookup: Lookup, day: date, area: str) -> Form:
    """Raises ``Refused``."""
    try:
        layout: Layout = lookup.in_force(KIND, ROSTER, day, area or None).typed(layout_from)
    except (NotInForce, UnknownName):
        raise Refused(rules.ROSTER_NO_LAYOUT) from None
    return Form(layout, {}, PARSERS)


def read_roster(content: bytes, form: Form, today: date) -> tuple[list[RosterRow], list[RowError], int]:
    """The rows that can be read, what is wrong with others, and how many those are. Raises ``Refused`` for a file that is none."""
    rows = read_form(content, form, today).rows.get(LINES, [])
    good = [_row(row.number, row.values) for row in rows if not row.errors]
    return good, [error for row in rows for error in row.errors], len(rows) - len(good)


def _row(number: int, values: Mapping[str, Any]) -> RosterRow:
    session = values.get("session")
    return RosterRow(number, values["person_no"], values["on"], None if session is None else int(session))


def take(
    told: Sequence[Recorded], rows: Iterable[RosterRow], about: About, kind: CourseKind | None, common: Mapping[str, Any],
    in_area: Collection[UUID], today: date,
) -> RosterTaken:  # fmt: skip
    """``about``: what the register says of the persons named; ``in_area``: those of them whom the caller may enter something about.
    Rows that enrol come first, whatever their place."""
    taken, known = RosterTaken(), list(told)
    course = domain.require_planned(course_of(timeline(known)))
    before = contradictions(timeline(known))
    for row in sorted(rows, key=lambda r: (r.session is not None, r.on, r.number)):
        try:
            require_not_future(row.on, today)
            fact = _fact(row, course, about, kind, common, in_area)
            if fact is None:
                taken.known += 1
                continue
            tried = [*known, _as_told(known[-1], fact)]
            _require_fitting(tried, before)
        except Refused as why:
            taken.refused.append((row.number, why.rule))
            continue
        known, course = tried, domain.require_planned(course_of(timeline(tried)))
        taken.recorded.append(fact)
    return taken


def _fact(
    row: RosterRow, course: Course, about: About, kind: CourseKind | None, common: Mapping[str, Any], in_area: Collection[UUID]
) -> Fact | None:  # fmt: skip
    """``None`` where the row says what is on record already."""
    person = row.person_id
    if person is None or person not in in_area:
        raise Refused(NOT_FOUND)
    trainee = course.trainees.get(person)
    fields: dict[str, Any] = {**common, "person_id": person, "effective_on": row.on}
    if row.session is not None:
        if trainee is not None and trainee.attended.get(row.session) == row.on:
            return None
        return SessionAttended(session=row.session, **fields)
    if trainee is not None and any(first == row.on for first, _ in trainee.stays):
        return None
    household, division = domain.require_admissible(kind, person_on(about[person], person, as_of=row.on), row.on)
    return TraineeEnrolled(household_id=household, division=division, **fields)


def _as_told(last: Recorded, fact: Fact) -> Recorded:
    """The fact as it would stand behind the last one."""
    return Recorded(
        last.log, last.position + 1, last.stream, last.version + 1, last.recorded_at, last.command_id, last.actor, fact, b""
    )  # fmt: skip


def _require_fitting(tried: Sequence[Recorded], before: Mapping[str, Refused]) -> None:
    for fact, why in contradictions(timeline(tried)).items():
        if fact == tried[-1].id:
            raise why
        if fact not in before:
            raise Refused(RESTS_ON_IT, fact=fact, because=why.rule.code)
