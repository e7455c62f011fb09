"""Folding is total: whatever stands in a timeline, there is a household at its end."""

from datetime import date
from decimal import Decimal

import pytest

from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.surveys import IncomeSurveyed
from services.registry.households.state import Household, fold
from tests.registry.households.example_facts import (
    HEAD,
    HOUSEHOLD,
    WIFE,
    common_fields,
    exited,
    member_died,
    member_left,
    member_surveyed,
    recorded_household,
    surveyed,
)
from tests.support.recorded import recorded


def income(year: int, wages: str, residents: int = 3, costs: str = "0") -> IncomeSurveyed:
    nothing = Decimal(0)
    return IncomeSurveyed(
        **common_fields(f"{year}-12-31"), period_from=date(year, 1, 1), period_to=date(year, 12, 31), residents=residents,
        wages=Decimal(wages), business=nothing, property=nothing, transfers=nothing, business_costs=Decimal(costs),
    )  # fmt: skip


def test_without_facts_there_is_no_household() -> None:
    state = fold(())
    assert (state, state.status, state.persons, state.head) == (Household(), None, 0, None)


def test_facts_that_fit_nowhere_change_nobody_else() -> None:
    before = fold(recorded(recorded_household("2014-01-10")))
    stranger = HOUSEHOLD
    after = fold(
        recorded(
            recorded_household("2014-01-10"),
            member_left("2014-02-01", stranger),
            member_surveyed("2014-02-01", stranger),
        )
    )
    assert after.members == before.members


def test_a_status_knows_since_when_and_by_which_fact() -> None:
    state = fold(recorded(recorded_household("2014-01-10"), exited("2014-12-01"), surveyed("2015-01-01")))
    assert (state.status_since, state.status_fact) == (date(2014, 12, 1), f"registry/household-{HOUSEHOLD}/2")


def test_the_dead_are_remembered() -> None:
    state = fold(recorded(recorded_household("2014-01-10"), member_died("2014-02-01", WIFE)))
    assert (state.deceased, WIFE in state.members, HEAD in state.members) == (frozenset({WIFE}), False, True)


@pytest.mark.parametrize(
    ("wages", "residents", "per_head"), [("9000", 3, "3000.00"), ("10000", 3, "3333.33"), ("-1", 3, "-0.34")]
)
def test_income_per_head_is_rounded_down_to_the_fen(wages: str, residents: int, per_head: str) -> None:
    (found,) = fold(recorded(recorded_household("2014-01-10"), income(2014, wages, residents))).income_figures
    assert found.per_head == Decimal(per_head)


def test_a_period_surveyed_again_replaces_its_figure_and_other_periods_stay() -> None:
    state = fold(
        recorded(recorded_household("2014-01-10"), income(2014, "1"), income(2015, "2"), income(2014, "9", costs="4"))
    )
    assert {i.income.period_from.year: i.net for i in state.income_figures} == {2014: Decimal(5), 2015: Decimal(2)}


@pytest.mark.parametrize("status", list(PovertyStatus))
def test_stock_is_registered_and_not_exited(status: PovertyStatus) -> None:
    assert Household(status=status).in_stock is (status in ("registered", "returned"))
