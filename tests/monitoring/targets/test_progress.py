"""Progress: what is done in all, in the line's own unit, never falling (C24, source facts §5 rules 72, 75)."""

from datetime import date
from decimal import Decimal

from contracts.monitoring.targets import ProgressReported, TargetOverdue, TargetSet
from contracts.quantities import Quantity, Unit
from contracts.selection import timeline
from services.monitoring.targets.domain import check_deadline, report_progress
from services.monitoring.targets.state import TargetState, fold
from tests.monitoring.work_list import target_id, target_set
from tests.support.given import specification
from tests.support.recorded import recorded

given = specification(report_progress)
FEBRUARY, MARCH = date(2016, 2, 15), date(2016, 3, 15)
LAST_DAY, DAY_AFTER = date(2016, 3, 31), date(2016, 4, 1)


def progress_reported(
    amount: str,
    day: date = FEBRUARY,
    *,
    line: int = 1,
    unit: Unit = Unit.KILOMETRE,
    correction: str | None = None,
    annuls: tuple[str, ...] = (),
    item: str = "W1",
) -> ProgressReported:
    return ProgressReported(
        target_id=target_id(item),
        effective_on=day,
        entered_by="R1",
        line=line,
        quantity=Quantity(amount=Decimal(amount), unit=unit),
        correction=correction,
        annuls=annuls,
    )


def test_progress_is_kept_line_by_line() -> None:
    facts = recorded(target_set("W1"), progress_reported("2"), progress_reported("10.5", line=2))
    target = fold(facts)
    assert target is not None
    assert target.reported == (Decimal("2"), Decimal("10.5"))
    assert [(m.line, m.missing.amount) for m in target.missing()] == [(1, Decimal("1")), (2, Decimal("2.5"))]


def test_progress_in_another_unit_is_refused() -> None:
    given(target_set("W1")).when(progress_reported("2", unit=Unit.MU), MARCH).then_refused(
        "target_unit_differs", expected=Unit.KILOMETRE, reported=Unit.MU
    )


def test_progress_of_a_line_that_does_not_exist_is_refused() -> None:
    given(target_set("W1")).when(progress_reported("2", line=3), MARCH).then_refused("target_has_no_such_line")


def test_progress_of_an_exit_target_is_never_entered() -> None:
    given(target_set("W8")).when(progress_reported("97", unit=Unit.HOUSEHOLD, item="W8"), MARCH).then_refused(
        "exit_progress_is_computed"
    )


def test_progress_may_stand_still_or_rise_but_not_fall() -> None:
    history = given(target_set("W1"), progress_reported("2"))
    history.when(progress_reported("2", MARCH), MARCH).then(progress_reported("2", MARCH))
    history.when(progress_reported("2.5", MARCH), MARCH).then(progress_reported("2.5", MARCH))
    history.when(progress_reported("1.9", MARCH), MARCH).then_refused(
        "target_progress_would_fall", stands="2", since=FEBRUARY
    )


def test_an_earlier_day_entered_later_must_fit_what_came_after() -> None:
    history = given(target_set("W1"), progress_reported("2", MARCH))
    history.when(progress_reported("1.5", FEBRUARY), MARCH).then_happened(ProgressReported)
    history.when(progress_reported("2.5", FEBRUARY), MARCH).then_refused(
        "target_progress_would_fall", stands="2", since=MARCH
    )


def test_a_correction_annuls_by_id_the_reports_it_contradicts_and_no_others() -> None:
    history = given(
        target_set("W1"), progress_reported("1"), progress_reported("2.5", MARCH), progress_reported("4", MARCH, line=2)
    )
    corrected = progress_reported("2", MARCH, correction="丈量有误")
    after = history.when(corrected, MARCH).then(
        progress_reported("2", MARCH, correction="丈量有误", annuls=("registry/common/3",))
    )
    target = fold(timeline(recorded(*after.facts)))
    assert target is not None
    assert target.reported == (Decimal("2"), Decimal("4"))


def test_progress_lies_between_the_day_the_target_was_set_and_today() -> None:
    history = given(target_set("W1"))
    history.when(progress_reported("1", date(2016, 1, 19)), MARCH).then_refused("target_day_too_early")
    history.when(progress_reported("1", date(2016, 1, 20)), MARCH).then_happened(ProgressReported)
    history.when(progress_reported("1", MARCH), MARCH).then_happened(ProgressReported)
    history.when(progress_reported("1", date(2016, 3, 16)), MARCH).then_refused("target_day_in_future")


def overdue_after(*facts: TargetSet | ProgressReported) -> TargetOverdue:
    (fact,) = check_deadline(recorded(*facts), "timer")
    assert isinstance(fact, TargetOverdue)
    return fact


def test_work_done_in_time_but_reported_late_annuls_that_it_is_overdue() -> None:
    history = given(target_set("W7"), overdue_after(target_set("W7")))
    in_time, late = date(2016, 8, 31), date(2016, 9, 1)
    first = history.when(progress_reported("1", in_time, unit=Unit.VILLAGE, item="W7"), late)
    still = first.then(
        progress_reported("1", in_time, unit=Unit.VILLAGE, item="W7")
    )  # one of two villages: still overdue
    second = still.when(progress_reported("1", in_time, line=2, unit=Unit.VILLAGE, item="W7"), late)
    completed = second.then(
        progress_reported("1", in_time, line=2, unit=Unit.VILLAGE, item="W7", annuls=("registry/common/2",))
    )
    target = fold(timeline(recorded(*completed.facts)))
    assert target is not None
    assert target.overdue is None
    assert target.state(met=not target.missing()) is TargetState.MET


def test_work_done_after_the_deadline_is_met_and_stays_overdue_since() -> None:
    late = date(2016, 9, 1)
    history = given(
        target_set("W7"), overdue_after(target_set("W7")), progress_reported("1", late, unit=Unit.VILLAGE, item="W7")
    )
    after = history.when(progress_reported("1", late, line=2, unit=Unit.VILLAGE, item="W7"), late).then_happened(
        ProgressReported
    )
    target = fold(timeline(recorded(*after.facts)))
    assert target is not None
    assert target.state(met=not target.missing()) is TargetState.MET
    assert target.overdue is not None
    assert target.overdue.since == late


def test_a_correction_after_the_deadline_makes_the_item_overdue() -> None:
    history = given(target_set("W1"), progress_reported("3", MARCH), progress_reported("13", MARCH, line=2))
    corrected = progress_reported("2", MARCH, correction="丈量有误")
    history.when(corrected, LAST_DAY).then_happened(ProgressReported)
    after = history.when(corrected, DAY_AFTER).then_happened(ProgressReported, TargetOverdue)
    overdue = after.facts[-1]
    assert isinstance(overdue, TargetOverdue)
    assert overdue.effective_on == DAY_AFTER
    assert [m.missing.amount for m in overdue.missing] == [Decimal("1")]
