"""Code lists of the collection form."""

import pytest

from services.registry.intake.codes import ALL_CODE_LISTS, CodedColumn, english_code


@pytest.mark.parametrize("codes", ALL_CODE_LISTS, ids=lambda codes: codes.key)
def test_every_code_has_a_label_and_a_word_of_its_own(codes: CodedColumn) -> None:
    assert set(codes.labels) == set(codes.kind)
    for code, label in codes.labels.items():
        assert codes.parse(label) is codes.parse(english_code(code)) is code
