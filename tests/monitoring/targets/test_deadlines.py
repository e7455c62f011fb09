"""What the end of a deadline brings about (M006, M189: overdue is measured per item)."""

from datetime import date
from decimal import Decimal

from contracts.facts import DecidedFrom, LogPosition
from contracts.monitoring.targets import Shortfall, TargetOverdue
from contracts.quantities import Figures, Quantity, Unit
from services.monitoring.targets.domain import pass_deadline
from tests.monitoring.targets.test_progress import done
from tests.monitoring.targets.test_strike_off import WATER, groups, node, reached, struck
from tests.monitoring.work_list import set_item, target_id
from tests.support.recorded import recorded

LAST_DAY, DAY_AFTER = date(2016, 5, 31), date(2016, 6, 1)


def test_an_item_that_lacks_something_is_overdue_from_the_day_after_its_deadline() -> None:
    (verdict,) = pass_deadline(recorded(WATER, groups("4")), "timer")
    assert verdict == TargetOverdue(
        target_id=target_id("W6"),
        effective_on=DAY_AFTER,
        entered_by="timer",
        caused_by="registry/common/1",
        missing=(Shortfall(line=1, missing=Quantity(amount=Decimal("2"), unit=Unit.VILLAGE_GROUP)),),
    )


def test_work_done_on_the_last_day_is_in_time_and_on_the_day_after_is_not() -> None:
    assert pass_deadline(recorded(WATER, groups("6", date(2016, 5, 30))), "timer") == []
    assert pass_deadline(recorded(WATER, groups("6", LAST_DAY)), "timer") == []
    assert len(pass_deadline(recorded(WATER, groups("6", DAY_AFTER)), "timer")) == 1


def test_an_item_struck_off_in_time_is_not_overdue() -> None:
    assert pass_deadline(recorded(WATER, node(1), reached(1), groups("6"), struck()), "timer") == []


def test_the_verdict_is_given_once() -> None:
    verdict = pass_deadline(recorded(WATER), "timer")
    assert pass_deadline(recorded(WATER, *verdict), "timer") == []


def test_each_unit_lacks_on_its_own() -> None:
    (verdict,) = pass_deadline(recorded(set_item("W9"), done("1500", unit=Unit.MU, item="W9")), "timer")
    assert isinstance(verdict, TargetOverdue)
    assert [(m.line, m.missing) for m in verdict.missing] == [
        (2, Quantity(amount=Decimal("450000"), unit=Unit.JIN)),
    ]


def test_the_exit_target_of_2016_lacks_8_households_and_32_persons() -> None:
    """Target 105 / 421 (M006), exits 97 / 389 (the sample's synthetic sequel)."""
    read = DecidedFrom(logs=(LogPosition(log="registry", position=4711),))
    (verdict,) = pass_deadline(recorded(set_item("W8")), "timer", Figures(97, 389), read)
    assert isinstance(verdict, TargetOverdue)
    assert verdict.effective_on == date(2017, 1, 1)
    assert [(int(m.missing.amount), m.missing.unit) for m in verdict.missing] == [
        (8, Unit.HOUSEHOLD),
        (32, Unit.PERSON),
    ]
    assert verdict.decided_from == read


def test_an_exit_target_met_in_both_figures_is_not_overdue() -> None:
    assert pass_deadline(recorded(set_item("W8")), "timer", Figures(105, 421)) == []
    assert len(pass_deadline(recorded(set_item("W8")), "timer", Figures(105, 420))) == 1
    assert len(pass_deadline(recorded(set_item("W8")), "timer", Figures(104, 425))) == 1
