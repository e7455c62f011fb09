"""Progress: what is done in all, in the line's own unit, never falling (C24, source facts §5 rules 72, 75)."""

from datetime import date
from decimal import Decimal

from contracts.monitoring.targets import ProgressReported, TargetOverdue, TargetSet
from contracts.quantities import Quantity, Unit
from contracts.selection import timeline
from services.monitoring.targets.domain import pass_deadline, report
from services.monitoring.targets.state import TargetState, fold
from tests.monitoring.work_list import set_item, target_id
from tests.support.given import specification
from tests.support.recorded import recorded

given = specification(report)
FEBRUARY, MARCH = date(2016, 2, 15), date(2016, 3, 15)
LAST_DAY, DAY_AFTER = date(2016, 3, 31), date(2016, 4, 1)


def done(
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
    facts = recorded(set_item("W1"), done("2"), done("10.5", line=2))
    target = fold(facts)
    assert target is not None
    assert target.reported == (Decimal("2"), Decimal("10.5"))
    assert [(m.line, m.missing.amount) for m in target.missing()] == [(1, Decimal("1")), (2, Decimal("2.5"))]


def test_progress_in_another_unit_is_refused() -> None:
    given(set_item("W1")).when(done("2", unit=Unit.MU), MARCH).then_refused(
        "target_unit_differs", expected=Unit.KILOMETRE, reported=Unit.MU
    )


def test_progress_of_a_line_that_does_not_exist_is_refused() -> None:
    given(set_item("W1")).when(done("2", line=3), MARCH).then_refused("target_has_no_such_line")


def test_progress_of_an_exit_target_is_never_typed() -> None:
    given(set_item("W8")).when(done("97", unit=Unit.HOUSEHOLD, item="W8"), MARCH).then_refused(
        "exit_progress_is_computed"
    )


def test_progress_may_stand_still_or_rise_but_not_fall() -> None:
    history = given(set_item("W1"), done("2"))
    history.when(done("2", MARCH), MARCH).then(done("2", MARCH))
    history.when(done("2.5", MARCH), MARCH).then(done("2.5", MARCH))
    history.when(done("1.9", MARCH), MARCH).then_refused("target_progress_would_fall", stands="2", since=FEBRUARY)


def test_an_earlier_day_entered_later_must_fit_what_came_after() -> None:
    history = given(set_item("W1"), done("2", MARCH))
    history.when(done("1.5", FEBRUARY), MARCH).then_happened(ProgressReported)
    history.when(done("2.5", FEBRUARY), MARCH).then_refused("target_progress_would_fall", stands="2", since=MARCH)


def test_a_correction_voids_by_id_the_reports_it_contradicts_and_no_others() -> None:
    history = given(set_item("W1"), done("1"), done("2.5", MARCH), done("4", MARCH, line=2))
    corrected = done("2", MARCH, correction="丈量有误")
    after = history.when(corrected, MARCH).then(done("2", MARCH, correction="丈量有误", annuls=("registry/common/3",)))
    target = fold(timeline(recorded(*after.facts)))
    assert target is not None
    assert target.reported == (Decimal("2"), Decimal("4"))


def test_progress_lies_between_the_day_the_target_was_set_and_today() -> None:
    history = given(set_item("W1"))
    history.when(done("1", date(2016, 1, 19)), MARCH).then_refused("target_day_too_early")
    history.when(done("1", date(2016, 1, 20)), MARCH).then_happened(ProgressReported)
    history.when(done("1", MARCH), MARCH).then_happened(ProgressReported)
    history.when(done("1", date(2016, 3, 16)), MARCH).then_refused("target_day_in_future")


def overdue(*facts: TargetSet | ProgressReported) -> TargetOverdue:
    (fact,) = pass_deadline(recorded(*facts), "timer")
    assert isinstance(fact, TargetOverdue)
    return fact


def test_work_done_in_time_but_reported_late_voids_the_verdict() -> None:
    history = given(set_item("W7"), overdue(set_item("W7")))
    in_time, late = date(2016, 8, 31), date(2016, 9, 1)
    first = history.when(done("1", in_time, unit=Unit.VILLAGE, item="W7"), late)
    still = first.then(done("1", in_time, unit=Unit.VILLAGE, item="W7"))  # one of two villages: still overdue
    second = still.when(done("1", in_time, line=2, unit=Unit.VILLAGE, item="W7"), late)
    whole = second.then(done("1", in_time, line=2, unit=Unit.VILLAGE, item="W7", annuls=("registry/common/2",)))
    target = fold(timeline(recorded(*whole.facts)))
    assert target is not None
    assert target.overdue is None
    assert target.state(met=not target.missing()) is TargetState.MET


def test_work_done_after_the_deadline_is_met_and_stays_overdue_since() -> None:
    late = date(2016, 9, 1)
    history = given(set_item("W7"), overdue(set_item("W7")), done("1", late, unit=Unit.VILLAGE, item="W7"))
    after = history.when(done("1", late, line=2, unit=Unit.VILLAGE, item="W7"), late).then_happened(ProgressReported)
    target = fold(timeline(recorded(*after.facts)))
    assert target is not None
    assert target.state(met=not target.missing()) is TargetState.MET
    assert target.overdue is not None
    assert target.overdue.since == late


def test_a_correction_after_the_deadline_brings_the_verdict_that_was_spared() -> None:
    history = given(set_item("W1"), done("3", MARCH), done("13", MARCH, line=2))
    corrected = done("2", MARCH, correction="丈量有误")
    history.when(corrected, LAST_DAY).then_happened(ProgressReported)
    after = history.when(corrected, DAY_AFTER).then_happened(ProgressReported, TargetOverdue)
    verdict = after.facts[-1]
    assert isinstance(verdict, TargetOverdue)
    assert verdict.effective_on == DAY_AFTER
    assert [m.missing.amount for m in verdict.missing] == [Decimal("1")]
