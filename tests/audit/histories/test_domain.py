"""A history names its basis, shows what is void, and never shows personal data."""

from datetime import date

from contracts.personal import SHREDDED, Personal
from contracts.registry.households import HouseholdSurveyed
from contracts.selection import surviving
from services.audit.histories.domain import Basis, annulments, history, said, state
from tests.audit.fact_builders import (
    BOX,
    HOUSEHOLD,
    Register,
    annulled,
    enrolled,
    exited,
    joined,
    noon,
    taken_down,
)
from tests.audit.producers import AidGranted

ENTRY, MAY, JUNE, JULY = date(2014, 6, 20), date(2015, 5, 1), date(2015, 6, 1), date(2015, 7, 1)
LATER = noon(date(2018, 1, 1))


def test_facts_come_in_the_order_in_which_they_are_true_with_causes_before_effects() -> None:
    registry, assistance = Register(), Register("assistance")
    registry.learn(noon(ENTRY), taken_down(ENTRY, 3), enrolled(ENTRY))
    (exit_,) = registry.learn(noon(JULY), exited(MAY))
    aid = AidGranted(household_id=HOUSEHOLD, effective_on=MAY, entered_by="lika", programme="aid", caused_by=exit_.id)
    assistance.learn(LATER, aid)
    registry.learn(LATER, joined(JUNE, 4))
    told = history([*assistance.entries, *registry.entries], None, noon(date(2018, 1, 2)))
    assert [t.recorded.fact.type_name for t in told] == [
        *("HouseholdRecorded", "HouseholdEnrolled", "HouseholdExited", "AuditTestAidGranted", "MemberJoined"),
    ]
    assert [t.recorded.fact.type_name for t in history(registry.entries, MAY, LATER)] == [
        *("HouseholdRecorded", "HouseholdEnrolled", "HouseholdExited"),
    ]


def test_an_annulled_fact_is_void_until_its_annulment_is_annulled() -> None:
    register = Register()
    register.learn(noon(ENTRY), taken_down(ENTRY, 3), enrolled(ENTRY))
    (exit_,) = register.learn(noon(MAY), exited(MAY))
    (first,) = register.learn(noon(JUNE), annulled(JUNE, exit_.id))
    (second,) = register.learn(noon(JULY), annulled(JULY, first.id))
    assert annulments(register.entries[:3]) == {}
    assert annulments(register.entries[:4]) == {exit_.id: first.id}
    assert annulments(register.entries) == {first.id: second.id}
    told = {t.recorded.id: t.annulled_by for t in history(register.entries, None, noon(JULY))}
    assert told[exit_.id] == first.id
    assert second.id not in told


def test_what_is_void_is_what_the_selection_drops() -> None:
    register = Register()
    register.learn(noon(ENTRY), taken_down(ENTRY, 3), enrolled(ENTRY))
    ids = [r.id for r in register.entries]
    register.learn(noon(MAY), annulled(MAY, ids[1]), annulled(MAY, ids[0], "registry/household-x/9"))
    void = annulments(register.entries)
    assert {r.id for r in register.entries} - void.keys() == {r.id for r in surviving(register.entries)}


def test_a_log_annuls_only_its_own_facts() -> None:
    registry, assistance = Register(), Register("assistance")
    (fact,) = registry.learn(noon(ENTRY), taken_down(ENTRY, 3))
    assistance.learn(noon(MAY), annulled(MAY, fact.id))
    assert annulments([*registry.entries, *assistance.entries]) == {}


def test_migrated_history_is_asserted_and_our_own_is_proved() -> None:
    register = Register()
    register.learn(noon(JULY), taken_down(ENTRY, 3, source_recorded_on=MAY), enrolled(ENTRY))
    assert [t.basis for t in history(register.entries, None, LATER)] == [Basis.ASSERTED, Basis.PROVED]


def test_personal_fields_are_masked_and_say_when_they_are_gone() -> None:
    fact = HouseholdSurveyed(
        household_id=HOUSEHOLD,
        effective_on=MAY,
        entered_by="cadre-1",
        address=Personal.sealed(BOX),
        phone=Personal.sealed(SHREDDED),
    )
    fields = said(fact)
    assert (fields["address"], fields["phone"], fields["account"]) == ("***", "shredded", None)
    assert "entered_by" not in fields
    assert BOX not in str(said(taken_down(ENTRY, 2)))
    assert [m["name"] for m in said(taken_down(ENTRY, 2))["members"]] == ["***", "***"]


def test_only_the_register_s_own_facts_decide_a_household_s_state() -> None:
    registry, other = Register(), Register("assistance")
    registry.learn(noon(ENTRY), taken_down(ENTRY, 3), enrolled(ENTRY))
    other.learn(noon(MAY), exited(MAY))
    assert state([*registry.entries, *other.entries], None, None).status == "registered"
    assert state(registry.entries, date(2014, 6, 19), None).status is None
