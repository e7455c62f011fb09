"""What is owed, as SQL: for many subjects at once. It finds; the histories of those found decide (``domain.owed``).

A row of ``w`` is one duty in one period, or, of what is owed once, one duty whose period begins with each obligation.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from services.casework.calendars.periods import Period
from services.casework.duties.document import Counted, DoneBy, Duty, Once
from services.casework.duties.duty_sets import DutyEdition, DutySets
from services.casework.duties.matters import DutyMatter
from services.chassis.law.dated import NATIONAL


class WindowRow(NamedTuple):
    """``place``: digits of the division in which it is owed; ``within_days``, or ``first`` and ``last``."""

    place: str
    document: str
    duty_set: str
    duty: str
    of_kind: str
    kind: str
    fields: str
    anyone: bool
    subjects: bool
    at_least: int
    least_days: int
    grace_days: int
    adopted: date
    within_days: int | None
    first: date | None
    last: date | None


TYPES = ("text",) * 7 + ("boolean",) * 2 + ("int",) * 3 + ("date", "int", "date", "date")


def window_rows(
    sets: DutySets, obligation: str, due: Period, begun_by: date, places: Iterable[str]
) -> Iterator[WindowRow]:
    """What counts as missed from a day within ``due`` on and has ``begun_by`` another, as far as its period depends on no obligation."""
    for edition, duty in sets.duties(obligation):
        if duty.observed:
            continue
        late = timedelta(duty.grace_days + 1)
        for place in places:
            if isinstance(duty.cadence, Once):
                yield _row(edition, duty, place, duty.cadence.within_days, None)
                continue
            for period in sets.begun(edition, duty, Period(due.start - late, due.end - late), begun_by, place):
                yield _row(edition, duty, place, None, period)


def _row(edition: DutyEdition, duty: Duty, place: str, within_days: int | None, period: Period | None) -> WindowRow:
    return WindowRow(
        "" if place == NATIONAL else place, edition.id, edition.terms.duty_set, duty.key, duty.of or "", duty.fulfilled_by.fact,
        ",".join(duty.fulfilled_by.fields), duty.fulfilled_by.done_by is DoneBy.ANYONE, duty.counted is Counted.SUBJECTS,
        duty.at_least, duty.least_days, duty.grace_days, edition.adopted_on,
        within_days, period.start if period else None, period.end if period else None,
    )  # fmt: skip


def window_params(rows: Iterable[WindowRow]) -> Mapping[str, Any]:
    """The parameters of ``unmet``."""
    columns = list(zip(*rows, strict=True)) or [()] * len(WindowRow._fields)
    return {f"w_{name}": list(column) for name, column in zip(WindowRow._fields, columns, strict=True)}


_WINDOWS = "unnest({}) AS w ({})".format(
    ", ".join(f"%(w_{name})s::{kind}[]" for name, kind in zip(WindowRow._fields, TYPES, strict=True)),
    ", ".join(WindowRow._fields),
)


def unmet(matter: DutyMatter, joined: str = "") -> str:
    """``FROM … WHERE`` of what is owed by this matter and not done yet: ``o`` the obligation, ``w`` the duty, ``d.first`` and
    ``d.last`` its period; ``joined``: to it."""
    return (
        f"FROM ({matter.obligations}) o CROSS JOIN {_WINDOWS} CROSS JOIN LATERAL"
        " (SELECT coalesce(w.first, o.since) AS first, coalesce(w.last, o.begins + w.within_days) AS last) d"
        f" {joined} WHERE CASE WHEN w.within_days IS NULL"
        "  THEN least(d.last, coalesce(o.until, 'infinity'::date) - 1) - greatest(d.first, o.begins, w.adopted)"
        "   >= w.least_days - 1"
        "  ELSE w.adopted <= o.begins AND (o.until IS NULL OR o.until > d.last) END"
        f" AND {is_of('w')}"
        f" AND (SELECT CASE WHEN w.subjects THEN count(DISTINCT f.whom) ELSE count(*) END FROM ({matter.fulfilments}) f"
        f"  WHERE f.subject = o.subject AND f.day <= d.last AND f.last >= d.first AND {counts('w', 'o.obliged')})"
        "  < w.at_least"
    )


def is_of(duty: str) -> str:
    """Whether the duty in the row of that name is owed by ``o``, and not by another obligation of its name alone."""
    return f"({duty}.of_kind = '' OR o.of_kind = {duty}.of_kind)"


def counts(duty: str, obliged: str) -> str:
    """Whether ``f`` fulfils the duty in the row of that name, owed by ``obliged``."""
    return (
        f"f.kind = {duty}.kind AND f.fields @> string_to_array({duty}.fields, ',')"
        f" AND ({duty}.anyone OR coalesce({obliged}, '') = '' OR f.by = {obliged})"
    )
