"""Which households are taken in as which kind, and for which risks: as the document in force says, whatever its kinds are."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

import services.registry
from contracts.registry.poverty_status import PovertyStatus
from services.casework.dates import months_later
from services.chassis.ground.refusals import Refused
from services.registry.cases.monitoring_kinds import KIND_NOT_OF_STATUS, UNKNOWN_KIND, UNKNOWN_RISK, kinds_from

SHIPPED = Path(services.registry.__file__).parent / "parameters" / "monitoring_kinds" / "monitored_objects-2021.yaml"
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "normalised_assistance-2026" / "monitored_objects.yaml"
S = PovertyStatus


def content(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


OF_2021, OF_2026 = (kinds_from(content(path)) for path in (SHIPPED, EXAMPLE))


@pytest.mark.parametrize(
    ("kind", "taken"),
    [
        ("unstable_exited", {S.EXITED}),
        ("marginal", {S.CANDIDATE, S.REMOVED}),
        ("sudden_hardship", {S.EXITED, S.CANDIDATE, S.REMOVED}),
    ],
)
def test_an_unstable_household_exited_a_marginal_one_is_ordinary_and_hardship_may_come_to_either(
    kind: str, taken: set[PovertyStatus]
) -> None:
    for status in S:
        if status in taken:
            OF_2021.require(kind, ["illness"], status)
        else:
            with pytest.raises(Refused) as refused:
                OF_2021.require(kind, ["illness"], status)
            assert refused.value.rule is KIND_NOT_OF_STATUS


def test_another_regime_has_other_kinds_and_no_code_names_them() -> None:
    for status in (S.CANDIDATE, S.EXITED, S.REGISTERED):
        OF_2026.require("at_risk_of_poverty", ["rigid_spending"], status)
    for kinds, other in ((OF_2026, "marginal"), (OF_2021, "at_risk_of_poverty")):
        with pytest.raises(Refused) as refused:
            kinds.require(other, [kinds.risks[0].code], S.CANDIDATE)
        assert refused.value.rule is UNKNOWN_KIND


@pytest.mark.parametrize("risks", [[], ["rigid_spending", "rigid_spending"], ["illness"]])
def test_risks_are_those_of_the_document_each_once_and_not_none(risks: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        OF_2026.require("at_risk_of_poverty", risks, S.CANDIDATE)
    assert refused.value.rule is UNKNOWN_RISK


@pytest.mark.parametrize(("count", "accepted"), [(5, True), (6, False)])
def test_a_household_has_at_most_five_risks(count: int, accepted: bool) -> None:
    risks = [risk.code for risk in OF_2021.risks][:count]
    if accepted:
        OF_2021.require("marginal", risks, S.CANDIDATE)
    else:
        with pytest.raises(Refused):
            OF_2021.require("marginal", risks, S.CANDIDATE)


def test_a_kind_stands_once() -> None:
    twice = content(SHIPPED)
    twice["kinds"] = [twice["kinds"][0]] * 2
    with pytest.raises(msgspec.ValidationError, match="once"):
        kinds_from(twice)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2023-03-20", 6, "2023-09-20"), ("2023-08-31", 6, "2024-02-29"), ("2023-12-01", 0, "2023-12-01")],
)
def test_months_are_counted_by_the_calendar(day: str, months: int, then: str) -> None:
    assert months_later(date.fromisoformat(day), months) == date.fromisoformat(then)
