"""Code lists of the collection form."""

import pytest

from services.casework.code_lists.coded_columns import CodedColumn
from services.casework.code_lists.domain import folded
from services.chassis.ground.labels import LABELS, written
from services.chassis.law.yaml_text import YamlText
from services.registry.intake.codes import ALL_CODE_LISTS, FOLDER


@pytest.mark.parametrize("codes", ALL_CODE_LISTS, ids=lambda codes: codes.key)
def test_every_code_has_a_label_and_a_word_of_its_own(codes: CodedColumn) -> None:
    assert set(codes.labels) == set(codes.kind)
    for code, label in codes.labels.items():
        assert codes.parse(label) is codes.parse(written(code)) is code


@pytest.mark.parametrize("codes", ALL_CODE_LISTS, ids=lambda codes: codes.key)
def test_the_shipped_list_writes_no_label_and_no_word_twice(codes: CodedColumn) -> None:
    listed = YamlText.of(FOLDER / f"{codes.key}.yaml").content["codes"]
    labels = LABELS.code_list(codes.kind).codes
    for each in listed:
        assert "label" not in each
        label = labels[each["code"]]
        words = [folded(word) for word in (each["code"], label.zh, *each["aliases"])]
        assert len(set(words)) == len(words), each["code"]
