"""A history names its basis, shows what is void, and never shows personal data."""

from datetime import date
from uuid import UUID

import msgspec

from contracts.personal import SHREDDED, Personal
from contracts.registry.surveys import HouseholdSurveyed
from contracts.selection import surviving
from services.audit.histories.domain import (
    TimeBasis,
    VoidPeriod,
    annulments,
    digest,
    history,
    masked_fields,
    origins,
    state,
    void_periods,
)
from tests.audit.fact_builders import (
    HOUSEHOLD,
    SEALED,
    InMemoryLog,
    annulled,
    enrolled,
    exited,
    formed,
    household_recorded,
    joined,
    noon,
    person,
    split,
)
from tests.audit.producers import AidGranted

ENTRY, MAY, JUNE, JULY = date(2014, 6, 20), date(2015, 5, 1), date(2015, 6, 1), date(2015, 7, 1)
LATER = noon(date(2018, 1, 1))


def test_facts_come_in_the_order_in_which_they_are_true_with_causes_before_effects() -> None:
    registry, assistance = InMemoryLog(), InMemoryLog("assistance")
    registry.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    (exit_,) = registry.append(noon(JULY), exited(MAY))
    aid = AidGranted(household_id=HOUSEHOLD, effective_on=MAY, entered_by="lika", programme="aid", caused_by=exit_.id)
    assistance.append(LATER, aid)
    registry.append(LATER, joined(JUNE, 4))
    entries = history([*assistance.entries, *registry.entries], None, noon(date(2018, 1, 2)))
    assert [t.recorded.fact.type_name for t in entries] == [
        *("HouseholdRecorded", "HouseholdEnrolled", "HouseholdExited", "AuditTestAidGranted", "MemberJoined"),
    ]
    assert [t.recorded.fact.type_name for t in history(registry.entries, MAY, LATER)] == [
        *("HouseholdRecorded", "HouseholdEnrolled", "HouseholdExited"),
    ]


def test_an_annulled_fact_is_void_until_its_annulment_is_annulled() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    (exit_,) = log.append(noon(MAY), exited(MAY))
    (first,) = log.append(noon(JUNE), annulled(JUNE, exit_.id))
    (second,) = log.append(noon(JULY), annulled(JULY, first.id))
    assert annulments(log.entries[:3]) == {}
    assert annulments(log.entries[:4]) == {exit_.id: first.id}
    assert annulments(log.entries) == {first.id: second.id}
    entries = {t.recorded.id: t.annulled_by for t in history(log.entries, None, noon(JULY))}
    assert entries[exit_.id] == first.id
    assert second.id not in entries


def test_what_is_void_is_what_the_selection_drops() -> None:
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    ids = [r.id for r in log.entries]
    log.append(noon(MAY), annulled(MAY, ids[1]), annulled(MAY, ids[0], "registry/household-x/9"))
    void = annulments(log.entries)
    assert {r.id for r in log.entries} - void.keys() == {r.id for r in surviving(log.entries)}


def test_a_log_annuls_only_its_own_facts() -> None:
    registry, assistance = InMemoryLog(), InMemoryLog("assistance")
    (fact,) = registry.append(noon(ENTRY), household_recorded(ENTRY, 3))
    assistance.append(noon(MAY), annulled(MAY, fact.id))
    assert annulments([*registry.entries, *assistance.entries]) == {}


def test_migrated_history_is_asserted_and_our_own_is_proved() -> None:
    log = InMemoryLog()
    log.append(noon(JULY), household_recorded(ENTRY, 3, source_recorded_on=MAY), enrolled(ENTRY))
    assert [t.basis for t in history(log.entries, None, LATER)] == [TimeBasis.ASSERTED, TimeBasis.PROVED]


def test_personal_fields_are_masked_and_say_when_they_are_gone() -> None:
    fact = HouseholdSurveyed(
        household_id=HOUSEHOLD,
        effective_on=MAY,
        entered_by="cadre-1",
        address=Personal.sealed(SEALED),
        phone=Personal.sealed(SHREDDED),
    )
    fields = masked_fields(fact)
    assert (fields["address"], fields["phone"], fields["account"]) == ("***", "shredded", None)
    assert "entered_by" not in fields
    assert SEALED not in str(masked_fields(household_recorded(ENTRY, 2)))
    assert [m["name"] for m in masked_fields(household_recorded(ENTRY, 2))["members"]] == ["***", "***"]


def test_only_the_register_s_own_facts_decide_a_household_s_state() -> None:
    registry, other = InMemoryLog(), InMemoryLog("assistance")
    registry.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    other.append(noon(MAY), exited(MAY))
    assert state([*registry.entries, *other.entries], HOUSEHOLD, None, None).status == "registered"
    assert state(registry.entries, HOUSEHOLD, date(2014, 6, 19), None).status is None


def test_facts_of_one_day_come_in_the_order_of_the_timeline_and_other_services_behind() -> None:
    registry, assistance = InMemoryLog(), InMemoryLog("assistance")
    aid = AidGranted(household_id=HOUSEHOLD, effective_on=ENTRY, entered_by="lika", programme="aid")
    assistance.append(noon(ENTRY), aid)
    registry.append(noon(MAY), enrolled(ENTRY), joined(ENTRY, 4), household_recorded(ENTRY, 3))
    assert [t.recorded.fact.type_name for t in history([*assistance.entries, *registry.entries], None, LATER)] == [
        *("HouseholdRecorded", "MemberJoined", "HouseholdEnrolled", "AuditTestAidGranted")
    ]


def test_a_household_names_all_whom_it_came_from_as_known_then() -> None:
    child, grandchild = (UUID(int=n, version=4) for n in (2, 3))
    log = InMemoryLog()
    log.append(noon(ENTRY), household_recorded(ENTRY, 4))
    log.append(noon(MAY), split(MAY, (2, 3, 4), child), formed(MAY, (2, 3, 4), child))
    split_off = msgspec.structs.replace(split(JUNE, (3, 4), grandchild), household_id=child)
    born = msgspec.structs.replace(formed(JUNE, (3, 4), grandchild), split_from=child)
    log.append(noon(JUNE), split_off, born)
    assert [(o.household, o.formed_on) for o in origins(log.entries, grandchild, LATER)] == [
        (child, JUNE),
        (HOUSEHOLD, MAY),
    ]
    assert origins(log.entries, grandchild, noon(JUNE)) == []
    assert origins(log.entries, HOUSEHOLD, LATER) == []
    assert state(log.entries, grandchild, None, None).persons == {person(3), person(4)}
    assert state(log.entries, grandchild, MAY, None).status is None


def test_since_when_a_fact_is_known_to_be_void_and_until_when() -> None:
    days = [date(2018, 1, day) for day in (1, 3, 5, 7)]
    log = InMemoryLog()
    first, wrong = log.append(noon(days[0]), household_recorded(ENTRY, 3), enrolled(ENTRY))
    (annulling,) = log.append(noon(days[1]), annulled(days[1], wrong.id))
    (restoring,) = log.append(noon(days[2]), annulled(days[2], annulling.id))
    (again,) = log.append(noon(days[3]), annulled(days[3], wrong.id))
    found = void_periods(log.entries)
    assert found[wrong.id] == (VoidPeriod(days[1], days[2], annulling.id), VoidPeriod(days[3], None, again.id))
    assert found[annulling.id] == (VoidPeriod(days[2], None, restoring.id),)
    assert first.id not in found


def test_the_digest_is_of_what_is_shown_and_of_what_is_void() -> None:
    log = InMemoryLog()
    _, entered = log.append(noon(ENTRY), household_recorded(ENTRY, 3), enrolled(ENTRY))
    before = digest(history(log.entries, None, LATER))
    log.append(noon(MAY), annulled(MAY, entered.id))
    assert digest(history(log.entries, None, noon(MAY))) == before
    assert digest(history(log.entries, None, LATER)) != before
    assert digest(history(log.entries[:2], date(2014, 6, 19), LATER)) != before
