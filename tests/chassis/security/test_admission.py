"""Accounts have one form, areas one province, and tokens a post behind them where the directory is enforced."""

from collections.abc import Sequence

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.accounts import RESERVED, normalised
from contracts.roles import Role
from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.security.actor import Actor
from services.chassis.security.admission import (
    AREA_IN_ANOTHER_PROVINCE,
    NO_POST_HELD,
    POST_DOES_NOT_COVER,
    Admission,
    HeldPost,
    uncovered,
)

VILLAGE, TOWNSHIP, COUNTY = "990001101201", "990001101", "990001"


def actor(division: str = VILLAGE, *roles: Role, subject: str = "zhang3") -> Actor:
    return Actor(subject, frozenset(roles or {Role.CADRE}), division)


def code(admission: Admission, of: Actor) -> str | None:
    """Of the rule that keeps this caller out."""
    try:
        anyio.run(admission.admit, of)
    except Refused as refusal:
        return refusal.rule.code
    return None


@pytest.mark.parametrize("written", ["zhang3", "Zhang3", "ZHANG3", "ｚｈａｎｇ３", "ＺＨＡＮＧ３"])
def test_one_person_is_one_account_however_it_is_written(written: str) -> None:
    assert Actor(written, frozenset(), "").subject == "zhang3"


@given(some.text(max_size=8))
def test_the_form_of_an_account_is_its_own_form(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_system_actors_and_roles_are_no_account(name: str) -> None:
    for written in (name, name.title(), name.upper()):
        with pytest.raises(ValueError, match="reserved"):
            Actor(written, frozenset(), "")
    assert Actor(f"{name}-1", frozenset(), "").subject == f"{name}-1"


@pytest.mark.parametrize(
    ("division", "served"), [("99", True), ("", True), (VILLAGE, True), ("98", False), ("980001", False)]
)
def test_an_area_lies_in_the_installations_province(division: str, served: bool) -> None:
    assert code(Admission("99"), actor(division)) == (None if served else AREA_IN_ANOTHER_PROVINCE.code)


def test_the_province_is_learned_once_a_division_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.chassis.security.admission.LOOK_AGAIN_SECONDS", 0.0)
    admission, declared = Admission(), list[str]()
    admission.find_province = lambda: declared[0] if declared else None
    assert code(admission, actor("98")) is None
    declared.append("99")
    assert code(admission, actor("98")) == AREA_IN_ANOTHER_PROVINCE.code
    declared[0] = "98"
    assert code(admission, actor("98")) == AREA_IN_ANOTHER_PROVINCE.code


@pytest.mark.parametrize(
    ("held", "division", "roles", "missing"),
    [
        ([HeldPost(Role.CADRE, VILLAGE)], VILLAGE, [Role.CADRE], []),
        ([HeldPost(Role.CADRE, VILLAGE)], TOWNSHIP, [Role.CADRE], [Role.CADRE]),
        ([HeldPost(Role.CADRE, TOWNSHIP)], VILLAGE, [Role.CADRE], [Role.CADRE]),
        ([HeldPost(Role.REVIEWER, COUNTY)], TOWNSHIP, [Role.REVIEWER], [Role.REVIEWER]),
        ([HeldPost(Role.CADRE, VILLAGE)], VILLAGE, [Role.CADRE, Role.REVIEWER], [Role.REVIEWER]),
        ([HeldPost(Role.ANALYST, COUNTY)], TOWNSHIP, [Role.ANALYST], []),
        ([HeldPost(Role.ANALYST, TOWNSHIP)], COUNTY, [Role.ANALYST], [Role.ANALYST]),
        ([HeldPost(Role.AUDITOR, "99")], "", [Role.AUDITOR], []),
        ([HeldPost(Role.AUDITOR, "9900")], "", [Role.AUDITOR], [Role.AUDITOR]),
        ([HeldPost(Role.CADRE, VILLAGE), HeldPost(Role.REVIEWER, VILLAGE)], VILLAGE, [Role.CADRE, Role.REVIEWER], []),
    ],
)
def test_a_post_covers_a_role_at_its_level_and_a_reader_below_it(
    held: Sequence[HeldPost], division: str, roles: list[Role], missing: list[Role]
) -> None:
    assert uncovered(actor(division, *roles), held) == missing


def test_an_enforced_directory_admits_who_holds_a_post() -> None:
    posts = {"zhang3": [HeldPost(Role.CADRE, VILLAGE)]}
    admission = Admission("99", enforced=True)
    with pytest.raises(Unavailable):
        anyio.run(admission.admit, actor())
    admission.offer(lambda account: posts.get(account, []))
    assert code(admission, actor()) is None
    assert code(admission, actor(subject="ＺＨＡＮＧ３")) is None
    assert code(admission, actor(TOWNSHIP)) == POST_DOES_NOT_COVER.code
    assert code(admission, actor(subject="li4")) == NO_POST_HELD.code
    assert code(admission, Actor("li4", frozenset(), VILLAGE)) == NO_POST_HELD.code
    assert code(admission, actor("", Role.SERVICE, subject="audit")) is None
    assert code(admission, actor("", Role.SERVICE, Role.AUDITOR, subject="audit")) == NO_POST_HELD.code


def test_an_empty_house_is_not_searched_for_its_province_by_every_request() -> None:
    admission, looked = Admission(), list[None]()
    admission.find_province = lambda: looked.append(None)
    assert [code(admission, actor("98")) for _ in range(20)] == [None] * 20
    assert len(looked) == 1


def test_a_recorded_directory_asks_nobody() -> None:
    admission = Admission("99")
    admission.offer(lambda _: pytest.fail("asked"))
    assert code(admission, actor()) is None
