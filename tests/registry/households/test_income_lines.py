"""Lines of income: of each series, where, on both sides of the day since which one holds."""

from datetime import date
from decimal import Decimal

import pytest

from services.casework.documents.lookup import Lookup
from services.chassis.law.dated import NotInForce
from services.registry.households.income_lines import LineBasis, income_lines_from, line_on
from services.registry.service import FIRST_TEXTS

SHIPPED = Lookup(lambda _: FIRST_TEXTS.register("registry").as_known())
B = LineBasis
CONTENT = {
    "income_line": "monitoring", "edition": "x", "jurisdiction": "CN", "zh": "线", "en": "line", "basis": "b", "source": "s",
    "from": date(2020, 1, 1),
}  # fmt: skip
LINE = {"from": date(2020, 1, 1), "yuan": "5000.00", "confirmed": True, "source": "s"}


@pytest.mark.parametrize(
    ("basis", "place", "day", "yuan"),
    [
        (B.POVERTY_STATISTICAL, None, "2013-12-31", "2300"),
        (B.POVERTY_STATISTICAL, None, "2014-01-01", "2800"),
        (B.POVERTY_STATISTICAL, None, "2017-06-01", "2952"),
        (B.EXIT_CHECK, "990001", "2016-12-31", "3146"),
        (B.EXIT_CHECK, "990001", "2017-01-01", "3335"),
        (B.MONITORING, "410100", "2021-12-31", "6000"),
        (B.MONITORING, "410100", "2022-01-01", "6800"),
        (B.MONITORING, "520100", "2022-12-31", "6000"),
        (B.MONITORING, "520100", "2023-01-01", "7300"),
        (B.MONITORING, "990001101201", "2022-12-31", "6000"),
        (B.MONITORING, "990001101201", "2023-01-01", "7500"),
        (B.MONITORING, "530000", "2025-01-01", "8700"),
        (B.MONITORING, None, "2025-01-01", "6000"),
    ],
)
def test_the_line_of_a_day_is_that_of_the_nearest_place(
    basis: LineBasis, place: str | None, day: str, yuan: str
) -> None:
    line = line_on(date.fromisoformat(day), place, basis, SHIPPED)
    assert line.yuan == Decimal(yuan)
    assert line.since <= date.fromisoformat(day)


def test_what_was_not_found_in_an_official_text_says_so() -> None:
    doubted = (
        line_on(date(2020, 6, 1), None, B.MONITORING, SHIPPED),
        line_on(date(2016, 6, 1), None, B.EXIT_CHECK, SHIPPED),
    )
    assert not any(line.confirmed for line in doubted)
    assert line_on(date(2021, 6, 1), None, B.MONITORING, SHIPPED).confirmed


def test_no_line_is_guessed_before_the_first() -> None:
    with pytest.raises(NotInForce):
        line_on(date(2019, 12, 31), None, B.MONITORING, SHIPPED)


@pytest.mark.parametrize(
    "lines",
    [(), ({**LINE, "from": date(2020, 1, 2)},), (LINE, LINE), ({**LINE, "yuan": "0"},), ({**LINE, "yuan": "5000.001"},),
     ({**LINE, "year": 2020},)],
)  # fmt: skip
def test_a_document_that_says_no_line_is_refused(lines: tuple[object, ...]) -> None:
    with pytest.raises(ValueError, match=r"lines|yuan|year"):
        income_lines_from({**CONTENT, "lines": lines})
