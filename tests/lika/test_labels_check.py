"""The check of labels finds what is missing, what is left over, and codes that differ."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.publishing.catalogue import load
from lika.labels_check import label_problems
from services.chassis.ground.labels import LABELS, CodeLabels, Label, Labels

FACTS = load()
DOCUMENT = {
    "components": {
        "schemas": {
            "Colour": {"enum": ["red", "green"]},
            "PaintForm": {"properties": {"shade": {"anyOf": [{"enum": ["dark"]}, {"type": "null"}]}}},
        }
    },
    "paths": {"/paint": {"post": {"operationId": "paint", "parameters": [{"name": "brush"}]}}},
}


def without(entries: Any, name: str) -> Any:
    return {key: label for key, label in entries.items() if key != name}


def problems(labels: Labels) -> set[str]:
    """Those that the labels of the house do not have themselves: only facts are looked at."""
    ours = set(label_problems(LABELS, FACTS, [], [], []))
    assert all(line.endswith("is labelled and stands nowhere") for line in ours)
    return set(label_problems(labels, FACTS, [], [], [])) - ours


EXTRA = Label("多余", "extra")


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (replace(LABELS, facts=without(LABELS.facts, "HouseholdExited")), "facts: HouseholdExited has no label"),
        (replace(LABELS, facts={**LABELS.facts, "Nothing": EXTRA}), "facts: Nothing is labelled and is no fact"),
        (replace(LABELS, fields=without(LABELS.fields, "wages")), "fields: IncomeSurveyed.wages has no label"),
        (replace(LABELS, fields={**LABELS.fields, "nothing": EXTRA}), "fields: nothing is labelled and stands nowhere"),
        (replace(LABELS, codes=without(LABELS.codes, "Sex")), "codes: Sex has no labels"),
        (
            replace(LABELS, codes={**LABELS.codes, "Sex": CodeLabels(EXTRA, {"male": EXTRA, "man": EXTRA})}),
            "codes: Sex and its labels differ in female, man",
        ),
        (
            replace(LABELS, codes={**LABELS.codes, "Nothing": CodeLabels(EXTRA, {})}),
            "codes: Nothing is labelled and stands nowhere",
        ),
    ],
)
def test_what_is_missing_or_left_over_is_found(labels: Labels, found: str) -> None:
    assert problems(labels) == {found}


def test_fields_parameters_and_codes_of_an_interface_are_looked_at() -> None:
    ours = set(label_problems(LABELS, FACTS, [], [], []))
    assert set(label_problems(LABELS, FACTS, [DOCUMENT], [("Sheet", "pigment")], [])) - ours == {
        "fields: PaintForm.shade has no label",
        "fields: paint.brush has no label",
        "fields: Sheet.pigment has no label",
        "codes: Colour (green, red) has no labels",
        "codes: shade (dark) has no labels",
    }
