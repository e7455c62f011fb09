"""A look-back reaches the last or the first entry, as its document says, and who was removed is identified again, over HTTP
(decision 0038)."""

import pytest

from tests.registry.households.example_villages import (
    DOCUMENT,
    TODAY,
    VOTE,
    Village,
    day,
    done,
    step,
)
from tests.registry.lifecycle.record_cases import refused_effect


def look_back(village: Village, household: str, decided_on: str, procedure: str = "first_entry_removal") -> object:
    """The answer to the decision."""
    begun = day(decided_on, -9)
    case = village.open_case(village.township, household, procedure, begun)
    step(village.township, case, "visits", begun, confirmed=True)
    step(village.cadre, case, "appraisals", begun, **VOTE)
    step(village.cadre, case, "notices", begun)
    return village.decider.post(f"{case}/decisions", {"on": decided_on, **DOCUMENT})


def returned(village: Village) -> str:
    """Enrolled on 2016-02-18, exited on 2016-10-10, returned on 2017-02-10."""
    household = village.household("2016-01-10")
    village.enrol(household, "2016-02-18")
    village.exit(household, "2016-10-10")
    village.take_in_again(household, "2017-02-10")
    return household


def test_of_a_returned_household_the_first_entry_was_wrong(village: Village) -> None:
    household = returned(village)
    done(look_back(village, household, "2018-03-01"))
    assert village.totals("2016-02-17") == {"candidate": (1, 3)}
    assert village.totals("2016-02-18") == village.totals("2016-10-10") == village.totals(TODAY) == {"removed": (1, 3)}


def test_of_a_returned_household_the_return_alone_was_wrong(village: Village) -> None:
    household = returned(village)
    done(look_back(village, household, "2018-03-01", "look_back_removal"))
    assert village.totals("2016-02-18") == {"registered": (1, 3)}
    assert village.totals("2016-10-10") == village.totals("2017-02-09") == {"exited": (1, 3)}
    assert village.totals("2017-02-10") == village.totals(TODAY) == {"removed": (1, 3)}


def test_of_an_exited_household_the_entry_was_wrong(village: Village) -> None:
    household = village.household("2016-01-10")
    village.enrol(household, "2016-02-18")
    village.exit(household, "2016-10-10")
    done(look_back(village, household, "2018-03-01", "look_back_removal"))
    assert village.totals("2016-02-17") == {"candidate": (1, 3)}
    assert village.totals("2016-02-18") == village.totals(TODAY) == {"removed": (1, 3)}


@pytest.mark.parametrize(("decided_on", "status"), [("2016-10-09", 409), ("2016-10-10", 201), ("2016-10-11", 201)])
def test_a_look_back_of_an_exited_household_is_not_decided_before_the_exit(
    village: Village, decided_on: str, status: int
) -> None:
    """Until now that was the only way, and it was accepted."""
    household = village.household("2016-01-10")
    village.enrol(household, "2016-02-18")
    village.exit(household, "2016-10-10")
    answer = look_back(village, household, decided_on, "look_back_removal")
    assert answer.status_code == status  # type: ignore[attr-defined]
    if status == 409:
        assert refused_effect(answer) == "removed_before_later_status"
        assert village.totals(TODAY) == {"exited": (1, 3)}


def test_who_was_removed_is_identified_again_and_what_follows_stands(village: Village) -> None:
    household = village.household("2016-01-10")
    village.enrol(household, "2016-02-18")
    done(look_back(village, household, "2016-06-01"))
    village.enrol(household, "2017-02-18")
    village.exit(household, "2017-10-10")
    assert village.totals("2016-02-18") == village.totals("2017-02-17") == {"removed": (1, 3)}
    assert village.totals("2017-02-18") == village.totals("2017-10-09") == {"registered": (1, 3)}
    assert village.totals("2017-10-10") == village.totals(TODAY) == {"exited": (1, 3)}
    done(look_back(village, household, "2018-03-01"))
    assert village.totals("2016-02-18") == village.totals("2017-02-17") == {"removed": (1, 3)}
    assert village.totals("2017-02-18") == village.totals(TODAY) == {"removed": (1, 3)}
