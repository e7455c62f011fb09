"""Documents of every kind, and those that come later."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.registry.households.resident_id import check_character
from tests.registry.households.example_requests import (
    household_body,
    member_body,
    member_ids,
    status_and_code,
    unused_resident_id,
)
from tests.registry.households.example_villages import Village, act_of, annul, done, id_of
from tests.registry.identities.corrections import corrected, member_of, plain

TAKEN = (409, "id_number_on_register")


def resident_of_hong_kong() -> str:
    digits = f"810000{unused_resident_id()[6:17]}"
    return digits + check_character(digits)


def serial() -> str:
    """Eight digits that were not used before."""
    return unused_resident_id()[9:17]


def newborn(**more: Any) -> dict[str, Any]:
    return member_body("child", 2018, **more)


def with_newborn(village: Village) -> tuple[str, str]:
    """A household and its newborn, who has no number yet."""
    household = village.household("2018-01-10", members=[member_body("head"), newborn()])
    return household, member_ids(village.cadre, household)[1]


def record_document(village: Village, household: str, person: str, on: str = "2018-03-01", **document: Any) -> Any:
    return village.cadre.post(f"{household}/members/{person}/documents", {"effective_on": on, **document})


def test_a_newborns_number_comes_later(village: Village) -> None:
    """Cases A4: the day before, the day, the day after."""
    household, child = with_newborn(village)
    number = unused_resident_id(2018)
    done(record_document(village, household, child, id_number=number))
    shown = [
        member_of(village.cadre, household, child, as_of=day)["id_number"]
        for day in ("2018-02-28", "2018-03-01", "2018-03-02")
    ]
    assert shown == [None, "***", "***"]
    assert plain(village.cadre, household, "id_number")[child] == {"id_number": number}


def test_a_number_that_stands_is_replaced_by_a_correction_alone(village: Village) -> None:
    household, child = with_newborn(village)
    done(record_document(village, household, child, id_number=unused_resident_id(2018)))
    refused = record_document(village, household, child, on="2018-02-01", id_number=unused_resident_id(2018))
    assert status_and_code(refused) == (409, "document_stands")
    right = unused_resident_id(2018)
    corrected(village, household, child, id_number=right)
    assert plain(village.cadre, household, "id_number")[child] == {"id_number": right}


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("resident_id", lambda: unused_resident_id()),
        ("household_register", lambda: unused_resident_id()),
        ("residence_permit", resident_of_hong_kong),
        ("disability_card", lambda: unused_resident_id() + "42"),
        ("passport", lambda: "E" + serial()),
        ("officer_card", lambda: "军字第" + serial()),
        ("home_return_permit", lambda: "H" + serial() + "01"),
        ("birth_certificate", lambda: "T0" + serial()),
    ],
)
def test_each_kind_of_document_is_taken_and_is_one_persons(village: Village, kind: str, number: Any) -> None:
    document = {"kind": kind, "number": number()}
    village.household("2018-01-10", members=[member_body("head", document=document)])
    again = household_body(village.code, effective_on="2018-01-10", members=[member_body("head", document=document)])
    assert status_and_code(village.cadre.post("/registry/households", again)) == TAKEN


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("resident_id", "E12345678"), ("residence_permit", unused_resident_id()), ("passport", "12"),
        ("disability_card", unused_resident_id()), ("home_return_permit", "X12345678"), ("birth_certificate", "T12345"),
        ("officer_card", "军字"),
    ],
)  # fmt: skip
def test_a_number_that_its_kind_cannot_have_is_refused(village: Village, kind: str, number: str) -> None:
    body = household_body(
        village.code,
        effective_on="2018-01-10",
        members=[member_body("head", document={"kind": kind, "number": number})],
    )
    answer = village.cadre.post("/registry/households", body)
    assert answer.json()["code"] in ("document_number_malformed", "id_wrong_length"), answer.text


def test_a_card_and_an_id_of_one_number_are_one_persons(village: Village) -> None:
    number = unused_resident_id()
    card = {"kind": "disability_card", "number": number + "42"}
    village.household("2018-01-10", members=[member_body("head", document=card)])
    body = household_body(village.code, effective_on="2018-01-10", members=[member_body("head", id_number=number)])
    assert status_and_code(village.cadre.post("/registry/households", body)) == TAKEN


def test_whoever_has_no_document_says_why_and_kinds_are_taken_by_their_words(village: Village) -> None:
    none = {"kind": "无", "reason": "not_issued"}
    passport = {"kind": "护照", "number": "E" + serial()}
    members = [member_body("head", document=passport), newborn(document=none)]
    household = village.household("2018-01-10", members=members)
    head, child = village.cadre.get(household).json()["members"]
    assert (head["document_kind"], head["id_number"]) == ("passport", "***")
    assert (child["document_kind"], child["no_document_reason"]) == ("none", "not_issued")
    for wrong in ({"kind": "none"}, {"kind": "passport"}, {"kind": "none", "reason": "lost", "number": "E12345678"}):
        body = household_body(village.code, members=[member_body("head", document=wrong)])
        assert status_and_code(village.cadre.post("/registry/households", body)) == (422, "malformed"), wrong


def test_of_two_who_enter_one_number_at_once_one_is_refused(village: Village) -> None:
    number = unused_resident_id(2018)
    families = [with_newborn(village) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda family: record_document(village, *family, id_number=number), families))
    assert sorted(a.status_code for a in answers) == [201, 409]


def test_the_number_of_an_annulled_document_is_free_and_not_restored_while_another_holds_it(village: Village) -> None:
    """Cases A1."""
    household, child = with_newborn(village)
    other, twin = with_newborn(village)
    number = unused_resident_id(2018)
    done(record_document(village, household, child, id_number=number))
    assert status_and_code(record_document(village, other, twin, id_number=number)) == TAKEN
    done(annul(village.cadre, household, act_of(village.cadre, household, "PersonDocumentRecorded")))
    annulment = act_of(village.cadre, household, "FactsAnnulled")
    done(record_document(village, other, twin, id_number=number))
    refused = annul(village.cadre, household, annulment)
    assert status_and_code(refused) == TAKEN
    assert refused.json()["facts"]["household_id"] == id_of(other)


def test_a_number_that_contradicts_the_person_is_refused_later_too(village: Village) -> None:
    household, child = with_newborn(village)
    refused = record_document(village, household, child, id_number=unused_resident_id(2017))
    assert refused.json()["code"] == "id_contradicts_person"
    assert record_document(village, household, child).json()["code"] == "document_not_given"
