"""Laws of state(V, T), over histories drawn by Hypothesis and accepted by the domain; in memory, so over many of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.civil import civil_day
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.personal import Personal
from contracts.registry import households as h
from contracts.selection import surviving, timeline
from services.chassis.ground.refusals import Refused
from services.chassis.log.stream_view import StreamView
from services.registry.households.bitemporal import (
    FOREVER,
    UNTIL_CHANGED,
    BitemporalPeriod,
    HouseholdSummary,
    bitemporal_periods,
    summary_of,
)
from services.registry.households.domain import current_state, current_state_without_surveys, record, stream_of
from services.registry.households.rules import end_of_day_violation, require_legal
from services.registry.households.state import SURVEY_TYPES, Household, fold
from tests.properties.household_commands import MAX_DAYS_BACK, Command, Township, histories
from tests.support.long_run import LONG
from tests.support.recorded import recorded

SETTINGS = settings(max_examples=1000 if LONG else 25, derandomize=not LONG, print_blob=True)
START = datetime(2016, 6, 1, tzinfo=UTC)


class InMemoryRepository:
    """The streams of one township in memory, without claims."""

    def __init__(self) -> None:
        self.now = START
        self.facts: dict[UUID, list[Recorded]] = defaultdict(list)
        self.township = Township(1)

    @property
    def today(self) -> date:
        return civil_day(self.now)

    def load(self, household: UUID) -> Sequence[Recorded]:
        return self.facts[household]

    def save(self, household: UUID, facts: Sequence[Fact]) -> None:
        self.facts[household] += entries(facts, household, len(self.facts[household]), self.now)
        self.now += timedelta(microseconds=1)

    def run(self, history: Sequence[Command]) -> list[tuple[Recorded, ...]]:
        """Execute a history; the facts of each household."""
        for command in history:
            self.township.execute(command, self)
            self.now += command.wait
        return [tuple(self.facts[household]) for household in self.township.household_ids]


def entries(facts: Sequence[Fact], household: UUID, before: int, now: datetime) -> Sequence[Recorded]:
    """One commit: all its facts are recorded at the same instant."""
    return [
        Recorded(r.log, r.position, r.stream, r.version, now, r.command_id, r.actor, r.fact, r.payload)
        for r in recorded(*facts, stream=stream_of(household), start=before + 1)
    ]


recorded_histories = histories(24).map(lambda history: InMemoryRepository().run(history))
days = st.integers(-2 * MAX_DAYS_BACK, MAX_DAYS_BACK).map(lambda off: START.date() + timedelta(days=off))
instants = st.integers(0, 150).map(lambda off: START + timedelta(days=off))


@SETTINGS
@given(recorded_histories, days, instants)
def test_what_is_recorded_later_never_changes_what_was_known(
    households: list[tuple[Recorded, ...]], as_of: date, known_at: datetime
) -> None:
    for facts in households:
        then = [r for r in facts if r.recorded_at < known_at]
        now = fold(timeline(facts, as_of=as_of, known_at=known_at))
        assert now == fold(timeline(then, as_of=as_of))


@SETTINGS
@given(recorded_histories, st.randoms())
def test_the_order_in_which_facts_are_read_does_not_matter(households: list[tuple[Recorded, ...]], rng: Random) -> None:
    for facts in households:
        shuffled = rng.sample(facts, len(facts))
        assert surviving(shuffled) == surviving(facts)
        assert set(bitemporal_periods(shuffled)) == set(bitemporal_periods(facts))


@SETTINGS
@given(recorded_histories, st.integers(0, 100))
def test_an_annulment_annulled_leaves_everything_as_it_was(households: list[tuple[Recorded, ...]], number: int) -> None:
    for facts in households:
        if not facts:
            continue
        wrong, household = surviving(facts)[number % len(surviving(facts))], facts[0].fact
        assert isinstance(household, HouseholdFact)
        once = [
            *facts,
            *entries([annulment(household.household_id, wrong.id)], household.household_id, len(facts), START),
        ]
        assert wrong.id not in {r.id for r in surviving(once)}
        twice = [
            *once,
            *entries([annulment(household.household_id, once[-1].id)], household.household_id, len(once), START),
        ]
        assert [r for r in surviving(twice) if r in facts] == surviving(facts)


def annulment(household: UUID, wrong: str) -> h.FactsAnnulled:
    return h.FactsAnnulled(
        household_id=household,
        effective_on=START.date(),
        entered_by="cadre",
        annuls=(wrong,),
        reason=Personal.sealed("A256GCM.1.AAAA"),
    )


@SETTINGS
@given(recorded_histories)
def test_every_day_of_an_accepted_history_is_legal(households: list[tuple[Recorded, ...]]) -> None:
    """On every day, and as known after every commit: one head, nobody twice, nothing after the end."""
    for facts in households:
        for instant in sorted({r.recorded_at for r in facts}):
            known = timeline(facts, known_at=instant + timedelta(microseconds=1))
            require_legal(known, ())
            for on in {r.fact.effective_on for r in known}:
                state = fold(r for r in known if r.fact.effective_on <= on)
                assert end_of_day_violation(state) is None
                heads = [m for m in state.members.values() if m.relation is h.Relation.HEAD]
                assert len(heads) == (0 if state.status in (None, h.PovertyStatus.CANCELLED) else 1)


@SETTINGS
@given(recorded_histories, days, instants)
def test_the_rectangles_answer_as_the_fold_does(
    households: list[tuple[Recorded, ...]], as_of: date, known_at: datetime
) -> None:
    for facts in households:
        answers = [
            r.value for r in bitemporal_periods(facts)
            if r.valid_from <= as_of < r.valid_to and r.known_from < known_at <= r.known_to
        ]  # fmt: skip
        folded = summary_of(fold(timeline(facts, as_of=as_of, known_at=known_at)))
        assert answers == ([] if folded is None else [folded])


@SETTINGS
@given(recorded_histories)
def test_the_rectangles_are_those_of_folding_again_at_every_instant(
    households: list[tuple[Recorded, ...]],
) -> None:
    for facts in households:
        since: dict[tuple[date, date, HouseholdSummary], datetime] = {}
        expected: set[BitemporalPeriod[HouseholdSummary]] = set()
        for instant in sorted({r.recorded_at for r in facts}):
            now = spans([r for r in facts if r.recorded_at <= instant])
            for first, end, value in since.keys() - now:
                expected.add(BitemporalPeriod(value, first, end, since.pop((first, end, value)), instant))
            since |= dict.fromkeys(now - since.keys(), instant)
        expected |= {
            BitemporalPeriod(value, first, end, known, UNTIL_CHANGED) for (first, end, value), known in since.items()
        }
        assert set(bitemporal_periods(facts)) == expected
        assert len(bitemporal_periods(facts)) == len(expected)


def spans(known: Sequence[Recorded]) -> set[tuple[date, date, HouseholdSummary]]:
    """The spans of days with the same standing, folded anew for each effective day."""
    changes: list[tuple[date, HouseholdSummary | None]] = []
    for day in sorted({r.fact.effective_on for r in timeline(known)}):
        value = summary_of(fold(timeline(known, as_of=day)))
        if value != (changes[-1][1] if changes else None):
            changes.append((day, value))
    return {(day, end, value) for (day, value), (end, _) in pairwise([*changes, (FOREVER, None)]) if value is not None}


@SETTINGS
@given(recorded_histories)
def test_an_outline_is_the_household_without_what_surveys_answer(households: list[tuple[Recorded, ...]]) -> None:
    """What legality, area and claims depend on is the same in both, after every fact."""
    for facts in households:
        for known in (facts[:end] for end in range(1, len(facts) + 1)):
            whole, outlined = current_state(known), current_state_without_surveys(known)
            assert all(getattr(whole, name) == getattr(outlined, name) for name in OUTLINE_FIELDS)
            assert outlines_of_members(whole) == outlines_of_members(outlined)


OUTLINE_FIELDS = ("id", "national_no", "division", "status", "status_since", "status_fact", "deceased")


def outlines_of_members(household: Household) -> dict[UUID, tuple[UUID, h.Relation, int]]:
    return {key: (member.person_id, member.relation, member.birth_year) for key, member in household.members.items()}


@SETTINGS
@given(recorded_histories, days, st.sampled_from(["household", "income", "conditions", "member"]), st.uuids())
def test_a_survey_is_decided_alike_without_the_surveys_before_it(
    households: list[tuple[Recorded, ...]], on: date, kind: str, stranger: UUID
) -> None:
    """After every fact, so also on households without a head or members, as no commit leaves them."""
    today = max(on, START.date())
    for facts in households:
        for end in range(len(facts) + 1):
            known = facts[:end]
            without_surveys = StreamView((r for r in known if type(r.fact) not in SURVEY_TYPES), version=len(known))
            persons = [*current_state(known).members, stranger]
            for new in surveys(kind, on, persons):
                assert refusal_of(known, new, today) == refusal_of(without_surveys, new, today)


def refusal_of(known: Sequence[Recorded], new: HouseholdFact, today: date) -> tuple[str, object] | None:
    """Code and figures of the refusal, or ``None``."""
    try:
        record(known, [new], today)
    except Refused as no:
        return no.rule.code, no.facts
    return None


def surveys(kind: str, on: date, persons: Sequence[UUID]) -> list[HouseholdFact]:
    common: dict[str, Any] = {"household_id": UUID(int=1), "effective_on": on, "entered_by": "cadre"}
    if kind == "member":
        return [h.MemberSurveyed(**common, person_id=person) for person in persons]
    if kind == "income":
        zero: dict[str, Any] = dict.fromkeys(
            ("wages", "business", "property", "transfers", "business_costs"), Decimal("0.00")
        )
        return [h.IncomeSurveyed(**common, period_from=on, period_to=on, residents=1, **zero)]
    if kind == "conditions":
        met: dict[str, Any] = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True)
        return [h.ConditionsSurveyed(**common, **met)]
    return [h.HouseholdSurveyed(**common)]
