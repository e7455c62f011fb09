"""Code lists of the collection form."""

import pytest

from services.chassis.ground.labels import written
from services.registry.intake import codes as form_codes
from services.registry.intake.codes import CodeList

CODE_LISTS = {name: codes for name, codes in vars(form_codes).items() if isinstance(codes, CodeList)}


@pytest.mark.parametrize("codes", CODE_LISTS.values(), ids=CODE_LISTS)
def test_no_text_of_a_code_list_means_two_codes(codes: CodeList) -> None:
    for code, label in codes.labels.items():
        assert codes.parse(label) is codes.parse(written(code)) is code
