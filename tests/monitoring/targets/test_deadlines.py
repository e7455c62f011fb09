"""The deadline of a target (M006, M189: overdue is measured per item)."""

from datetime import date
from decimal import Decimal

from contracts.facts import DecidedFrom, LogPosition
from contracts.monitoring.targets import Shortfall, TargetOverdue
from contracts.quantities import Figures, Quantity, Unit
from services.monitoring.targets.domain import check_deadline
from tests.monitoring.targets.test_progress import progress_reported
from tests.monitoring.targets.test_strike_off import WATER, milestone, reached, struck_off, village_groups_done
from tests.monitoring.work_list import target_id, target_set
from tests.support.recorded import recorded

LAST_DAY, DAY_AFTER = date(2016, 5, 31), date(2016, 6, 1)


def test_an_item_whose_quantity_is_not_met_is_overdue_from_the_day_after_its_deadline() -> None:
    (overdue,) = check_deadline(recorded(WATER, village_groups_done("4")), "timer")
    assert overdue == TargetOverdue(
        target_id=target_id("W6"),
        effective_on=DAY_AFTER,
        entered_by="timer",
        caused_by="registry/common/1",
        missing=(Shortfall(line=1, missing=Quantity(amount=Decimal("2"), unit=Unit.VILLAGE_GROUP)),),
    )


def test_work_done_on_the_last_day_is_in_time_and_on_the_day_after_is_not() -> None:
    assert check_deadline(recorded(WATER, village_groups_done("6", date(2016, 5, 30))), "timer") == []
    assert check_deadline(recorded(WATER, village_groups_done("6", LAST_DAY)), "timer") == []
    assert len(check_deadline(recorded(WATER, village_groups_done("6", DAY_AFTER)), "timer")) == 1


def test_an_item_struck_off_in_time_is_not_overdue() -> None:
    assert (
        check_deadline(recorded(WATER, milestone(1), reached(1), village_groups_done("6"), struck_off()), "timer") == []
    )


def test_a_target_becomes_overdue_once() -> None:
    overdue = check_deadline(recorded(WATER), "timer")
    assert check_deadline(recorded(WATER, *overdue), "timer") == []


def test_each_unit_has_a_shortfall_of_its_own() -> None:
    (overdue,) = check_deadline(recorded(target_set("W9"), progress_reported("1500", unit=Unit.MU, item="W9")), "timer")
    assert isinstance(overdue, TargetOverdue)
    assert [(m.line, m.missing) for m in overdue.missing] == [
        (2, Quantity(amount=Decimal("450000"), unit=Unit.JIN)),
    ]


def test_the_exit_target_of_2016_is_8_households_and_32_persons_short() -> None:
    """Target 105 / 421 (M006), exits 97 / 389 (the sample's synthetic sequel)."""
    read = DecidedFrom(logs=(LogPosition(log="registry", position=4711),))
    (overdue,) = check_deadline(recorded(target_set("W8")), "timer", Figures(97, 389), read)
    assert isinstance(overdue, TargetOverdue)
    assert overdue.effective_on == date(2017, 1, 1)
    assert [(int(m.missing.amount), m.missing.unit) for m in overdue.missing] == [
        (8, Unit.HOUSEHOLD),
        (32, Unit.PERSON),
    ]
    assert overdue.decided_from == read


def test_an_exit_target_met_in_both_figures_is_not_overdue() -> None:
    assert check_deadline(recorded(target_set("W8")), "timer", Figures(105, 421)) == []
    assert len(check_deadline(recorded(target_set("W8")), "timer", Figures(105, 420))) == 1
    assert len(check_deadline(recorded(target_set("W8")), "timer", Figures(104, 425))) == 1
