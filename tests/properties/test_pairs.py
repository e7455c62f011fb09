"""Nobody on a list is without a helper unnoticed, and nobody has more in hand than a document allows, by a reckoning day by day."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from contracts.assistance.pairs import HelpListed, PairEndReason, PairFormed
from contracts.casework.records import SubjectKind
from services.assistance.pairs.domain import most_at_once
from services.assistance.pairs.duty_matters import by_lists
from services.assistance.pairs.register_duties import RegisterRecord, village_history
from services.assistance.pairs.state import Helped, Listing, Pair, Told
from services.assistance.registrations import Registration, Stay
from services.chassis.log.periods import OPEN_END, Period

SUBJECT, START, DAYS = UUID(int=7), date(2016, 2, 1), 60  # over a leap day
OFFSETS = st.integers(0, DAYS)


def day(offset: int) -> date:
    return START + timedelta(offset)


def told(offset: int, fact: str) -> Told:
    return Told(day(offset), day(offset), fact)


def pair(number: int, first: int, end: int | None) -> Pair:
    formed = PairFormed(
        effective_on=day(first), entered_by="office-1", subject=SUBJECT, kind="key_pupil_teacher", edition="2014",
        about=SubjectKind.PERSON, helper=f"teacher-{number}", unit="某校",
    )  # fmt: skip
    return Pair(number, formed, told(first, f"f{number}"), end=None if end is None else told(end, f"e{number}"))


@st.composite
def pairs(draw: st.DrawFn) -> list[Pair]:
    found = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        first = draw(OFFSETS)
        found.append(pair(number, first, draw(st.none() | st.integers(first, DAYS))))
    return found


@given(of=pairs(), since=OFFSETS, length=st.none() | st.integers(1, DAYS))
def test_whoever_is_listed_and_has_nobody_is_owed_a_helper_from_that_very_day(
    of: list[Pair], since: int, length: int | None
) -> None:
    listed = HelpListed(
        effective_on=day(since), entered_by="office-1", subject=SUBJECT, kind="key_pupil_teacher", edition="2014",
        about=SubjectKind.PERSON,
    )  # fmt: skip
    listing = Listing(99, listed, told(since, "l"), None if length is None else day(since + length))
    owed, _ = by_lists(Helped({p.number: p for p in of}, {99: listing}))
    since_days = {one.since for one in owed}
    for offset in range(2 * DAYS):
        today = day(offset)
        alone = listing.holds_on(today) and not any(p.holds_on(today) for p in of)
        before = today - timedelta(1)
        was_alone = listing.holds_on(before) and not any(p.holds_on(before) for p in of)
        if alone and not was_alone:
            assert today in since_days
    assert all(listing.holds_on(one.since) for one in owed)


@given(of=pairs(), first=OFFSETS, length=st.none() | st.integers(1, DAYS))
def test_how_many_there_are_at_once_is_what_counting_each_day_gives(
    of: list[Pair], first: int, length: int | None
) -> None:
    within = Period(day(first), OPEN_END if length is None else day(first + length))
    periods = [Period(p.told.day, p.until or OPEN_END) for p in of]
    counted = [
        sum(p.first <= day(n) < p.end for p in periods) for n in range(3 * DAYS) if within.first <= day(n) < within.end
    ]
    assert most_at_once(periods, within) == max(counted)


@given(of=pairs(), since=OFFSETS, length=st.none() | st.integers(1, DAYS), learned=st.integers(0, 20))
def test_whoever_is_in_the_register_and_has_nobody_is_owed_a_helper_from_that_very_day(
    of: list[Pair], since: int, length: int | None, learned: int
) -> None:
    """By the register, or by its helper's leaving; nobody answers for days before it was known, nor after the register."""
    until = None if length is None else day(since + length)
    of = [replace(p, reason=None if p.end is None else PairEndReason.HELPER_LEFT) for p in of]
    entered = Registration(day(since), day(since + learned), "r", until)
    history = village_history(RegisterRecord(SUBJECT, [entered], [Stay(day(since), "990001101201")], of, "r"))

    def alone(today: date) -> bool:
        in_register = entered.since <= today and (until is None or today < until)
        return in_register and not any(p.holds_on(today) for p in of)

    owed = {one.since for one in history.obligations}
    for offset in range(2 * DAYS):
        if alone(day(offset)) and not alone(day(offset - 1)):
            assert day(offset) in owed
    assert all(one.since <= one.begins and one.until == until for one in history.obligations)
    helped_on = {day(n) for n in range(3 * DAYS) if any(f.day <= day(n) <= f.last for f in history.fulfilments)}
    assert helped_on == {day(n) for n in range(3 * DAYS) if any(p.holds_on(day(n)) for p in of)}
