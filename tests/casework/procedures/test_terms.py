"""Terms of an application: what is missing or malformed is named, what was sent is not."""

import msgspec
import pytest

from services.casework.procedures.matters import TERMS_MALFORMED, read_terms
from services.chassis.ground.refusals import Refused


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    reason: str
    persons: int


@pytest.mark.parametrize(
    ("sent", "named"), [({"reason": "left"}, ["persons"]), ({"reason": "left", "persons": "陈大山"}, ["persons"])]
)
def test_a_missing_and_a_malformed_term_are_named(sent: dict[str, object], named: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        read_terms(Terms, sent)
    assert (refused.value.rule, refused.value.facts["malformed"]) == (TERMS_MALFORMED, named)
    assert "陈大山" not in str(refused.value.facts)
