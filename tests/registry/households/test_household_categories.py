"""The category of a household has a first day and, where it is known, a last one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.facts import Fact
from contracts.registry.categories import HouseholdCategoryAssigned
from contracts.registry.households import Attribute
from services.registry.households.bitemporal import UNTIL_CHANGED, project
from services.registry.households.rehydration import state_on
from tests.registry.households.example_facts import annulled, common_fields, recorded_household, surveyed
from tests.registry.households.example_villages import Village, done
from tests.support.recorded import recorded
from tests.support.running import Lika

A = Attribute
FIRST = date(2016, 1, 1)


def assigned(on: str, attribute: Attribute, until: str | None = None) -> HouseholdCategoryAssigned:
    return HouseholdCategoryAssigned(
        **common_fields(on), attribute=attribute, until=date.fromisoformat(until) if until else None
    )


def test_a_category_ends_by_itself_and_the_remainder_is_a_printed_row(running: Lika) -> None:
    """M004: civil affairs give it with a paper and a last day; statistics and lists go by it on both sides."""
    village = Village(running)
    home = village.household("2018-01-10", attribute=None)
    village.enrol(home, "2018-02-01")
    decision = {"organ": "县民政局", "decided_on": "2018-03-01", "document_no": "民〔2018〕7号", "signer": "局长"}
    given = {"effective_on": "2018-03-10", "attribute": "低保边缘家庭", "until": "2018-04-30", "decision": decision}
    done(village.cadre.post(f"{home}/categories", given))

    def counted(as_of: str) -> dict[str, tuple[int, int]]:
        answer = village.cadre.get("/registry/category-totals", division=village.code, as_of=as_of).json()
        return {code: (of["households"], of["persons"]) for code, of in answer["by_attribute"].items()}

    remainder = {"unclassified": (1, 3)}
    assert counted("2018-03-09") == remainder
    assert counted("2018-03-10") == counted("2018-04-30") == {"low_income_marginal": (1, 3), "unclassified": (0, 0)}
    assert counted("2018-05-01") == remainder
    read = village.cadre.get(home, as_of="2018-04-30").json()
    assert (read["attribute_since"], read["attribute_until"]) == ("2018-03-10", "2018-04-30")
    assert village.cadre.get(home).json()["attribute"] == "unclassified"
    listed = village.cadre.get("/registry/households", division=village.code, attribute="unclassified").json()["items"]
    assert [item["household_id"] for item in listed] == [home.rpartition("/")[2]]


def test_a_recheck_of_low_income_security_takes_in_who_qualifies_and_out_who_does_not(running: Lika) -> None:
    """M021, R04: civil affairs go through all recipients of a village and all who might be: each is confirmed, withdrawn or admitted by
    the decision, from its day on; what was so before, and known before, is still answered."""
    village = Village(running)
    confirmed, withdrawn, admitted, never = (
        village.household("2018-01-10", attribute=attribute)
        for attribute in ("low_income_security", "low_income_security", None, None)
    )
    for home in (confirmed, withdrawn, admitted, never):
        village.enrol(home, "2018-02-01")

    def recipients() -> set[str]:
        asked = {"division": village.code, "attribute": "low_income_security"}
        return {each["household_id"] for each in village.cadre.get("/registry/households", **asked).json()["items"]}

    def counted(as_of: str) -> tuple[int, int]:
        answer = village.cadre.get("/registry/category-totals", division=village.code, as_of=as_of).json()
        of = answer["by_attribute"]["low_income_security"]
        return of["households"], of["persons"]

    assert recipients() == {home.rpartition("/")[2] for home in (confirmed, withdrawn)}
    decision = {"organ": "县民政局", "decided_on": "2018-03-20", "document_no": "民〔2018〕11号", "signer": "局长"}
    for home, attribute in (
        (confirmed, "low_income_security"), (withdrawn, "unclassified"), (admitted, "low_income_security"),
    ):  # fmt: skip
        given = {"effective_on": "2018-04-01", "attribute": attribute, "decision": decision}
        done(village.cadre.post(f"{home}/categories", given))
    assert recipients() == {home.rpartition("/")[2] for home in (confirmed, admitted)}
    assert (counted("2018-03-31"), counted("2018-04-01")) == ((2, 6), (2, 6))
    then = village.cadre.get(withdrawn, as_of="2018-03-31").json()
    now = village.cadre.get(withdrawn, as_of="2018-04-01").json()
    assert (then["attribute"], now["attribute"]) == ("low_income_security", "unclassified")
    assigned_on = [
        each["effective_on"]
        for each in village.cadre.get(f"{withdrawn}/facts").json()
        if each["type"] == "HouseholdCategoryAssigned"
    ]
    assert assigned_on == ["2018-04-01"]


@pytest.mark.parametrize(
    "wrong", [{"until": "2018-03-09"}, {"until": "2201-01-01"}, {"attribute": "unclassified", "until": "2018-05-01"}]
)
def test_a_category_that_cannot_be_is_malformed(running: Lika, wrong: dict[str, str]) -> None:
    village = Village(running)
    home = village.household("2018-01-10")
    form = {"effective_on": "2018-03-10", "attribute": "low_income_security", **wrong}
    answer = village.cadre.post(f"{home}/categories", form)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


def test_what_is_said_before_its_last_day_takes_the_place_of_a_category() -> None:
    line = recorded(
        recorded_household("2016-01-01"), assigned("2016-02-01", A.LOW_INCOME_SECURITY, "2016-12-31"),
        assigned("2016-06-01", A.FIVE_GUARANTEES), assigned("2016-08-01", A.FIVE_GUARANTEES, "2017-01-31"),
    )  # fmt: skip

    def on(day: str) -> tuple[Attribute, date | None]:
        state = state_on(line, as_of=date.fromisoformat(day))
        return state.attribute, state.attribute_since

    assert on("2016-01-31") == (A.UNCLASSIFIED, None)
    assert on("2016-05-31") == (A.LOW_INCOME_SECURITY, date(2016, 2, 1))
    assert on("2017-01-31") == (A.FIVE_GUARANTEES, date(2016, 6, 1))
    assert on("2017-02-01") == (A.UNCLASSIFIED, date(2017, 2, 1))


_days = st.integers(1, 40)


@given(
    said=st.lists(st.tuples(_days, st.sampled_from([*A]), st.none() | _days, st.booleans()), max_size=6),
    voided=st.none() | st.integers(2, 7),
    asked=_days,
)
def test_the_projected_category_of_a_day_is_that_of_its_state(
    said: list[tuple[int, Attribute, int | None, bool]], voided: int | None, asked: int
) -> None:
    """Whatever is told in whatever order, with ends of their own and annulled again."""
    facts: list[Fact] = [recorded_household(FIRST.isoformat())]
    for since, attribute, lasting, by_visit in said:
        on = (FIRST + timedelta(since)).isoformat()
        until = None if lasting is None else (FIRST + timedelta(since + lasting)).isoformat()
        facts.append(surveyed(on, attribute=attribute) if by_visit else assigned(on, attribute, until))
    if voided is not None and voided <= len(facts):
        facts.append(annulled((FIRST + timedelta(50)).isoformat(), voided))
    line, day = recorded(*facts), FIRST + timedelta(asked)
    found = [
        period.value.attribute
        for period in project(line, None)[1]
        if period.known_to == UNTIL_CHANGED and period.valid_from <= day < period.valid_to
    ]
    assert found == [state_on(line, as_of=day).attribute]
