"""Code lists of the collection form."""

import pytest

from services.registry.intake.codes import ALL_CODE_LISTS, CodeList, english_code


@pytest.mark.parametrize("codes", ALL_CODE_LISTS, ids=lambda codes: codes.name)
def test_no_text_of_a_code_list_means_two_codes(codes: CodeList) -> None:
    for code, label in codes.labels.items():
        assert codes.parse(label) is codes.parse(english_code(code)) is code
