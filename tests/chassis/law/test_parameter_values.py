"""What a document of parameters may say: what the decisions that look it up can use."""

import pytest

from services.chassis.law.content import DocumentError
from services.chassis.law.parameter_values import Amount, Count, Expected, Truth, parameters_expected
from services.chassis.law.yaml_text import YamlText

EXPECTED: Expected = {
    "aid.amount": Amount("yuan", most=1_000), "aid.days": Count("days", least=1, most=366), "aid.runs_on": Truth(),
}  # fmt: skip


def read(name: str, value: str, unit: str) -> None:
    entry = f"{{from: 2014-01-01, value: {value}, unit: {unit}, jurisdiction: CN, source: a paper}}"
    text = f"parameters: aid\njurisdiction: CN\nvalues:\n  {name}:\n    - {entry}"
    parameters_expected(EXPECTED)(YamlText(text, "test").content)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("amount", "0", "yuan"), ("amount", '"1000.00"', "yuan"), ("amount", "null", "yuan"), ("days", "1", "days"),
        ("days", "366", "days"), ("runs_on", "false", "boolean"),
    ],
)  # fmt: skip
def test_what_decisions_can_use_is_taken_in(name: str, value: str, unit: str) -> None:
    read(name, value, unit)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("amount", '"-0.01"', "yuan"), ("amount", '"1000.01"', "yuan"), ("amount", '"0.005"', "yuan"),
        ("amount", "1", "dollars"), ("amount", "[1, 2]", "yuan"), ("amount", "true", "boolean"), ("days", "0", "days"),
        ("days", "367", "days"), ("days", '"30.5"', "days"), ("days", "a month", "text"), ("runs_on", "1", "count"),
        ("amuont", "1", "yuan"),
    ],
)  # fmt: skip
def test_what_every_decision_would_fail_on_is_refused_with_its_place(name: str, value: str, unit: str) -> None:
    with pytest.raises(DocumentError, match=rf"^values\.{name}: "):
        read(name, value, unit)
