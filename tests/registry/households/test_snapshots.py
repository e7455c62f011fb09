"""One read for both times: whatever is picked from the periods is what the register answers for that day as known on that."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.civil import end_of_day
from contracts.facts import Fact, Recorded
from contracts.registry.poverty_status import PovertyStatus
from services.registry.households.rehydration import state_on
from services.registry.households.snapshots import HouseholdSnapshot, SnapshotPeriod, snapshot_of, snapshot_periods
from tests.registry.households.example_facts import (
    HOUSEHOLD,
    WIFE,
    annulled,
    enrolled,
    exited,
    fact_id,
    member_left,
    moved,
    recorded_household,
    surveyed,
)
from tests.support.recorded import recorded

FIRST_DAY = date(2014, 6, 1)
STORY: tuple[Fact, ...] = (
    recorded_household("2014-01-10"), enrolled("2014-02-10"), surveyed("2014-03-10"), exited("2014-05-10"),
    member_left("2014-04-10", WIFE), moved("2014-06-10"), annulled("2014-06-11", 4), annulled("2014-06-12", 7),
)  # fmt: skip


def learned(*facts: Fact, hours: int = 24) -> list[Recorded]:
    """Each fact so many hours after the former, the first at noon of the first day."""
    noon = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, 4, tzinfo=UTC)
    return [
        msgspec.structs.replace(r, recorded_at=noon + timedelta(hours=hours * n))
        for n, r in enumerate(recorded(*facts))
    ]


def picked(periods: list[SnapshotPeriod], as_of: date, known_on: date) -> HouseholdSnapshot | None:
    found = [
        p.snapshot
        for p in periods
        if p.valid_from <= as_of
        and (p.valid_to is None or as_of < p.valid_to)
        and p.known_from <= known_on
        and (p.known_to is None or known_on < p.known_to)
    ]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("hours", [24, 7])
@given(days=st.integers(0, 200), known=st.integers(-1, 10))
def test_what_is_picked_is_the_state_of_the_day_as_known_then(hours: int, days: int, known: int) -> None:
    facts = learned(*STORY, hours=hours)
    as_of, known_on = date(2014, 1, 1) + timedelta(days), FIRST_DAY + timedelta(known)
    state = state_on(facts, as_of=as_of, known_at=end_of_day(known_on))
    assert picked(snapshot_periods(facts, HOUSEHOLD), as_of, known_on) == snapshot_of(state)


def test_an_annulled_exit_counts_only_until_the_annulment_is_known() -> None:
    facts = learned(
        recorded_household("2014-01-10"), enrolled("2014-02-10"), exited("2014-05-10"), annulled("2014-06-01", 3)
    )
    periods = snapshot_periods(facts, HOUSEHOLD)
    before, then = (picked(periods, date(2014, 6, 30), FIRST_DAY + timedelta(n)) for n in (2, 3))
    assert before is not None
    assert then is not None
    assert (before.status, then.status) == (PovertyStatus.EXITED, PovertyStatus.REGISTERED)
    assert [p.learned_by for p in periods if p.snapshot == then][-1] == (fact_id(4),)
