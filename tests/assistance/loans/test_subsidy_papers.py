"""By which paper subsidised interest is counted once a product ended: the last one that was in force."""

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from services.assistance.loans.borrowers import product_in_force, subsidy_terms_on
from services.assistance.loans.products import KIND
from services.assistance.loans.subsidies import UNSUBSIDISED
from services.assistance.loans.subsidy_papers import SubsidyPapers
from services.casework.documents.domain import Register
from services.casework.documents.kinds import proposal_of
from services.casework.documents.lookup import Lookup
from services.chassis.law.documents import document_from
from tests.casework.documents.document_facts import Story

PRODUCT, COUNTY = "poverty_micro_credit", "421127"
LAST = date(2018, 6, 30)


def paper(edition: str, percent: int, since: date, until: date | None, place: str = "CN") -> Mapping[str, Any]:
    return {
        KIND: PRODUCT, "edition": edition, "zh": "小额信贷", "en": "micro-credit", "jurisdiction": place, "source": "a paper",
        "in_force": {"from": since, "to": until}, "borrower": "household", "uses": [{"use": "own_production", "to": None}],
        "subsidy": {"on_first": 50000, "shares": [{"from": date(2015, 1, 1), "to": None, "percent": str(percent)}]},
    }  # fmt: skip


class Papers:
    """Of one product, each adopted by two people; ``Documents`` as far as these questions go."""

    def __init__(self, *contents: Mapping[str, Any]) -> None:
        story = Story()
        for content in contents:
            story.facts.append(proposal_of(document_from(content, [KIND]), "operator-1"))
            story.confirm(story.recorded[-1].id)
        self.recorded = story.recorded
        self._register = Register(self.recorded)

    def current(self) -> Lookup:
        return self.known_at(None)

    def known_at(self, instant: datetime | None) -> Lookup:
        return Lookup(lambda _: self._register.as_known(instant))

    def share(self, day: date) -> Fraction | None:
        terms = subsidy_terms_on(self.current(), PRODUCT, day, COUNTY)
        return None if terms is UNSUBSIDISED else terms.shares.on(day)


GENERAL = paper("2014", 100, date(2014, 1, 1), LAST)


@pytest.mark.parametrize(
    ("day", "share", "lent"),
    [
        (date(2013, 12, 31), None, False), (date(2014, 1, 1), 0, True), (date(2018, 6, 29), 1, True), (LAST, 1, True),
        (date(2018, 7, 1), 1, False), (date(2025, 1, 1), 1, False),
    ],
)  # fmt: skip
def test_what_was_lent_keeps_its_subsidy_when_its_product_ended(day: date, share: int | None, lent: bool) -> None:
    papers = Papers(GENERAL)
    assert papers.share(day) == share
    assert (product_in_force(papers.current(), PRODUCT, day, COUNTY) is not None) == lent


def test_of_two_papers_that_ended_the_one_that_ended_last_is_counted_by() -> None:
    county = paper("county", 50, date(2014, 1, 1), date(2019, 12, 31), COUNTY)
    later_begun = paper("2016", 25, date(2016, 1, 1), date(2017, 12, 31))
    assert Papers(county, later_begun).share(date(2020, 1, 1)) == Fraction(1, 2)


def test_an_ended_product_gives_no_less_than_when_subsidy_was_told_of_but_its_successor_may() -> None:
    told_on, today = date(2018, 5, 1), date(2019, 1, 1)
    for contents, lowered in (([GENERAL], False), ([GENERAL, paper("2018", 50, date(2018, 7, 1), None)], True)):
        asked = SubsidyPapers(Papers(*contents), today)  # type: ignore[arg-type]
        assert asked.changing == [PRODUCT]
        assert asked.is_lowered(PRODUCT, COUNTY, told_on) == lowered
