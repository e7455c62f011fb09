"""Every kind of amount: what is payable, on both sides of each of its limits; and what is unknown pays nothing."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from contracts.registry.codes import SchoolStage
from services.assistance.programmes.amounts.kinds import Amount
from services.assistance.programmes.amounts.parts import Inputs, Missing, Payable
from services.chassis.ground.labels import Label

D = Decimal


def amount(kind: str, **given: Any) -> Amount:
    return msgspec.convert({"kind": kind, **given}, Amount)  # type: ignore[no-any-return]


RATE = amount("rate", yuan="4")
HEADS = amount("rate", yuan="102.58", per_person=True)
BY_STAGE = amount("table", by="stage", rows={"primary": "1000", "junior": "1250", "preschool": None})
BY_LEVEL = amount("table", by="level", rows={"A": "300", "B": "200"})
FESTIVAL = amount("supplement", to="base", yuan="50", per_person=True)
COLLEGE = amount("ceiling_including_other_grants", ceiling="10000")
WITH_FLOOR = amount("ceiling_including_other_grants", ceiling="10000", floor="500")
LINE = amount("difference_to_line", line="300")
HOSPITAL = amount("share_above_threshold", threshold="5000", share="0.7", cap="20000")
MEALS = amount("per_attended_day", yuan="4")
DONOR = amount("instalments", yuan="1200", count=6)
SCREENING = amount("shared_between_levels", matched="79", real_cost="100", shares={"province": "0.6", "county": "0.4"})
QUILTS = amount("in_kind", zh="棉被", en="quilt", quantity="1", measured_in="set")
FREE = amount("exemption", zh="学费", en="tuition")
FREE_PAID = amount("exemption", zh="学费", en="tuition", yuan="850")
REWARD = amount("range", least="2000", most="3000")
MASKED, UNKNOWN = amount("masked"), amount("unknown")


@pytest.mark.parametrize(
    ("kind", "inputs", "yuan"),
    [
        (RATE, Inputs(persons=3), "4"),
        (HEADS, Inputs(persons=3), "307.74"),
        (BY_STAGE, Inputs(stage=SchoolStage.JUNIOR), "1250"),
        (BY_LEVEL, Inputs(level="B"), "200"),
        (FESTIVAL, Inputs(persons=2), "100"),
        (COLLEGE, Inputs(other_grants=D(9999)), "1"),
        (COLLEGE, Inputs(other_grants=D(10000)), "0"),
        (COLLEGE, Inputs(other_grants=D(10001)), "0"),
        (WITH_FLOOR, Inputs(other_grants=D(9499)), "501"),
        (WITH_FLOOR, Inputs(other_grants=D(9501)), "500"),
        (LINE, Inputs(income=D("299.99"), persons=2), "0.02"),
        (LINE, Inputs(income=D(300), persons=2), "0"),
        (LINE, Inputs(income=D(301), persons=2), "0"),
        (HOSPITAL, Inputs(cost=D(5000)), "0"),
        (HOSPITAL, Inputs(cost=D("5000.01")), "0.01"),  # 0.007, half up
        (HOSPITAL, Inputs(cost=D(15000)), "7000"),
        (HOSPITAL, Inputs(cost=D(15000), paid_before=D(15000)), "5000"),  # what the cap leaves
        (HOSPITAL, Inputs(cost=D(15000), paid_before=D(20000)), "0"),
        (MEALS, Inputs(days=98), "392"),
        (MEALS, Inputs(days=0), "0"),
        (DONOR, Inputs(instalment=6), "1200"),
        (DONOR, Inputs(instalment=7), "0"),
        (QUILTS, Inputs(), "0"),
        (FREE, Inputs(), "0"),
        (FREE_PAID, Inputs(), "850"),
        (REWARD, Inputs(decided=D(2000)), "2000"),
        (REWARD, Inputs(decided=D(3000)), "3000"),
    ],
)
def test_so_much_is_payable(kind: Amount, inputs: Inputs, yuan: str) -> None:
    found = kind.payable(inputs)
    assert isinstance(found, Payable)
    assert found.yuan == D(yuan)


@pytest.mark.parametrize(
    ("kind", "inputs", "missing"),
    [
        (BY_STAGE, Inputs(stage=SchoolStage.PRESCHOOL), Missing.UNKNOWN),
        (BY_STAGE, Inputs(stage=SchoolStage.COLLEGE), Missing.STAGE_NOT_LISTED),
        (BY_LEVEL, Inputs(), Missing.LEVEL),
        (BY_LEVEL, Inputs(level="C"), Missing.LEVEL),
        (LINE, Inputs(), Missing.INCOME),
        (HOSPITAL, Inputs(), Missing.COST),
        (MEALS, Inputs(), Missing.DAYS),
        (REWARD, Inputs(), Missing.RANGE),
        (REWARD, Inputs(decided=D("1999.99")), Missing.RANGE),
        (REWARD, Inputs(decided=D("3000.01")), Missing.RANGE),
        (MASKED, Inputs(decided=D(1000)), Missing.MASKED),
        (UNKNOWN, Inputs(decided=D(1000)), Missing.UNKNOWN),
    ],
)
def test_what_is_not_known_pays_nothing_and_says_what_is_missing(
    kind: Amount, inputs: Inputs, missing: Missing
) -> None:
    assert kind.payable(inputs) is missing


def test_what_levels_share_adds_up_and_the_gap_of_the_real_cost_is_on_record() -> None:
    """B31, source facts §5 rule 32."""
    found = SCREENING.payable(Inputs())
    assert found == Payable(D("79.00"), {"county": D("31.60"), "province": D("47.40")}, D(21))
    odd = amount(
        "shared_between_levels", matched="0.10", real_cost="0.10",
        shares={"province": "0.35", "city": "0.35", "county": "0.3"},
    ).payable(Inputs())  # fmt: skip
    assert isinstance(odd, Payable)
    assert sum(odd.by_level.values()) == odd.yuan


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("rate", {"yuan": "-1"}),
        ("rate", {"yuan": "0.001"}),
        ("rate", {"yuan": "NaN"}),
        ("rate", {"yuan": "1e400"}),
        ("rate", {"yuan": "100000000.01"}),
        ("rate", {}),
        ("table", {"by": "stage", "rows": {}}),
        ("table", {"by": "stage", "rows": {"kindergarten": "1"}}),
        ("ceiling_including_other_grants", {"ceiling": "499.99", "floor": "500"}),
        ("share_above_threshold", {"threshold": "0", "share": "1.01", "cap": "1"}),
        ("share_above_threshold", {"threshold": "0", "share": "0", "cap": "1"}),
        ("instalments", {"yuan": "1", "count": 0}),
        ("shared_between_levels", {"matched": "79", "real_cost": "78.99", "shares": {"county": "1"}}),
        ("shared_between_levels", {"matched": "1", "real_cost": "1", "shares": {"county": "0.5", "city": "0.4"}}),
        ("in_kind", {"zh": "被", "en": "quilt", "quantity": "0", "measured_in": "set"}),
        ("range", {"least": "2000", "most": "2000"}),
    ],
)
def test_an_amount_that_could_not_be_paid_by_is_refused(kind: str, given: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        amount(kind, **given)


@pytest.mark.parametrize("kind", ["average", "observed_total", "total"])
def test_what_was_observed_is_no_kind_of_amount(kind: str) -> None:
    """B18, B20–B25, B27, B29: totals and averages of what was paid are never rates (practice, money 8)."""
    with pytest.raises(msgspec.ValidationError, match=kind):
        amount(kind, yuan="102.58")


def test_every_kind_says_in_both_languages_what_it_is() -> None:
    kinds = (
        RATE, HEADS, BY_STAGE, BY_LEVEL, FESTIVAL, COLLEGE, LINE, HOSPITAL, MEALS, DONOR, SCREENING, QUILTS, FREE, FREE_PAID,
        REWARD, MASKED, UNKNOWN,
    )  # fmt: skip
    said = [kind.in_words(Label("学年", "school year")) for kind in kinds]
    assert len({message.zh for message in said}) == len({message.en for message in said}) == len(kinds)
    assert SCREENING.in_words(Label("次", "time")).zh == "配套 79 元（省 60%；县 40%），实际费用 100 元，缺口 21 元"
