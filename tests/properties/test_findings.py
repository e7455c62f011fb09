"""The projection of findings must agree with asking every rule on every day, as known at every instant, of a state folded for
that day and instant alone.

``LIKA_FAULTS=long`` draws many random histories; a failure prints how to reproduce it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec
from hypothesis import event, given, settings
from hypothesis import strategies as st

from contracts.facts import Fact, Recorded
from contracts.registry.codes import SchoolStage
from contracts.registry.households import HouseholdRecorded
from contracts.registry.members import Member, MemberJoined, Relation
from services.casework.documents.domain import KnownDocuments, Register
from services.casework.findings.document import KIND, check_rules_from
from services.casework.findings.domain import found_on
from services.casework.findings.editions import CheckEditions
from services.casework.findings.projection import FindingPeriod, horizon_of, project_findings
from services.chassis.law.dated import NotInForce
from services.registry.findings.checked_households import checked
from services.registry.findings.decided_incomes import decided_incomes
from services.registry.findings.store import CHECKS
from services.registry.households.lineage import Relatives, started_by_split, with_ancestors
from services.registry.households.rehydration import state_on
from tests.casework.findings.check_documents import changing_register
from tests.properties.drawn_commands import histories
from tests.properties.test_household_state import START, HouseholdHistory, InMemoryRepository
from tests.support.long_run import LONG

SETTINGS = settings(max_examples=600 if LONG else 10, deadline=None, derandomize=not LONG, print_blob=True)
REGISTER = changing_register(START)
EDITIONS = CheckEditions(REGISTER, CHECKS.key)
TODAY = date(2016, 9, 1)
RELATIONS = (Relation.SPOUSE, Relation.SPOUSE, Relation.CHILD, Relation.GRANDCHILD, Relation.PARENT, Relation.OTHER)
Found = frozenset[tuple[UUID, str, str]]
"""Finding, grounds and edition."""


def motley(member: Member) -> Member:
    """The same person, of an age, relation and school of their own."""
    number = member.person_id.int
    relation = member.relation if member.relation is Relation.HEAD else RELATIONS[number % len(RELATIONS)]
    stages = [*SchoolStage]
    return msgspec.structs.replace(
        member, birth_year=1955 + number % 53, relation=relation, school_stage=stages[number // 7 % len(stages)]
    )


def with_motley_members(recorded: Recorded) -> Recorded:
    fact: Fact = recorded.fact
    if isinstance(fact, HouseholdRecorded):
        fact = msgspec.structs.replace(fact, members=tuple(map(motley, fact.members)))
    elif isinstance(fact, MemberJoined):
        fact = msgspec.structs.replace(fact, member=motley(fact.member))
    return msgspec.structs.replace(recorded, fact=fact)


def motley_history(history: HouseholdHistory) -> HouseholdHistory:
    def relatives(household: UUID) -> Sequence[Recorded]:
        return [*map(with_motley_members, history.relatives(household))]

    return HouseholdHistory(history.household, tuple(map(with_motley_members, history.facts)), relatives)


def rows_of(history: HouseholdHistory, register: CheckEditions = EDITIONS) -> list[FindingPeriod]:
    facts = with_ancestors(history.facts, history.relatives)
    periods = CHECKS.periods(history.household, facts)
    return project_findings(CHECKS, history.household, periods, register, horizon_of(TODAY))


def asked(
    household: UUID, facts: Sequence[Recorded], relatives: Relatives, known: KnownDocuments, day: date,
    known_at: datetime,
) -> Found:  # fmt: skip
    """Every rule asked on one day, of the state as known then."""
    line = with_ancestors(facts, relatives)
    decided = decided_incomes(line, household if started_by_split(line) else None)
    value = checked(state_on(facts, relatives, as_of=day, known_at=known_at), decided)
    if value is None:
        return frozenset()
    try:
        edition = known.in_force(KIND, CHECKS.key, day, value.division)
    except NotInForce:
        return frozenset()
    found = found_on(CHECKS, household, value, day, edition.typed(check_rules_from), edition.id)
    return frozenset((f.finding_id, f.grounds, f.edition) for f in found)


def answered(rows: Sequence[FindingPeriod], day: date, known_at: datetime) -> Found:
    """By the rows. Fails where two of one finding answer."""
    holding = [r for r in rows if r.holds(day, known_at)]
    assert len({r.found.finding_id for r in holding}) == len(holding)
    return frozenset((r.found.finding_id, r.grounds, r.found.edition) for r in holding)


def instants_of(history: HouseholdHistory, register: Register) -> list[datetime]:
    """Just after everything that was recorded, of the household's line and of the documents, and just before it."""
    line = {r.recorded_at for r in with_ancestors(history.facts, history.relatives)} | {*register.moments(KIND)}
    return sorted({i + timedelta(microseconds=off) for i in line for off in (0, 1)})


def days_of(history: HouseholdHistory) -> Iterator[date]:
    """Every day from before the first fact until the horizon's end."""
    first = min((r.fact.effective_on for r in history.line), default=TODAY) - timedelta(1)
    return (first + timedelta(n) for n in range((horizon_of(TODAY) - first).days + 1))


MOTLEY = histories(20).map(lambda history: [*map(motley_history, InMemoryRepository().run(history))])


@SETTINGS
@given(MOTLEY)
def test_every_day_as_known_now(households: list[HouseholdHistory]) -> None:
    for history in households:
        rows, now = rows_of(history), max(instants_of(history, REGISTER))
        known = REGISTER.as_known(now)
        for day in days_of(history):
            expected = asked(history.household, history.facts, history.relatives, known, day, now)
            assert answered(rows, day, now) == expected, day
        event(f"rows {min(len(rows), 12)}")


@SETTINGS
@given(MOTLEY, st.lists(st.integers(-430, 560), min_size=12, max_size=12))
def test_any_day_as_known_at_every_instant(households: list[HouseholdHistory], offsets: list[int]) -> None:
    days = {START.date() + timedelta(offset) for offset in offsets} | {date(2017, 1, 1), date(2016, 4, 1)}
    for history in households:
        rows = rows_of(history)
        for known_at in instants_of(history, REGISTER):
            known = REGISTER.as_known(known_at)
            for day in days:
                expected = asked(history.household, history.facts, history.relatives, known, day, known_at)
                assert answered(rows, day, known_at) == expected, (day, known_at)


@SETTINGS
@given(MOTLEY)
def test_a_row_says_since_when_it_stands_without_a_break(households: list[HouseholdHistory]) -> None:
    for history in households:
        rows = rows_of(history)
        instants = sorted({i for r in rows for i in (r.known_from, r.known_to)})
        for row in rows:
            same = [r for r in rows if (r.found.finding_id, r.grounds) == (row.found.finding_id, row.grounds)]
            known = [r for r in same if r.known_from <= row.known_from < r.known_to]
            day = row.valid_from
            while (before := next((r for r in known if r.valid_to == day), None)) is not None:
                day = before.valid_from
            assert row.valid_since == day
            earlier = [i for i in instants if i <= row.known_from]
            while len(earlier) > 1 and any(r.known_from <= earlier[-2] < r.known_to for r in same):
                earlier.pop()
            assert row.known_since == earlier[-1]


@SETTINGS
@given(MOTLEY)
def test_the_fewest_rows(households: list[HouseholdHistory]) -> None:
    """Nothing is empty, and no two rows that say the same touch."""
    for history in households:
        rows = rows_of(history)
        for row in rows:
            assert row.valid_from < row.valid_to
            assert row.known_from < row.known_to
        said = {(*_what(r), r.known_from, r.known_to, r.valid_to) for r in rows}
        assert not [r for r in rows if (*_what(r), r.known_from, r.known_to, r.valid_from) in said]
        held = {(*_what(r), r.valid_from, r.valid_to, r.valid_since, r.known_to) for r in rows}
        assert not [r for r in rows if (*_what(r), r.valid_from, r.valid_to, r.valid_since, r.known_from) in held]


def _what(row: FindingPeriod) -> tuple[UUID, str, str]:
    return row.found.finding_id, row.grounds, row.found.edition
