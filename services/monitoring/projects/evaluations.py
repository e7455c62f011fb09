"""Evaluations while the works go on (阶段评估): one of each half-year, and so of each year, since they began. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count
from typing import NamedTuple

from contracts.monitoring.projects import EvaluationStage
from services.casework.dates import months_later
from services.chassis.ground.refusals import Refused
from services.monitoring.projects import rules
from services.monitoring.projects.state import Project

ONE_DAY, YEAR = timedelta(days=1), 12


class Evaluated(NamedTuple):
    """``last``: of the days that it is about; ``yearly``: whether a year of the works ends with it; ``filed_on``: ``None`` where no report
    was filed since."""

    last: date
    yearly: bool
    filed_on: date | None


def evaluated_periods(
    began: date, ended: date | None, filed: Iterable[date], months: int, day: date
) -> Iterator[Evaluated]:
    """Each period that was over before that day, while the works went on, with the report about it. ``ended``: when the works were
    accepted; ``filed``: days of the reports. A report is about the first period that was over before it and has none."""
    left = sorted(filed)
    for number, last in enumerate(periods(began, ended, months), start=1):
        if last >= day:
            return
        report = next((on for on in left if on > last), None)
        if report is not None:
            left.remove(report)
        yield Evaluated(last, number * months % YEAR == 0, report)


def periods(began: date, ended: date | None, months: int) -> Iterator[date]:
    """The last day of each; without end, while the works are not accepted."""
    for number in count(1):
        last = months_later(began, number * months) - ONE_DAY
        if ended is not None and last >= ended:
            return
        yield last


def require_stages_evaluated(project: Project, every_months: int, day: date) -> None:
    """Raises ``Refused`` where no report about a period of the works was filed by that day."""
    filed = [e.on for e in project.evaluations if e.stage is EvaluationStage.STAGE]
    assert project.charter is not None
    begun = project.charter.starts_on
    found = evaluated_periods(begun, project.accepted_on, filed, every_months, day)
    if missing := [period.last.isoformat() for period in found if period.filed_on is None]:
        raise Refused(rules.STAGE_EVALUATION_MISSING, periods_to=missing)
