"""A form that is wrong as a whole says why, in both languages and at its place."""

import pytest
from pydantic import ValidationError

from services.chassis.web.validation_errors import field_errors
from services.registry.households.member_forms import DocumentForm


def test_the_place_and_the_words_are_the_validators() -> None:
    with pytest.raises(ValidationError) as wrong:
        DocumentForm.model_validate({"kind": "passport"})
    [told] = field_errors({**error, "loc": ("body", "members", 0, *error["loc"])} for error in wrong.value.errors())
    assert (told.pointer, told.title) == ("#/members/0", "有证件的填写号码，没有证件的填写原因")
    assert told.title_en == "a document has a number, and none has a reason"
