"""Health and disability as codes, a card and the columns beside it say them together."""

import pytest

from contracts.registry.codes import DisabilityCategory, DocumentKind, Health
from services.chassis.ground.refusals import Refused
from services.registry.households.health import Disability, category_named, disability_of, written_health
from services.registry.households.identity_documents import parse_document
from tests.registry.households.example_requests import unused_resident_id

NUMBER = unused_resident_id()
LIMB, LIMB_TWO = DisabilityCategory.LIMB, f"{NUMBER}42"
"""The card says limb (4) and level 2 behind the citizen's number."""


def test_several_conditions_stand_in_the_order_of_the_form_and_never_beside_healthy() -> None:
    assert written_health([Health.DISABLED, Health.CHRONIC, Health.CHRONIC]) == "chronic,disabled"
    assert written_health([Health.HEALTHY]) == "healthy"
    with pytest.raises(Refused) as refused:
        written_health([Health.HEALTHY, Health.DISABLED])
    assert refused.value.rule.code == "health_contradicts_itself"


@pytest.mark.parametrize(
    "said", [Disability(None, None, LIMB_TWO), Disability(2, None, LIMB_TWO), Disability(2, LIMB, LIMB_TWO)]
)
def test_what_is_not_said_beside_a_card_is_read_from_it(said: Disability) -> None:
    assert disability_of(said) == Disability(2, LIMB, LIMB_TWO)


@pytest.mark.parametrize(
    "said",
    [Disability(3, None, LIMB_TWO), Disability(0, None, LIMB_TWO), Disability(2, DisabilityCategory.VISUAL, LIMB_TWO)],
)
def test_a_level_or_kind_that_the_card_contradicts_is_refused(said: Disability) -> None:
    with pytest.raises(Refused) as refused:
        disability_of(said)
    assert refused.value.rule.code == "disability_card_contradicts"


def test_a_card_of_somebody_else_is_refused_and_one_that_is_the_document_is_not_kept_twice() -> None:
    own = parse_document(DocumentKind.RESIDENT_ID, NUMBER)
    assert disability_of(Disability(card=LIMB_TWO), own).card == LIMB_TWO
    with pytest.raises(Refused):
        disability_of(Disability(card=f"{unused_resident_id()}42"), own)
    as_document = parse_document(DocumentKind.DISABILITY_CARD, LIMB_TWO)
    assert disability_of(Disability(), as_document) == Disability(2, LIMB, None)


@pytest.mark.parametrize(
    ("word", "kind"), [("肢体二级", LIMB), ("智力三级", DisabilityCategory.INTELLECTUAL), ("二级", None)]
)
def test_a_word_for_a_level_may_begin_with_the_kind(word: str, kind: DisabilityCategory | None) -> None:
    assert category_named(word) is kind
