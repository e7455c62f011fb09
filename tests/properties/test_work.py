"""Whatever is told of somebody's work in whatever order: nobody is in two full-time posts on a day, nothing runs after a death, and the
table says of every instant what the facts known by then say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.assistance import employment as facts
from contracts.assistance.programmes import PayeeKind, UnitKind
from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Member, MemberJoined, MemberLeft, Relation, Sex
from contracts.registry.reasons import JoinReason, LeaveReason
from contracts.selection import timeline
from services.assistance.employment.domain import at_home
from services.assistance.employment.pay import PostPay
from services.assistance.employment.view import view
from services.assistance.employment.work import Work, contradictions, work_of
from services.assistance.entitlements.due import REGULAR
from services.assistance.entitlements.layers import KnownProgramme
from services.assistance.programmes.amounts.counted import PerAttendedDay
from services.assistance.programmes.document import Cadence, Component, DatedAmount, Programme
from services.casework.people.homes import homes_of
from services.casework.procedures.document import InForce
from services.chassis.log.periods import Period
from tests.support.long_run import LONG

DRAWN = settings(max_examples=1000 if LONG else 25, deadline=None)
PERSON = UUID("00000000-0000-4000-8000-000000000018")
STREAM = f"work-{PERSON}"
FIRST, STARTS = date(2016, 3, 1), datetime(2016, 3, 1, tzinfo=UTC)
DAYS = st.integers(0, 150).map(lambda n: FIRST + timedelta(days=n))
MONTHS = st.integers(3, 7).map(lambda month: date(2016, month, 1))
COMMON: dict[str, Any] = {"person_id": PERSON, "household_id": PERSON, "entered_by": "cadre"}
ROWS = ("placement_id", "entry", "on_day", "months", "amount", "known_from", "known_until")
DERIVED = (facts.WorkerDied, facts.WorkerDeathsAnnulled)


def recorded(told: list[Recorded], fact: Fact) -> Recorded:
    number = len(told) + 1
    at = STARTS + timedelta(minutes=number)
    return Recorded("assistance", number, STREAM, number, at, uuid5(PERSON, str(number)), "cadre", fact, b"")


@st.composite
def stories(draw: st.DrawFn) -> list[Recorded]:
    told: list[Recorded] = []
    for number in range(draw(st.integers(3, 18))):
        fact = _drawn(draw, uuid5(PERSON, f"placement {number}"), told)
        if fact is None:
            continue
        new = [*told, recorded(told, fact)]
        before, after = contradictions(timeline(told)), contradictions(timeline(new))
        if isinstance(fact, DERIVED) or not set(after) - set(before):
            told = new
    return told


def _drawn(draw: st.DrawFn, placement: UUID, told: list[Recorded]) -> Fact | None:
    common: dict[str, Any] = {**COMMON, "effective_on": draw(DAYS)}
    kind = draw(st.sampled_from(["placed", "placed", "ended", "kept", "month", "earned", "died", "void"]))
    if kind == "placed":
        return facts.JobPlaced(
            **common, placement_id=placement, post_kind="job", employer="厂", division="990001101201",
            full_time=draw(st.booleans()), public_post=True,
        )  # fmt: skip
    if kind == "died":
        if _died(told):
            return None
        return facts.WorkerDied(**common, caused_by="registry/x/1")
    if not told:
        return None
    if kind == "void":
        target = draw(st.sampled_from(told))
        if isinstance(target.fact, facts.WorkerDeathsAnnulled) and _died(told):
            return None
        if isinstance(target.fact, DERIVED):
            return facts.WorkerDeathsAnnulled(**common, annuls=(target.id,), caused_by="registry/x/2")
        return facts.EmploymentFactsAnnulled(**common, reason="误", annuls=(target.id,))
    placed = [r.fact.placement_id for r in told if isinstance(r.fact, facts.JobPlaced)]
    if not placed:
        return None
    common["placement_id"] = draw(st.sampled_from(placed))
    match kind:
        case "ended":
            return facts.PlacementEnded(**common, reason=facts.EndOfPlacement.OTHER_JOB)
        case "kept":
            return facts.PlacementKept(**common, months=draw(st.sampled_from([1, 3])))
        case "month":
            return facts.PostAttended(**common, month=draw(MONTHS), days=draw(st.integers(0, 31)))
    return facts.WageReported(**common, month=draw(MONTHS), amount=Decimal("100.00"))


def _died(told: list[Recorded]) -> bool:
    """The register tells of one death at most: another one is neither told nor restored."""
    return work_of(timeline(told)).died_on is not None


@DRAWN
@given(stories())
def test_nobody_is_in_two_full_time_posts_or_at_work_after_death(told: list[Recorded]) -> None:
    work = work_of(timeline(told))
    for day in (FIRST + timedelta(days=n) for n in range(0, 160, 3)):
        running = [p for p in work.placements.values() if p.placed.full_time and p.runs_on(day)]
        assert len(running) <= 1
        if work.died_on is not None and day > work.died_on:
            assert not any(p.runs_on(day) for p in work.placements.values())
    for placement in work.placements.values():
        assert all(days <= placement.days_in(month) for month, days in placement.attended.items())


def test_an_end_told_twice_for_one_day_contradicts() -> None:
    placement = {**COMMON, "effective_on": FIRST, "placement_id": PERSON}
    placed = facts.JobPlaced(
        **placement, post_kind="job", employer="厂", division="990001101201", full_time=True, public_post=True
    )
    told: list[Recorded] = []
    for fact in (placed, *[facts.PlacementEnded(**placement, reason=facts.EndOfPlacement.OTHER_JOB)] * 2):
        told.append(recorded(told, fact))
    assert {number: why.rule.code for number, why in contradictions(timeline(told)).items()} == {
        told[2].id: "employment_ended_already"
    }


@DRAWN
@given(stories(), st.integers(0, 19))
def test_the_table_says_of_every_instant_what_was_known_then(told: list[Recorded], minutes: int) -> None:
    known_at = STARTS + timedelta(minutes=minutes, seconds=30)
    columns = view().tables[0].columns
    (rows,) = view().fold(PERSON, told)
    found = [tuple(row[columns.index(name)] for name in ROWS) for row in rows]
    standing = [row[:5] for row in found if row[5] < known_at and (row[6] is None or row[6] >= known_at)]
    work = work_of(timeline(told, known_at=known_at))
    # Each death ends every placement that was ever told; a job that was kept is told by the months alone.
    standing = [row for row in standing if row[1] != "kept" and (row[1] != "ended" or row[2] != work.died_on)]
    assert sorted(map(str, standing)) == sorted(map(str, _expected(work)))


def _expected(work: Work) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for placement_id, placement in work.placements.items():
        found.append((placement_id, "placed", placement.since, None, None))
        if placement.reason is not None and placement.until != work.died_on:
            found.append((placement_id, "ended", placement.until, None, None))
        found += [(placement_id, "attended", month, None, Decimal(days)) for month, days in placement.attended.items()]
        found += [(placement_id, "earned", month, None, amount) for month, amount in placement.wages.items()]
    return found


PAID = Programme(
    programme="post_subsidy", edition="1", zh="补贴", en="subsidy", jurisdiction="CN", source="M153",
    in_force=InForce(starts=date(2014, 1, 1), ends=None), unit=UnitKind.WORKER, eligibility=(), follows=cast(Any, None),
    components=(
        Component(
            key="attendance", zh="补贴", en="subsidy", payee=PayeeKind.PERSON, period=Cadence.MONTH,
            rates=(DatedAmount(starts=date(2014, 1, 1), ends=None, amount=PerAttendedDay(yuan=Decimal(35))),),
        ),
    ),
)  # fmt: skip


@DRAWN
@given(stories(), st.integers(0, 19))
def test_what_is_due_is_the_days_that_count_by_the_rate(told: list[Recorded], minutes: int) -> None:
    """Whatever is told, annulled and told anew; and where anything is due for a month, its first occasion is."""
    pay = PostPay(lambda _: "post_subsidy", lambda *_: [KnownProgramme(PAID, "d", STARTS)])
    before, after = (
        {line.key: line.amount for line in pay.lines(PERSON, told, date.max, known_at)}
        for known_at in (STARTS + timedelta(minutes=minutes, seconds=30), None)
    )
    months: dict[date, int] = {}
    for placement in work_of(timeline(told)).placements.values():
        for month, days in placement.attended.items():
            months[month] = months.get(month, 0) + days
    due: dict[date, Decimal] = {}
    for key, amount in after.items():
        due[key.period.start] = due.get(key.period.start, Decimal(0)) + amount
    assert due == {month: Decimal(35 * days) for month, days in months.items() if days}
    # What is reduced is taken from the last occasions: no earlier one shrinks while a later one is due.
    for month in months:
        amounts = [(key.occasion, amount) for key, amount in before.items() if key.period.start == month]
        assert all(amount > 0 for _, amount in amounts)
        assert not amounts or REGULAR in dict(amounts)


MOVES = st.dictionaries(DAYS, st.sampled_from(["a", "b", None]), max_size=6).map(lambda moves: list(moves.items()))
"""Each day one: which of two on a day came first, nobody says."""


@DRAWN
@given(MOVES, DAYS, st.integers(1, 90))
def test_a_post_is_held_where_its_holder_lives_day_by_day(
    moves: list[tuple[date, str | None]], since: date, days: int
) -> None:
    """Whatever the moves, and in whatever order they are told: each day of the post is held by the household of that day alone."""
    run = Period(since, since + timedelta(days=days))
    told: list[Recorded] = []
    lived: dict[date, UUID | None] = {}
    where: UUID | None = None
    for day, home in sorted(moves, key=lambda move: move[0]):
        at = where
        where = None if home is None else uuid5(PERSON, home)
        if where == at:
            continue
        if at is not None:
            told.append(
                _registered(
                    len(told) + 1, MemberLeft(**_common(at, day), person_id=PERSON, reason=LeaveReason.MARRIAGE)
                )
            )
        if where is not None:
            told.append(_registered(len(told) + 1, _joined(where, day)))
        lived[day] = where
    households = [uuid5(PERSON, home) for home in "ab"]
    begun = [_registered(900 + n, _recorded_household(home)) for n, home in enumerate(households)]
    held = list(at_home(run, homes_of([*begun, *reversed(told)], PERSON)))
    for day in (since + timedelta(days=n) for n in range(days)):
        now = [home for since_day, home in sorted(lived.items()) if since_day <= day]
        expected = [now[-1]] if now and now[-1] is not None else []
        assert [home for home, there in held if there.first <= day < there.end] == expected


def _common(household: UUID, day: date) -> dict[str, Any]:
    return {"household_id": household, "effective_on": day, "entered_by": "cadre"}


def _joined(household: UUID, day: date) -> MemberJoined:
    return MemberJoined(**_common(household, day), member=_member(), reason=JoinReason.MARRIAGE)


def _recorded_household(household: UUID) -> HouseholdRecorded:
    return HouseholdRecorded(**_common(household, date(2014, 1, 1)), division="990001101201", members=())


def _member() -> Member:
    sealed: Personal[str] = Personal.sealed("A256GCM.1.AAAA")
    return Member(person_id=PERSON, name=sealed, sex=Sex.FEMALE, birth_year=1980, relation=Relation.CHILD)


def _registered(number: int, fact: Fact) -> Recorded:
    return Recorded(
        "registry", number, f"household-{number}", number, STARTS, uuid5(PERSON, str(number)), "cadre", fact, b""
    )
