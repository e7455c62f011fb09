"""What no longer follows from the registry's facts is annulled by what made it so."""

from datetime import date

import msgspec

from contracts.accounts import SYSTEM_ACTOR
from contracts.assistance.pairing import EndReason, HelperAssigned, PairingEnded
from contracts.facts import DecidedFrom, LogPosition, Recorded
from services.assistance.reconciliation import annulments_of, diff
from tests.assistance.harness import Family
from tests.support.recorded import recorded

FAMILY = Family.new()


def assigned(cause: Recorded, day: date) -> HelperAssigned:
    return HelperAssigned(
        household_id=FAMILY.household, effective_on=day, entered_by=SYSTEM_ACTOR, caused_by=cause.id, helper="staff-1",
        unit="县农业局",
    )  # fmt: skip


def test_obsolete_facts_are_annulled_once_per_cause_in_the_order_in_which_the_causes_were_recorded() -> None:
    entry = recorded(FAMILY.recorded("2014-01-05"), FAMILY.enrolled("2014-06-01"), FAMILY.exited("2014-12-20"))
    void, late = FAMILY.annulled("2015-01-10", entry[2].id), FAMILY.exited("2014-11-01")
    facts = [*entry, *recorded(void, late, start=4)]
    days = (date(2014, 12, 21), date(2014, 6, 1), date(2014, 12, 20))
    derived = [assigned(cause, day) for cause, day in zip((entry[2], entry[1], entry[2]), days, strict=True)]
    obsolete = recorded(*derived, log="assistance", stream="pairing-x")

    annulled, overtaken = annulments_of(obsolete, facts)
    assert (annulled.cause.id, annulled.cause_annulled) == (facts[3].id, True)
    assert annulled.fields() == {
        "household_id": FAMILY.household, "effective_on": days[2], "entered_by": SYSTEM_ACTOR, "caused_by": facts[3].id,
        "annuls": (obsolete[0].id, obsolete[2].id),
    }  # fmt: skip
    assert (overtaken.cause.id, overtaken.cause_annulled, [r.id for r in overtaken.void]) == (
        facts[4].id, False, [obsolete[1].id],
    )  # fmt: skip
    assert list(annulments_of((), facts)) == []


def test_the_same_fact_decided_from_something_newer_is_neither_obsolete_nor_missing() -> None:
    cause, other = recorded(FAMILY.enrolled("2014-06-01"), FAMILY.exited("2014-12-20"))
    ended = PairingEnded(
        household_id=FAMILY.household, effective_on=date(2014, 12, 20), entered_by=SYSTEM_ACTOR, caused_by=other.id,
        reason=EndReason.HOUSEHOLD_EXITED,
    )  # fmt: skip
    kept = assigned(cause, date(2014, 6, 1))
    basis = DecidedFrom(logs=(LogPosition(log="registry", position=7),), documents=())
    actual = recorded(msgspec.structs.replace(kept, decided_from=basis), log="assistance", stream="pairing-x")
    assert diff(actual, [kept, ended, ended]) == ([], [ended])
