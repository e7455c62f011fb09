"""The walk: officials enter a true history, with slips, in any order; open cases and take them some steps; object, return,
withdraw, annul, restore, report and correct. Whatever is refused is left at that."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from contracts.facts import Recorded
from contracts.registry.households import FactsAnnulled
from services.registry.households.rules import DECIDED_BY_PROCEDURE
from tests.properties.no_dead_ends.agent import Agent, Request
from tests.properties.no_dead_ends.closing import Closing
from tests.properties.no_dead_ends.entering import DataEntry, Slip
from tests.properties.no_dead_ends.forms import NEGATIVE, PATHS, form_of
from tests.properties.no_dead_ends.house import House
from tests.properties.no_dead_ends.lawful_histories import (
    LAWFUL_HISTORIES,
    LONGEST_PROCEDURE,
    PROCEDURES,
    LawfulHistory,
)
from tests.properties.no_dead_ends.roster import PER_OFFICE
from tests.properties.true_households import STATUS_KINDS, Act, Kind

FEW, OFFICIALS = st.integers(0, 11), st.integers(0, PER_OFFICE - 1)
AHEAD, STEPS = st.sampled_from([0, 0, 0, 1, 2]), st.sampled_from([12, 12, 3, 8, 0])
SLIPS = st.sampled_from(
    [*[Slip()] * 8, *(Slip(days) for days in (-1, 3, 40, -40, 365, -365)), Slip(beside=1), Slip(identity=True)]
)
BACK_TO = ("visit", "appraisal", "village_notice", "township_review")


class Walk(RuleBasedStateMachine):
    """``house``: set by the test."""

    house: House

    @initialize(history=LAWFUL_HISTORIES, slips=st.tuples(SLIPS, SLIPS))
    def begin(self, history: LawfulHistory, slips: tuple[Slip, Slip]) -> None:
        """Both households are recorded."""
        self.history = history
        self.registered, number = self.house.registered(history)
        self.entry = DataEntry(history, self.registered, number)
        self.cases: list[tuple[str, Act | None, UUID]] = []
        self.reports: list[tuple[str, Act]] = []
        self.moves: list[str] = []
        self.trace: list[str] = []
        for act, slip in zip(history.acts, slips, strict=False):
            self._enter(act, slip, 0, 0)

    @rule(entries=st.lists(st.tuples(AHEAD, SLIPS, OFFICIALS, STEPS), min_size=1, max_size=6))
    def enter(self, entries: list[tuple[int, Slip, int, int]]) -> None:
        """The next true acts, or some of those after them, whether or not their turn has come."""
        self.enter_some(entries)

    def enter_some(self, entries: list[tuple[int, Slip, int, int]]) -> None:
        """What to enter: how far ahead, how wrongly, by whom, and with how many steps of its case."""
        for ahead, slip, first, steps in entries:
            if waiting := self._waiting():
                self._enter(waiting[ahead % len(waiting)], slip, first, steps)

    def enter_next(self, first: int) -> None:
        """What there is to do in place of what cannot be done yet."""
        self.enter_some([(0, Slip(), first, 12)])

    def _waiting(self) -> list[Act]:
        """True acts that nobody has entered, but for those of which somebody believes that they are."""
        begun = [act for _, act, _ in self.cases]
        return [
            act for act in self.registered.missing_acts()
            if act not in begun and not (act.kind is Kind.RECORD and self.registered.household(act.household))
        ]  # fmt: skip

    def _enter(self, act: Act, slip: Slip, first: int, steps: int) -> None:
        """``steps``: how many of its case, where it is decided by one."""
        request = self.entry.request(act, slip, first)
        if request is None:
            return
        answer = (agent := self._agent(act)).ask(request)
        if not answer.is_success:
            return
        self.entry.entered(act, answer.headers.get("Location"))
        if answer.headers["Location"].startswith("/registry/moves/"):
            self.moves.append(answer.headers["Location"])
        if act.kind in PROCEDURES:
            assert request.form is not None
            case, household = answer.headers["Location"], UUID(request.form["subject"])
            self.cases.append((case, act, household))
            decided_on = self.history.decided_on[act.number] + timedelta(slip.days)
            replace(agent, day=self.history.opened_on(act.number) + timedelta(slip.days)).advance(
                case, decided_on, steps, first
            )

    @rule(pick=FEW, steps=st.integers(1, 9), late=st.sampled_from([0, 0, 0, 2, -20, 365]), first=OFFICIALS)
    def advance(self, pick: int, steps: int, late: int, first: int) -> None:
        """Some steps of a case, the decision on the true day or beside it."""
        if not self.cases:
            self.enter_next(first)
            return
        case, act, household = self.cases[pick % len(self.cases)]
        decided_on = self.house.today() if act is None else self.history.decided_on[act.number] + timedelta(late)
        self._about(household, act).advance(case, min(decided_on, self.house.today()), steps, first)

    @rule(
        pick=FEW, procedure=st.sampled_from([PROCEDURES[kind] for kind in sorted(STATUS_KINDS)]),
        day=st.dates(date(2014, 2, 1), date(2019, 12, 31)), steps=STEPS, first=OFFICIALS,
    )  # fmt: skip
    def decide_untruly(self, pick: int, procedure: str, day: date, steps: int, first: int) -> None:
        """What never was: a household is taken in, exits, returns or is removed that did not."""
        households = [*self.registered.ids()]
        if not households:
            self.enter_next(first)
            return
        household = households[pick % len(households)]
        agent = replace(self._about(household), day=day)
        settled = {"subject": str(household), "procedure": procedure}
        body = form_of("open_case", settled, day, {})
        answer = agent.ask_as_told(Request("open_case", "/registry/cases", body, (), first))
        if answer.is_success:
            self.cases.append((answer.headers["Location"], None, household))
            agent.advance(answer.headers["Location"], day + timedelta(LONGEST_PROCEDURE), steps, first)

    @rule(pick=FEW, what=st.sampled_from(sorted(NEGATIVE)), first=OFFICIALS)
    def refuse(self, pick: int, what: str, first: int) -> None:
        """A step the answer of which is no, whether or not its turn has come."""
        path = next((path for path, act in PATHS.items() if act == what), "objections/1/resolutions")
        self._at_case(pick, what, path, NEGATIVE[what], first)

    @rule(pick=FEW, first=OFFICIALS)
    def object(self, pick: int, first: int) -> None:
        self._at_case(pick, "raise_objection", "objections", {}, first)

    @rule(pick=FEW, back_to=st.sampled_from(BACK_TO), first=OFFICIALS)
    def turn_back(self, pick: int, back_to: str, first: int) -> None:
        self._at_case(pick, "return_case", "returns", {"back_to": back_to}, first)

    @rule(pick=FEW, first=OFFICIALS)
    def withdraw(self, pick: int, first: int) -> None:
        self._at_case(pick, "withdraw_case", "withdrawals", {}, first)

    def _at_case(self, pick: int, act: str, path: str, form: dict[str, Any], first: int) -> None:
        if not self.cases:
            self.enter_next(first)
            return
        case, true, household = self.cases[pick % len(self.cases)]
        agent = self._about(household, true)
        body = form_of(act, form, agent.day, {})
        agent.ask_as_told(Request(act, f"{case}/{path}", body, (), first))

    @rule(pick=FEW, restore=st.booleans(), first=OFFICIALS)
    def annul(self, pick: int, restore: bool, first: int) -> None:
        """An act of entering, or one that annulled another."""
        standing = [r for r in self._standing() if isinstance(r.fact, FactsAnnulled) is restore]
        if not standing:
            self.enter_next(first)
            return
        recorded = standing[pick % len(standing)]
        household = recorded.fact.household_id  # type: ignore[attr-defined]
        self._about(household).ask_as_told(self.entry.annulment(recorded, self.house.today(), first))

    @rule(pick=FEW, steps=st.integers(0, 5), first=OFFICIALS)
    def correct(self, pick: int, steps: int, first: int) -> None:
        """The correction of something that was decided, right or wrong, is proposed, and left at some step."""
        if not (decided := self._decided()):
            self.enter_next(first)
            return
        recorded = decided[pick % len(decided)]
        household = recorded.fact.household_id  # type: ignore[attr-defined]
        form = {"subject": str(household), "procedure": "correction", "terms": {"facts": [recorded.id]}}
        body = form_of("open_case", form, self.house.today(), {})
        agent = self._about(household)
        answer = agent.ask_as_told(Request("open_case", "/registry/cases", body, (), first))
        if answer.is_success:
            self.cases.append((answer.headers["Location"], None, household))
            agent.advance(answer.headers["Location"], self.house.today(), steps, first)

    @rule(pick=FEW, steps=st.integers(0, 2), first=OFFICIALS)
    def correct_identity(self, pick: int, steps: int, first: int) -> None:
        """The correction of an identity is asked for, and left at some step."""
        wrong = [*self.registered.wrong_identities()]
        if not wrong:
            self.enter_next(first)
            return
        household, person, id_ = wrong[pick % len(wrong)]
        agent = self._about(household)
        request = replace(self.entry.identity_correction(household, person, id_, agent.day), first=first)
        answer = agent.ask_as_told(request)
        if answer.is_success:
            self.cases.append((answer.headers["Location"], None, household))
            agent.advance(answer.headers["Location"], self.house.today(), steps, first)

    @rule(pick=FEW, slip=SLIPS, first=OFFICIALS)
    def report(self, pick: int, slip: Slip, first: int) -> None:
        """A death, departure or joining that something decided is against."""
        acts = [a for a in self.registered.missing_acts() if a.kind in (Kind.DIE, Kind.LEAVE, Kind.JOIN)]
        if not acts:
            self.enter_next(first)
            return
        act = acts[pick % len(acts)]
        request = self.entry.request(act, slip, first)
        if request is None:
            return
        agent = self._agent(act)
        answer = agent.ask(request)
        if answer.is_success:
            return
        for step in answer.json().get("next", []):
            if step["act"].startswith("report_"):
                reported = agent.follow(step, request)
                if reported.is_success:
                    self.reports.append((reported.headers["Location"], act))

    @rule(pick=FEW, how=st.sampled_from([*["accept_move"] * 3, "decline_move", "withdraw_move"]), first=OFFICIALS)
    def answer_move(self, pick: int, how: str, first: int) -> None:
        """A move that was proposed is accepted, declined or taken back."""
        if not self.moves:
            self.enter_next(first)
            return
        path = {"accept_move": "acceptances", "decline_move": "refusals", "withdraw_move": "withdrawals"}[how]
        agent = self._of(lambda: self.registered.villages, None, self.house.today())
        agent.ask(
            Request(how, f"{self.moves[pick % len(self.moves)]}/{path}", form_of(how, {}, agent.day, {}), (), first)
        )

    @rule(days=st.sampled_from([1, 8]))
    def wait(self, days: int) -> None:
        self.house.wait_until(self.house.today() + timedelta(days))

    def teardown(self) -> None:
        if not hasattr(self, "trace"):
            return
        closing = Closing(self.house, self.registered, self.entry, self.reports, self._agent, self._about)
        try:
            closing.run()
        except BaseException:
            note(repr(self.history))
            note("\n".join(self.trace))
            raise
        self.house.waited += closing.waited

    def _standing(self) -> list[Recorded]:
        return [r for id_ in self.registered.ids() for r in self.registered.standing(id_)]

    def _decided(self) -> list[Recorded]:
        return [r for r in self._standing() if type(r.fact) in DECIDED_BY_PROCEDURE]

    def _agent(self, act: Act) -> Agent:
        household = self.registered.household(act.household)
        day = self.history.opened_on(act.number) if act.number in self.history.decided_on else self.house.today()
        return self._of(lambda: self.entry.villages_for(act), household, day)

    def _about(self, household: UUID, act: Act | None = None) -> Agent:
        """In the matter of a household; ``act``: what a case about it is to bring about."""
        day = self.house.today() if act is None else self.history.opened_on(act.number)
        return self._of(lambda: self.entry.villages_of(household), household, day)

    def _of(self, villages: Any, household: UUID | None, day: date) -> Agent:
        house = self.house
        return Agent(house.roster, villages, household, day, house.today, house.wait_until, house.counted, self.trace)
