"""Income by kind and period, per head of who lives in common: both sides of each day, and a village of March 2023."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.facts import Fact
from contracts.registry.common_residence import CommonResidenceRecorded, ResidenceReason
from contracts.registry.surveys import IncomePeriod, IncomeSurveyed
from contracts.roles import Role
from services.registry.households.income import rounded_per_head
from services.registry.households.income_periods import days_of_year, is_period, period_of, twelve_months_before
from services.registry.households.rehydration import state_on
from services.registry.service import registry
from tests.registry.households.example_facts import (
    CHILD,
    HEAD,
    WIFE,
    common_fields,
    member_died,
    member_left,
    recorded_household,
)
from tests.registry.households.example_requests import VILLAGE, member_body, member_ids, unused_resident_id
from tests.support.recorded import recorded
from tests.support.running import Lika, lika

P = IncomePeriod
LI = {
    "wages": "38400", "business": "6000", "property": "0", "transfers": "2160", "business_costs": "4200",
    "insurance_payouts": "5000", "compliant_spending": "20640",
}  # fmt: skip


def income(on: str, period: IncomePeriod | None, first: str, last: str, residents: int | None = None) -> IncomeSurveyed:
    amounts: dict[str, Any] = {name: Decimal(amount) for name, amount in LI.items()}
    return IncomeSurveyed(
        **common_fields(on), period_from=date.fromisoformat(first), period_to=date.fromisoformat(last), period=period,
        residents=residents, **amounts,
    )  # fmt: skip


def residence(on: str, person: UUID, *, lives_in_common: bool) -> CommonResidenceRecorded:
    reason = ResidenceReason.WORKS_AWAY if lives_in_common else ResidenceReason.LIVES_APART
    return CommonResidenceRecorded(
        **common_fields(on), person_id=person, lives_in_common=lives_in_common, reason=reason
    )  # fmt: skip


def persons_on(day: str, *facts: Fact) -> int:
    figures = state_on(recorded(recorded_household("2014-01-10"), *facts), as_of=date.fromisoformat(day)).latest_income
    assert figures is not None
    return figures.persons


@pytest.fixture
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with lika(
        [registry], module_database, tmp_path_factory.mktemp("lika"), datetime(2023, 3, 6, tzinfo=UTC)
    ) as started:
        yield started


def test_the_household_of_march_2023_to_the_last_figure(running: Lika) -> None:
    """A son works away and lives in common: 10,590 a head, reference income 6,680, which a birth entered later makes 5,344."""
    operator = running.client_for("operator-1", "", Role.OPERATOR)
    village = {"code": VILLAGE, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    assert operator.post("/registry/divisions", village).status_code == 201
    cadre = running.client_for("cadre-1", VILLAGE, Role.CADRE)

    def step(to: str) -> None:
        assert operator.post("/registry/clock/steps", {"to": f"{to}T09:00:00+08:00"}).status_code == 201

    members = [
        member_body("head", id_number=unused_resident_id()), member_body("spouse"), member_body("child", 1998),
        member_body("parent", 1948),
    ]  # fmt: skip
    body = {"division": VILLAGE, "effective_on": "2019-05-20", "members": members}
    li = cadre.post("/registry/households", body).headers["Location"]
    son = member_ids(cadre, li)[2]
    away = {"effective_on": "2020-03-01", "lives_in_common": True, "reason": "外出打工"}
    assert cadre.post(f"{li}/members/{son}/common-residence", away).status_code == 201
    survey = {
        "effective_on": "2023-03-06", "period_from": "2022-03-06", "period_to": "2023-03-05",
        "period": "twelve_months_before", **LI,
    }  # fmt: skip
    assert cadre.post(f"{li}/incomes", survey).status_code == 201

    def figures(as_of: str, **known: str) -> tuple[str, str, int]:
        (read,) = cadre.get(li, as_of=as_of, **known).json()["incomes"]
        return read["per_head"], read["reference_per_head"], read["persons"]

    step("2023-03-20")
    assert figures("2023-03-20") == ("10590.00", "6680.00", 4)
    step("2023-04-03")
    born = {"effective_on": "2023-03-09", "reason": "birth", "member": member_body("grandchild", 2023)}
    assert cadre.post(f"{li}/members", born).status_code == 201
    assert figures("2023-03-20", known_at="2023-03-20") == ("10590.00", "6680.00", 4)
    assert figures("2023-03-08") == ("10590.00", "6680.00", 4)
    assert figures("2023-03-09")[1:] == figures("2023-03-20")[1:] == ("5344.00", 5)
    periods = cadre.get(f"{li}/periods").json()
    references = {s["income"] and s["income"]["reference_per_head"] for s in periods["snapshots"]}
    assert references == {None, "6680.00", "5344.00"}
    assert cadre.get(li).json()["incomes"][0]["reference"] == "26720.00"


def test_a_statistical_year_counts_who_lived_in_common_on_its_last_day() -> None:
    year = income("2017-02-01", P.CALENDAR_YEAR, "2016-01-01", "2016-12-31")
    assert persons_on("2017-06-01", year, member_left("2016-12-31", CHILD)) == 2
    assert persons_on("2017-06-01", year, member_left("2017-01-01", CHILD)) == 3
    assert persons_on("2017-06-01", year, residence("2016-12-31", WIFE, lives_in_common=False)) == 2
    assert persons_on("2017-06-01", year, residence("2017-01-01", WIFE, lives_in_common=False)) == 3


def test_the_twelve_months_before_count_who_lives_in_common_on_the_day_asked_about() -> None:
    before = income("2017-03-01", P.TWELVE_MONTHS_BEFORE, "2016-03-01", "2017-02-28")
    leaving = residence("2017-05-02", WIFE, lives_in_common=False)
    back = residence("2017-05-04", WIFE, lives_in_common=True)
    assert [persons_on(f"2017-05-0{day}", before, leaving, back) for day in (1, 2, 3, 4)] == [3, 2, 2, 3]
    assert persons_on("2017-06-02", before, leaving, member_died("2017-06-02", WIFE)) == 2


def test_residents_that_were_typed_count_and_where_nobody_lives_in_common_all_members_do() -> None:
    typed = income("2017-03-01", None, "2016-01-01", "2016-12-31", residents=5)
    assert persons_on("2017-06-01", typed) == 5
    apart = [residence("2016-02-01", person, lives_in_common=False) for person in (HEAD, WIFE, CHILD)]
    assert persons_on("2017-06-01", *apart, income("2017-03-01", P.CALENDAR_YEAR, "2016-01-01", "2016-12-31")) == 3


def test_reference_income_is_not_known_where_a_part_of_it_was_not_asked() -> None:
    asked = income("2017-03-01", P.CALENDAR_YEAR, "2016-01-01", "2016-12-31")
    for missing in ("insurance_payouts", "compliant_spending"):
        fact = IncomeSurveyed(**{**{n: getattr(asked, n) for n in asked.__struct_fields__}, missing: None})
        figures = state_on(recorded(recorded_household("2014-01-10"), fact), as_of=date(2017, 6, 1)).latest_income
        assert figures is not None
        assert (figures.net, figures.reference, figures.reference_per_head) == (Decimal(42360), None, None)


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2023-03-06", "2022-03-06", "2023-03-05"),
        ("2024-02-29", "2023-03-01", "2024-02-28"),
        ("2024-03-01", "2023-03-01", "2024-02-29"),
    ],
)
def test_the_twelve_months_end_the_day_before(day: str, first: str, last: str) -> None:
    found = twelve_months_before(date.fromisoformat(day))
    assert found == (date.fromisoformat(first), date.fromisoformat(last))
    assert is_period(P.TWELVE_MONTHS_BEFORE, *found)


def test_a_period_that_nobody_names_is_known_by_its_days() -> None:
    assert days_of_year(P.OCTOBER_TO_SEPTEMBER, 2019) == (date(2018, 10, 1), date(2019, 9, 30))
    assert period_of(date(2018, 10, 1), date(2019, 9, 30)) is P.OCTOBER_TO_SEPTEMBER
    assert period_of(date(2018, 1, 1), date(2018, 12, 31)) is P.CALENDAR_YEAR
    assert period_of(date(2018, 1, 1), date(2018, 12, 30)) is None


@given(amount=st.decimals(-(10**9), 10**9, places=2), persons=st.integers(1, 60))
def test_rounding_reaches_no_line(amount: Decimal, persons: int) -> None:
    per_head = rounded_per_head(amount, persons)
    assert 0 <= amount - per_head * persons < persons * Decimal("0.01")
