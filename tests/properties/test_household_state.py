"""Laws of state(V, T), over histories drawn by Hypothesis and accepted by the domain; in memory, so over many of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.civil import civil_day
from contracts.facts import Fact, HouseholdFact, Recorded
from contracts.personal import Personal
from contracts.registry import households as h
from contracts.registry.members import Member, MemberSurveyed, Relation
from contracts.registry.poverty_status import PovertyStatus
from contracts.registry.surveys import ConditionsSurveyed, HouseholdSurveyed, IncomeSurveyed
from contracts.selection import surviving, timeline
from services.chassis.ground.refusals import Refused
from services.chassis.log.stream_view import StreamView
from services.registry.households.bitemporal import (
    FOREVER,
    UNTIL_CHANGED,
    BitemporalPeriod,
    HouseholdSummary,
    project,
    summary_of,
)
from services.registry.households.domain import record, stream_of
from services.registry.households.legality import require_legal
from services.registry.households.lineage import Relatives, household_timeline, started_by_split, with_ancestors
from services.registry.households.rehydration import current_state, current_state_without_surveys, state_on
from services.registry.households.rules import end_of_day_violation
from services.registry.households.state import SURVEY_TYPES, Household, fold
from tests.properties.drawn_commands import histories
from tests.properties.household_commands import MAX_DAYS_BACK, NAMESPACE, Command, Township
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

    def save(self, decided: Mapping[UUID, Sequence[Fact]]) -> None:
        act = uuid5(NAMESPACE_OID, self.now.isoformat())
        for household, facts in decided.items():
            before = sum(map(len, self.facts.values()))
            self.facts[household] += entries(facts, household, len(self.facts[household]), self.now, before, act)
        self.now += timedelta(microseconds=1)

    def run(self, history: Sequence[Command]) -> list["HouseholdHistory"]:
        """Execute a history; the facts of each household."""
        for command in history:
            self.township.execute(command, lambda carry_out: carry_out(self))
            self.now += command.wait
        return [
            HouseholdHistory(household, tuple(self.facts[household]), self.load)
            for household in self.township.household_ids
        ]


@dataclass(frozen=True)
class HouseholdHistory:
    """A household, everything recorded about it, and its relatives."""

    household: UUID
    facts: tuple[Recorded, ...]
    relatives: Relatives

    @property
    def line(self) -> list[Recorded]:
        """With its ancestors' facts."""
        return list(with_ancestors(self.facts, self.relatives))

    def known(self, before: datetime) -> "HouseholdHistory":
        """What was recorded before an instant, of whomever."""
        return HouseholdHistory(
            self.household,
            tuple(r for r in self.facts if r.recorded_at < before),
            lambda household: [r for r in self.relatives(household) if r.recorded_at < before],
        )

    def state(self, as_of: date | None = None, known_at: datetime | None = None) -> Household:
        return state_on(self.facts, self.relatives, as_of=as_of, known_at=known_at)

    def periods(self, line: Sequence[Recorded]) -> list[BitemporalPeriod[HouseholdSummary]]:
        return project(line, self.household if started_by_split(self.facts) else None)[1]


def entries(
    facts: Sequence[Fact], household: UUID, before: int, now: datetime, position: int, act: UUID = NAMESPACE
) -> Sequence[Recorded]:
    """One commit: all its facts are recorded at the same instant."""
    return [
        Recorded(r.log, n, r.stream, r.version, now, act, r.actor, r.fact, r.payload)
        for n, r in enumerate(recorded(*facts, stream=stream_of(household), start=before + 1), start=position + 1)
    ]


recorded_histories = histories(24).map(lambda history: InMemoryRepository().run(history))
days = st.integers(-2 * MAX_DAYS_BACK, MAX_DAYS_BACK).map(lambda off: START.date() + timedelta(days=off))
instants = st.integers(0, 150).map(lambda off: START + timedelta(days=off))


@SETTINGS
@given(recorded_histories, days, instants)
def test_what_is_recorded_later_never_changes_what_was_known(
    households: list[HouseholdHistory], as_of: date, known_at: datetime
) -> None:
    for history in households:
        assert history.state(as_of, known_at) == history.known(known_at).state(as_of)


@SETTINGS
@given(recorded_histories, st.randoms())
def test_the_order_in_which_facts_are_read_does_not_matter(households: list[HouseholdHistory], rng: Random) -> None:
    for history in households:
        shuffled = rng.sample(history.line, len(history.line))
        assert surviving(shuffled) == surviving(history.line)
        assert timeline(shuffled, of=history.household) == timeline(history.line, of=history.household)
        assert set(history.periods(shuffled)) == set(history.periods(history.line))


@SETTINGS
@given(recorded_histories, st.integers(0, 100))
def test_an_annulment_annulled_leaves_everything_as_it_was(households: list[HouseholdHistory], number: int) -> None:
    for facts, household in ((history.facts, history.household) for history in households if history.facts):
        wrong = surviving(facts)[number % len(surviving(facts))]
        last = facts[-1].position
        once = [*facts, *entries([annulment(household, wrong.id)], household, len(facts), START, last)]
        assert wrong.id not in {r.id for r in surviving(once)}
        twice = [*once, *entries([annulment(household, once[-1].id)], household, len(once), START, last + 1)]
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
def test_every_day_of_an_accepted_history_is_legal(households: list[HouseholdHistory]) -> None:
    """On every day, and as known after every commit: one head, nobody twice, nothing after the end."""
    commits = [
        (history, instant) for history in households for instant in sorted({r.recorded_at for r in history.line})
    ]
    for history in (history.known(instant + timedelta(microseconds=1)) for history, instant in commits):
        line = household_timeline(history.facts, history.relatives)
        own = [r for r in line if r in history.facts]
        # Not by place: an annulment of its own may stand among the ancestors' facts.
        require_legal(own, (), fold(r for r in line if r not in history.facts))
        for state in map(history.state, {r.fact.effective_on for r in own}):
            assert end_of_day_violation(state) is None
            heads = [m for m in state.members.values() if m.relation is Relation.HEAD]
            assert len(heads) == (0 if state.status in (None, PovertyStatus.CANCELLED) else 1)


@SETTINGS
@given(recorded_histories, days, instants)
def test_the_rectangles_answer_as_the_fold_does(
    households: list[HouseholdHistory], as_of: date, known_at: datetime
) -> None:
    for history in households:
        answers = [
            r.value for r in history.periods(history.line)
            if r.valid_from <= as_of < r.valid_to and r.known_from < known_at <= r.known_to
        ]  # fmt: skip
        folded = summary_of(history.state(as_of, known_at))
        assert answers == ([] if folded is None else [folded])


@SETTINGS
@given(recorded_histories)
def test_the_rectangles_are_those_of_folding_again_at_every_instant(households: list[HouseholdHistory]) -> None:
    for history in households:
        since: dict[tuple[date, date, HouseholdSummary], datetime] = {}
        expected: set[BitemporalPeriod[HouseholdSummary]] = set()
        for instant in sorted({r.recorded_at for r in history.line}):
            now = spans(history.known(instant + timedelta(microseconds=1)))
            for first, end, value in since.keys() - now:
                expected.add(BitemporalPeriod(value, first, end, since.pop((first, end, value)), instant))
            since |= dict.fromkeys(now - since.keys(), instant)
        expected |= {
            BitemporalPeriod(value, first, end, known, UNTIL_CHANGED) for (first, end, value), known in since.items()
        }
        periods = history.periods(history.line)
        assert set(periods) == expected
        assert len(periods) == len(expected)


def spans(history: HouseholdHistory) -> set[tuple[date, date, HouseholdSummary]]:
    """From when to when the household was what, folded anew for each day on which something was true."""
    turns: list[tuple[date, HouseholdSummary | None]] = []
    for day in sorted({r.fact.effective_on for r in household_timeline(history.facts, history.relatives)}):
        value = summary_of(history.state(day))
        if value != (turns[-1][1] if turns else None):
            turns.append((day, value))
    return {(day, end, value) for (day, value), (end, _) in pairwise([*turns, (FOREVER, None)]) if value is not None}


@SETTINGS
@given(recorded_histories)
def test_an_outline_is_the_household_without_what_surveys_answer(households: list[HouseholdHistory]) -> None:
    """What legality, area and claims ask about is the same in both, after every single commit."""
    for history in households:
        for known in (history.facts[:end] for end in range(1, len(history.facts) + 1)):
            whole = current_state(known, history.relatives)
            outlined = current_state_without_surveys(known, history.relatives)
            assert all(getattr(whole, about) == getattr(outlined, about) for about in ASKED_ABOUT)
            assert {p: kept(m) for p, m in whole.members.items()} == {p: kept(m) for p, m in outlined.members.items()}


ASKED_ABOUT = ("id", "national_no", "division", "status", "status_since", "status_fact", "deceased")


def kept(member: Member) -> tuple[UUID, Relation, int]:
    return member.person_id, member.relation, member.birth_year


@SETTINGS
@given(recorded_histories, days, st.sampled_from(["household", "income", "conditions", "member"]), st.uuids())
def test_a_survey_is_decided_alike_without_the_surveys_before_it(
    households: list[HouseholdHistory], on: date, kind: str, stranger: UUID
) -> None:
    today = max(on, START.date())
    for history in households:
        for end in range(len(history.facts) + 1):
            known = history.facts[:end]
            apart = StreamView((r for r in known if type(r.fact) not in SURVEY_TYPES), version=len(known))
            persons = [*current_state(known, history.relatives).members, stranger]
            for new in surveys(kind, history.household, on, persons):
                assert verdict(known, new, today, history.relatives) == verdict(apart, new, today, history.relatives)


def verdict(
    known: Sequence[Recorded], new: HouseholdFact, today: date, relatives: Relatives
) -> tuple[str, object] | None:
    """Code and figures of the refusal, if it is one."""
    try:
        record(known, [new], today, relatives)
    except Refused as no:
        return no.rule.code, no.facts
    return None


def surveys(kind: str, household: UUID, on: date, persons: Sequence[UUID]) -> list[HouseholdFact]:
    common: dict[str, Any] = {"household_id": household, "effective_on": on, "entered_by": "cadre"}
    if kind == "member":
        return [MemberSurveyed(**common, person_id=person) for person in persons]
    if kind == "income":
        zero: dict[str, Any] = dict.fromkeys(
            ("wages", "business", "property", "transfers", "business_costs"), Decimal("0.00")
        )
        return [IncomeSurveyed(**common, period_from=on, period_to=on, residents=1, **zero)]
    if kind == "conditions":
        met: dict[str, Any] = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True)
        return [ConditionsSurveyed(**common, **met)]
    return [HouseholdSurveyed(**common)]
