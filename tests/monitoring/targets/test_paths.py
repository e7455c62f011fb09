"""How a target came to its progress, in the answer."""

from datetime import date
from decimal import Decimal

from contracts.facts import Fact
from contracts.monitoring.targets import TargetKind
from contracts.quantities import Figures, Unit
from contracts.selection import timeline
from services.monitoring.targets.paths import TargetPathAnswer
from services.monitoring.targets.queries import ExitsToDate, TargetPath, TargetReadModel
from services.monitoring.targets.state import fold
from tests.monitoring.targets.test_progress import MARCH, progress_reported
from tests.monitoring.work_list import target_set
from tests.support.recorded import recorded


def path_of(*facts: Fact, exits: tuple[ExitsToDate, ...] = ()) -> TargetPathAnswer:
    known = list(timeline(recorded(*facts)))
    target = fold(known)
    assert target is not None
    figures = exits[-1].figures if exits else Figures()
    return TargetPathAnswer.of_path(TargetPath(TargetReadModel(target, figures, {}), known[1:], exits))


def test_reports_come_by_the_day_that_they_are_true_of() -> None:
    path = path_of(target_set("W1"), progress_reported("3", MARCH), progress_reported("2"))
    assert [(r.line, r.on, r.done, r.unit) for r in path.reports] == [
        (1, date(2016, 2, 15), Decimal("2"), Unit.KILOMETRE),
        (1, date(2016, 3, 15), Decimal("3"), Unit.KILOMETRE),
    ]
    assert path.exits == []


def test_a_report_that_was_corrected_stands_no_longer_and_the_correction_says_why() -> None:
    facts = recorded(target_set("W1"), progress_reported("13"))
    corrected = progress_reported("3", correction="误报", annuls=(facts[-1].id,))
    (report,) = path_of(target_set("W1"), progress_reported("13"), corrected).reports
    assert (report.done, report.correction) == (Decimal("3"), "误报")


def test_an_exit_target_has_its_exits_to_date_and_no_reports() -> None:
    exits = (ExitsToDate(date(2016, 11, 10), Figures(90, 360)), ExitsToDate(date(2016, 12, 1), Figures(97, 389)))
    path = path_of(target_set("W8"), exits=exits)
    assert path.kind is TargetKind.EXIT
    assert [(e.on, e.households, e.persons) for e in path.exits] == [
        (date(2016, 11, 10), 90, 360), (date(2016, 12, 1), 97, 389),
    ]  # fmt: skip
    assert path.progress.model_dump()["households"]["done"] == 97
    assert path.reports == []
