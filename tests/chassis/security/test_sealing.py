"""Sealing: a box opens for its own subject and field only, and never shows what is in it."""

from datetime import date
from typing import ClassVar
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from contracts.canonical import decode, encode
from contracts.facts import HouseholdFact
from contracts.personal import Personal
from contracts.registry.households import Attribute, HouseholdRecorded
from contracts.registry.members import Member, MemberJoined, MemberSurveyed, Relation, Sex
from contracts.registry.poverty_status import HouseholdExited
from contracts.registry.reasons import JoinReason
from services.chassis.security.key_ids import LARGEST_ID, key_id_text, new_key_ids, read_key_id
from services.chassis.security.sealing import (
    SHREDDED,
    DataKey,
    KeyDestroyed,
    KeyedDigest,
    SealBroken,
    key_id,
    open_box,
    seal,
    seal_text,
    subjects_of,
    unseal,
)

HOUSEHOLD, ANN, BO = uuid4(), uuid4(), uuid4()


def key(subject: UUID, of_subject: int = 1) -> DataKey:
    return DataKey(subject, of_subject, of_subject.to_bytes(16, "big") + subject.bytes)


KEYS = {subject: key(subject) for subject in (HOUSEHOLD, ANN, BO)}


def member(person: UUID, name: str) -> Member:
    return Member(
        person_id=person, name=Personal(name), sex=Sex.FEMALE, birth_year=1980, relation=Relation.HEAD,
        phone=Personal("000") if person == BO else None,
    )  # fmt: skip


def recorded() -> HouseholdRecorded:
    return HouseholdRecorded(
        effective_on=date(2014, 5, 1), entered_by="tester", household_id=HOUSEHOLD, division="520328100203",
        address=Personal("组一"), attribute=Attribute.GENERAL_POOR, members=(member(ANN, "甲"), member(BO, "乙")),
    )  # fmt: skip


def test_each_value_is_sealed_under_its_own_subject() -> None:
    fact = recorded()
    assert subjects_of(fact) == {HOUSEHOLD, ANN, BO}
    sealed = seal(fact, KEYS)
    assert sealed.address is not None
    assert open_box(sealed.address, HOUSEHOLD, "address", KEYS[HOUSEHOLD]) == "组一"
    assert [open_box(m.name, m.person_id, "name", KEYS[m.person_id]) for m in sealed.members] == ["甲", "乙"]
    assert subjects_of(sealed) == set()
    assert seal(sealed, {}) is sealed


def test_a_sealed_fact_survives_the_log_and_opens_again() -> None:
    sealed = seal(recorded(), KEYS)
    payload = encode(sealed)
    assert "甲".encode() not in payload
    read = decode("HouseholdRecorded", 1, payload)
    assert unseal(read, KEYS) == recorded()


def test_a_nested_struct_may_name_its_own_subject_while_the_fact_has_none() -> None:
    joined = MemberJoined(
        effective_on=date(2014, 5, 1), entered_by="t", household_id=HOUSEHOLD, member=member(ANN, "甲"),
        reason=JoinReason.BIRTH,
    )  # fmt: skip
    surveyed = MemberSurveyed(
        effective_on=date(2014, 5, 1), entered_by="t", household_id=HOUSEHOLD, person_id=BO, health=Personal("好")
    )
    assert subjects_of(joined) == {ANN}
    assert subjects_of(surveyed) == {BO}


def test_a_nested_struct_without_a_subject_of_its_own_belongs_to_the_enclosing_one() -> None:
    class Guardian(msgspec.Struct, frozen=True):
        name: Personal[str]
        calls: tuple[Personal[str], ...] = ()

    class Visited(HouseholdFact, frozen=True, kw_only=True):
        sealed_under: ClassVar[str] = "person_id"
        person_id: UUID
        guardians: tuple[Guardian, ...] | None = None

    fact = Visited(
        effective_on=date(2014, 5, 1), entered_by="t", household_id=HOUSEHOLD, person_id=ANN,
        guardians=(Guardian(Personal("丙"), (Personal("1"), Personal("2"))),),
    )  # fmt: skip
    assert subjects_of(fact) == {ANN}
    assert unseal(seal(fact, KEYS), KEYS) == fact


def test_a_fact_without_personal_fields_passes_untouched() -> None:
    fact = HouseholdExited(effective_on=date(2016, 1, 1), entered_by="t", household_id=HOUSEHOLD, enjoys_policies=True)
    assert seal(fact, {}) is fact
    assert subjects_of(fact) == set()


def test_personal_data_without_any_subject_is_a_mistake() -> None:
    class Loose(msgspec.Struct, frozen=True):
        name: Personal[str]

    with pytest.raises(TypeError, match="without a subject"):
        subjects_of(Loose(Personal("丙")))


def test_a_subject_without_key_is_not_sealed_with_somebody_elses() -> None:
    with pytest.raises(KeyDestroyed) as missing:
        seal(recorded(), {HOUSEHOLD: KEYS[HOUSEHOLD], ANN: KEYS[ANN]})
    assert missing.value.subject == BO


@pytest.mark.parametrize(
    ("subject", "field", "with_key"),
    [
        (ANN, "phone", key(ANN)),
        (BO, "name", key(BO)),
        (BO, "name", key(ANN)),
        (ANN, "name", DataKey(ANN, 1, b"x" * 32)),
        (ANN, "name", key(ANN, 2)),
    ],
)
def test_a_box_opens_only_for_its_subject_field_and_key(subject: UUID, field: str, with_key: DataKey) -> None:
    box: Personal[str] = Personal.sealed(seal_text("甲", "name", key(ANN)))
    with pytest.raises(SealBroken):
        open_box(box, subject, field, with_key)


@pytest.mark.parametrize(
    "box",
    [
        *("", "plain", "A256GCM.AAAAAAAB", "A256GCM.1.AAAA", "A256GCM.AAAAAAAA.AAAA", "A256GCM.AAAAAAABAAAA.AAAA"),
        *("A256GCM.AAAAAAAB.AAAA", "A256GCM.AAAAAAAB.é", "SM4GCM.AAAAAAAB.AAAA"),
    ],
)
def test_a_damaged_or_unknown_box_is_refused(box: str) -> None:
    with pytest.raises(SealBroken):
        open_box(Personal.sealed(box), ANN, "name", key(ANN))


def test_an_altered_box_is_refused() -> None:
    box = seal_text("甲甲甲", "name", key(ANN))
    head, of_key, body = box.split(".")
    for place in (0, 18, len(body) - 3):
        altered = body[:place] + ("A" if body[place] != "A" else "B") + body[place + 1 :]
        with pytest.raises(SealBroken):
            open_box(Personal.sealed(f"{head}.{of_key}.{altered}"), ANN, "name", key(ANN))


def test_what_was_shredded_opens_as_shredded() -> None:
    box: Personal[str] = Personal.sealed(seal_text("甲", "name", key(ANN)))
    assert open_box(box, ANN, "name", None) is SHREDDED
    assert open_box(Personal.sealed("shredded"), ANN, "name", key(ANN)) is SHREDDED
    without_ann = {HOUSEHOLD: KEYS[HOUSEHOLD], BO: KEYS[BO]}
    opened = unseal(seal(recorded(), KEYS), without_ann)
    assert (opened.members[0].name.is_shredded, opened.members[1].name.plain) == (True, "乙")


@given(plain=some.text(), key_of_ann=some.integers(1, LARGEST_ID))
def test_every_text_comes_back_and_the_box_names_its_key(plain: str, key_of_ann: int) -> None:
    box: Personal[str] = Personal.sealed(seal_text(plain, "name", key(ANN, key_of_ann)))
    assert key_id(box) == key_of_ann
    assert box.box.startswith(f"A256GCM.{key_id_text(key_of_ann)}.")
    assert open_box(box, ANN, "name", key(ANN, key_of_ann)) == plain


def test_ids_of_keys_are_random_and_none_is_zero() -> None:
    drawn = new_key_ids(1000)
    assert len(set(drawn)) == 1000
    assert all(0 < each <= LARGEST_ID for each in drawn)
    assert all(read_key_id(key_id_text(each)) == each for each in drawn)


def test_the_same_text_never_gives_the_same_box() -> None:
    assert len({seal_text("甲", "name", key(ANN)) for _ in range(50)}) == 50


def test_secrets_do_not_print() -> None:
    secret = b"0123456789abcdef0123456789abcdef"
    assert "0123456789abcdef" not in repr(DataKey(ANN, 1, secret)) + repr(KeyedDigest({1: secret}))


def test_a_claim_is_the_same_however_the_number_was_typed() -> None:
    digest = KeyedDigest({2: b"b" * 32, 1: b"a" * 32})
    typed = digest.digests("resident_id", "11010519491231002x")
    assert [number for number, _ in typed] == [1, 2]
    assert {len(value) for _, value in typed} == {32}
    for other in (" 110105 19491231 002X", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X\u3000"):
        assert digest.digests("resident_id", other) == typed
    assert digest.digests("account", "11010519491231002x") != typed
    assert KeyedDigest({1: b"a" * 32}).digests("resident_id", "11010519491231002X") == typed[:1]


def test_short_or_no_keys_are_refused() -> None:
    for keys in ({}, {1: b"short"}):
        with pytest.raises(ValueError, match="32 bytes"):
            KeyedDigest(keys)
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey(ANN, 1, b"short")
