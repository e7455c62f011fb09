"""Schedules as textbooks have them."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from contracts.assistance.loans import AgreedInstalment, DayCount, RepaymentMethod
from services.assistance.loans.day_counts import days_between, due_days, quarter_end
from services.assistance.loans.schedules import instalment
from services.casework.dates import months_later
from tests.assistance.loans.example_loans import contracted, course, disbursed

DAY = date(2016, 1, 1)
YEAR = {
    "day_count": DayCount.THIRTY_360, "first_due_on": date(2016, 2, 1), "period_months": 1, "final_on": date(2017, 1, 1),
}  # fmt: skip


def parts(**terms: object) -> list[tuple[int, int]]:
    """Principal and interest of every instalment of 100,000 yuan lent for a year at 6 %, in fen."""
    lent = contracted(DAY, principal=Decimal("100000.00"), rate=Decimal("6.0000"), **{**YEAR, **terms})
    found = course(date(2017, 1, 1), lent, disbursed(DAY, "100000.00"))
    assert found.not_due == 0
    return [(each.principal, each.interest) for each in found.instalments]


def test_equal_instalments_are_8606_64_a_month() -> None:
    """100,000 at 0.5 % a month in twelve instalments: 8,606.64 each by the annuity formula."""
    assert instalment(100_000_00, Fraction(6, 1200), 12) == 8_606_64
    found = parts(method=RepaymentMethod.EQUAL_INSTALMENTS)
    assert found[0] == (8_106_64, 500_00)
    assert found[1] == (8_147_17, 459_47)
    assert {principal + interest for principal, interest in found[:-1]} == {8_606_64}
    assert sum(principal for principal, _ in found) == 100_000_00
    assert abs(sum(found[-1]) - 8_606_64) <= 12


def test_equal_principal_pays_3250_of_interest_in_all() -> None:
    """P × i × (n + 1) / 2 = 3,250 yuan."""
    found = parts(method=RepaymentMethod.EQUAL_PRINCIPAL)
    assert [principal for principal, _ in found] == [8_333_33] * 11 + [8_333_37]
    assert found[0][1] == 500_00
    assert abs(sum(interest for _, interest in found) - 3_250_00) <= 6


def test_a_bullet_pays_interest_and_the_principal_last() -> None:
    assert parts(method=RepaymentMethod.BULLET) == [(0, 500_00)] * 11 + [(100_000_00, 500_00)]


def test_agreed_parts_fall_due_as_agreed() -> None:
    agreed = (
        AgreedInstalment(due_on=date(2016, 7, 1), principal=Decimal("30000.00")),
        AgreedInstalment(due_on=date(2017, 1, 1), principal=Decimal("70000.00")),
    )
    assert parts(method=RepaymentMethod.AGREED, agreed=agreed) == [(30_000_00, 3_000_00), (70_000_00, 2_100_00)]


def test_no_interest_divides_the_principal() -> None:
    assert instalment(100_00, Fraction(0), 3) == 33_33


@pytest.mark.parametrize(
    ("convention", "days"), [(DayCount.ACTUAL_360, 366), (DayCount.ACTUAL_365, 366), (DayCount.THIRTY_360, 360)]
)
def test_a_leap_year_has_its_days(convention: DayCount, days: int) -> None:
    assert days_between(date(2016, 1, 1), date(2017, 1, 1), convention) == days


def test_a_month_that_is_shorter_is_due_on_its_last_day() -> None:
    assert months_later(date(2016, 1, 31), 1) == date(2016, 2, 29)
    assert list(due_days(date(2015, 12, 31), 1, date(2016, 3, 31)))[1:3] == [date(2016, 1, 31), date(2016, 2, 29)]
    assert [quarter_end(date(2016, m, 1)) for m in (1, 6, 12)] == [
        date(2016, 3, 31),
        date(2016, 6, 30),
        date(2016, 12, 31),
    ]
