"""Laws of state(V, T), over histories that Hypothesis writes and the domain has accepted. No database, so many of them."""

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
from services.registry.households.domain import (
    current_state,
    current_state_without_surveys,
    record,
    state_on,
    stream_of,
)
from services.registry.households.lineage import Relatives, household_timeline, started_by_split, with_ancestors
from services.registry.households.rules import end_of_day_violation, require_legal
from services.registry.households.state import SURVEY_TYPES, Household, fold
from tests.properties.household_commands import LONG, REACH, SPACE, Township, Wish, wishes
from tests.support.recorded import recorded

LAWS = settings(max_examples=1000 if LONG else 25, derandomize=not LONG, print_blob=True)
START = datetime(2016, 6, 1, tzinfo=UTC)


class MemoryPage:
    """The register of one township in memory. It keeps no claims: what it shows of a household is that household's."""

    def __init__(self) -> None:
        self.now = START
        self.facts: dict[UUID, list[Recorded]] = defaultdict(list)
        self.township = Township(1)

    @property
    def today(self) -> date:
        return civil_day(self.now)

    def load(self, home: UUID) -> Sequence[Recorded]:
        return self.facts[home]

    def save(self, decided: Mapping[UUID, Sequence[Fact]]) -> None:
        act = uuid5(NAMESPACE_OID, self.now.isoformat())
        for home, facts in decided.items():
            before = sum(map(len, self.facts.values()))
            self.facts[home] += entries(facts, home, len(self.facts[home]), self.now, before, act)
        self.now += timedelta(microseconds=1)

    def write(self, history: Sequence[Wish]) -> list["Life"]:
        """Every household's facts, once the history is written."""
        for wish in history:
            self.township.carry_out(wish, self)
            self.now += wish.wait
        return [Life(home, tuple(self.facts[home]), self.load) for home in self.township.homes]


@dataclass(frozen=True)
class Life:
    """A household, everything recorded about it, and its relatives."""

    home: UUID
    facts: tuple[Recorded, ...]
    relatives: Relatives

    @property
    def line(self) -> list[Recorded]:
        """With its ancestors' facts."""
        return list(with_ancestors(self.facts, self.relatives))

    def known(self, before: datetime) -> "Life":
        """What was recorded before an instant, of whomever."""
        return Life(
            self.home,
            tuple(r for r in self.facts if r.recorded_at < before),
            lambda home: [r for r in self.relatives(home) if r.recorded_at < before],
        )

    def state(self, as_of: date | None = None, known_at: datetime | None = None) -> Household:
        return state_on(self.facts, self.relatives, as_of=as_of, known_at=known_at)

    def periods(self, line: Sequence[Recorded]) -> list[BitemporalPeriod[HouseholdSummary]]:
        return project(line, self.home if started_by_split(self.facts) else None)[1]


def entries(
    facts: Sequence[Fact], home: UUID, before: int, now: datetime, position: int, act: UUID = SPACE
) -> Sequence[Recorded]:
    """One commit: every fact of it is recorded at the same instant."""
    return [
        Recorded(r.log, n, r.stream, r.version, now, act, r.actor, r.fact, r.payload)
        for n, r in enumerate(recorded(*facts, stream=stream_of(home), start=before + 1), start=position + 1)
    ]


histories = wishes(24).map(lambda history: MemoryPage().write(history))
days = st.integers(-2 * REACH, REACH).map(lambda off: START.date() + timedelta(days=off))
instants = st.integers(0, 150).map(lambda off: START + timedelta(days=off))


@LAWS
@given(histories, days, instants)
def test_what_is_recorded_later_never_changes_what_was_known(
    households: list[Life], as_of: date, known_at: datetime
) -> None:
    for life in households:
        assert life.state(as_of, known_at) == life.known(known_at).state(as_of)


@LAWS
@given(histories, st.randoms())
def test_the_order_of_reading_means_nothing(households: list[Life], chance: Random) -> None:
    for life in households:
        shuffled = chance.sample(life.line, len(life.line))
        assert surviving(shuffled) == surviving(life.line)
        assert timeline(shuffled, of=life.home) == timeline(life.line, of=life.home)
        assert set(life.periods(shuffled)) == set(life.periods(life.line))


@LAWS
@given(histories, st.integers(0, 100))
def test_an_annulment_annulled_leaves_everything_as_it_was(households: list[Life], number: int) -> None:
    for facts, home in ((life.facts, life.home) for life in households if life.facts):
        wrong = surviving(facts)[number % len(surviving(facts))]
        last = facts[-1].position
        once = [*facts, *entries([void(home, wrong.id)], home, len(facts), START, last)]
        assert wrong.id not in {r.id for r in surviving(once)}
        twice = [*once, *entries([void(home, once[-1].id)], home, len(once), START, last + 1)]
        assert [r for r in surviving(twice) if r in facts] == surviving(facts)


def void(home: UUID, wrong: str) -> h.FactsAnnulled:
    return h.FactsAnnulled(
        household_id=home,
        effective_on=START.date(),
        entered_by="cadre",
        annuls=(wrong,),
        reason=Personal.sealed("A256GCM.1.AAAA"),
    )


@LAWS
@given(histories)
def test_every_day_of_an_accepted_history_is_legal(households: list[Life]) -> None:
    """One head, nobody twice, no life after the end: on every day, and as known after every single commit."""
    instants = {r.recorded_at for life in households for r in life.line}
    for life in (life.known(i + timedelta(microseconds=1)) for life in households for i in sorted(instants)):
        line = household_timeline(life.facts, life.relatives)
        own = [r for r in line if r in life.facts]
        require_legal(own, (), fold(line[: len(line) - len(own)]))
        for state in map(life.state, {r.fact.effective_on for r in own}):
            assert end_of_day_violation(state) is None
            heads = [m for m in state.members.values() if m.relation is h.Relation.HEAD]
            assert len(heads) == (0 if state.status in (None, h.PovertyStatus.CANCELLED) else 1)


@LAWS
@given(histories, days, instants)
def test_the_rectangles_answer_as_the_fold_does(households: list[Life], as_of: date, known_at: datetime) -> None:
    for life in households:
        answers = [
            r.value for r in life.periods(life.line)
            if r.valid_from <= as_of < r.valid_to and r.known_from < known_at <= r.known_to
        ]  # fmt: skip
        folded = summary_of(life.state(as_of, known_at))
        assert answers == ([] if folded is None else [folded])


@LAWS
@given(histories)
def test_told_fact_by_fact_the_rectangles_are_those_of_folding_again_at_every_instant(households: list[Life]) -> None:
    for life in households:
        since: dict[tuple[date, date, HouseholdSummary], datetime] = {}
        expected: set[BitemporalPeriod[HouseholdSummary]] = set()
        for instant in sorted({r.recorded_at for r in life.line}):
            now = spans(life.known(instant + timedelta(microseconds=1)))
            for first, end, value in since.keys() - now:
                expected.add(BitemporalPeriod(value, first, end, since.pop((first, end, value)), instant))
            since |= dict.fromkeys(now - since.keys(), instant)
        expected |= {
            BitemporalPeriod(value, first, end, known, UNTIL_CHANGED) for (first, end, value), known in since.items()
        }
        periods = life.periods(life.line)
        assert set(periods) == expected
        assert len(periods) == len(expected)


def spans(life: Life) -> set[tuple[date, date, HouseholdSummary]]:
    """From when to when the household was what, folded anew for each day on which something was true."""
    turns: list[tuple[date, HouseholdSummary | None]] = []
    for day in sorted({r.fact.effective_on for r in household_timeline(life.facts, life.relatives)}):
        value = summary_of(life.state(day))
        if value != (turns[-1][1] if turns else None):
            turns.append((day, value))
    return {(day, end, value) for (day, value), (end, _) in pairwise([*turns, (FOREVER, None)]) if value is not None}


@LAWS
@given(histories)
def test_an_outline_is_the_household_without_what_surveys_answer(households: list[Life]) -> None:
    """What legality, area and claims ask about is the same in both, after every single commit."""
    for life in households:
        for known in (life.facts[:end] for end in range(1, len(life.facts) + 1)):
            whole = current_state(known, life.relatives)
            outlined = current_state_without_surveys(known, life.relatives)
            assert all(getattr(whole, about) == getattr(outlined, about) for about in ASKED_ABOUT)
            assert {p: kept(m) for p, m in whole.members.items()} == {p: kept(m) for p, m in outlined.members.items()}


ASKED_ABOUT = ("id", "national_no", "division", "status", "status_since", "status_fact", "deceased")


def kept(member: h.Member) -> tuple[UUID, h.Relation, int]:
    return member.person_id, member.relation, member.birth_year


@LAWS
@given(histories, days, st.sampled_from(["household", "income", "conditions", "member"]), st.uuids())
def test_a_survey_is_decided_alike_without_the_surveys_before_it(
    households: list[Life], on: date, kind: str, stranger: UUID
) -> None:
    today = max(on, START.date())
    for life in households:
        for end in range(len(life.facts) + 1):
            known = life.facts[:end]
            apart = StreamView((r for r in known if type(r.fact) not in SURVEY_TYPES), version=len(known))
            persons = [*current_state(known, life.relatives).members, stranger]
            for new in surveys(kind, life.home, on, persons):
                assert verdict(known, new, today, life.relatives) == verdict(apart, new, today, life.relatives)


def verdict(
    known: Sequence[Recorded], new: HouseholdFact, today: date, relatives: Relatives
) -> tuple[str, object] | None:
    """Code and figures of the refusal, if it is one."""
    try:
        record(known, [new], today, relatives)
    except Refused as no:
        return no.rule.code, no.facts
    return None


def surveys(kind: str, home: UUID, on: date, persons: Sequence[UUID]) -> list[HouseholdFact]:
    common: dict[str, Any] = {"household_id": home, "effective_on": on, "entered_by": "cadre"}
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
