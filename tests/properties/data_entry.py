"""Data entry of a true history to the real register, act by act, through the handlers that the API uses."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from contracts.facts import Fact, HouseholdFact, Precision, Recorded
from contracts.registry import households as h
from contracts.registry.divisions import DivisionDeclared, Level
from contracts.registry.ends import HouseholdCancelled, HouseholdReinstated, ReinstatedAs
from contracts.registry.identities import PersonCorrected
from contracts.registry.members import (
    HeadSucceeded,
    MemberDied,
    MemberJoined,
    MemberLeft,
    Relation,
    RelationToHead,
)
from contracts.registry.merges import RelationAfterMerge
from contracts.registry.reasons import CancelReason, JoinReason, LeaveReason
from contracts.registry.surveys import HouseholdSurveyed
from contracts.roles import Role
from services.chassis.ground.clock import SimulatedClock
from services.chassis.ground.refusals import Rule
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households import domain
from services.registry.households.domain import stream_of
from services.registry.households.ends import end_household, merge_households
from services.registry.households.recordings import record_handler, recording_correction_handler
from services.registry.households.rehydration import state_on
from services.registry.households.rules import STATUS_FORBIDS
from services.registry.households.splits import split_handler
from services.registry.households.store import (
    command_handler,
    correction_handler,
    part_without_surveys,
    relatives_in,
    save,
    survey_handler,
)
from tests.properties.entered_facts import SEALED, fields_of, member, status_fact
from tests.properties.true_acts import LAST_DAY, VILLAGES, WRONG_VILLAGE
from tests.properties.true_histories import TrueHistory
from tests.properties.true_households import Act, Kind
from tests.registry.households.example_facts import CERTIFICATE

NAMESPACE = UUID("b7c7a3de-52c9-4c0b-8d3f-6a1c2f0b9e11")
Handler = Callable[[Tx], Reply]


class DataEntry:
    """Enters a history in a county of its own. ``entered``: numbers of the acts; ``commands``: what was entered for an act,
    the latest last; ``steps``: what was done, for whoever reads a failure."""

    def __init__(self, store: Store, clock: SimulatedClock, number: int, history: TrueHistory) -> None:
        self.store, self.clock, self.history = store, clock, history
        self.county, self.steps = f"{number:06}", list[str]()
        self.entered: list[int] = []
        self.commands: dict[int, tuple[UUID, ...]] = {}
        self._actor = Actor("cadre-1", frozenset({Role.CADRE}), self.county)
        self._persons = {self.person(p.number): p.number for p in history.persons}

    def household(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.county}/household/{number}")

    def person(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.county}/person/{number}")

    def number_of_person(self, person: UUID) -> int:
        return self._persons[person]

    def village(self, number: int) -> str:
        return f"{self.county}10120{number}"

    def wait(self, wait: timedelta) -> None:
        self.clock.step(self.clock.now() + wait)

    def acts(self) -> list[Act]:
        """Those that are entered."""
        return [self.history.acts[n] for n in self.entered]

    def enter(self, act: Act) -> None:
        """Enter an act. A decision that a removal entered before makes void is refused: the status forbids it."""
        household = self.household(act.household)
        persons = tuple(map(self.person, act.persons))
        work, streams = self._handler(act, household, persons), [stream_of(household)]
        more: dict[str, Any] = {"subjects": persons}
        if act.kind is Kind.RECORD:
            streams.append(division_stream(self.village(act.village or 0)))
        if act.kind is Kind.SPLIT:
            streams.append(stream_of(self.household(act.new_household or 0)))
        if act.kind is Kind.MERGE:
            streams.append(stream_of(self.household(act.merged_into or 0)))
        if act.kind is Kind.SURVEY:
            streams, more = [], {"parts": (part_without_surveys(household),)}
        if self.history.voided_by.get(act.number, set()).isdisjoint(self.entered):
            self.commands[act.number] = (self.submit(work, repr(act), *streams, **more),)
        else:
            self.submit(work, f"refused: {act}", *streams, refused=STATUS_FORBIDS, **more)
        self.entered.append(act.number)

    def replace(self, act: Act, village: int | None = None) -> UUID:
        """A recording or a split is corrected in place: to what it was, or to another village."""
        household, persons = self.household(act.household), tuple(map(self.person, act.persons))
        if act.kind is Kind.SPLIT:
            work = self._split(act, household, persons, corrects=True)
        else:
            recorded = self._recorded(act, household, persons, act.village if village is None else village)
            work = recording_correction_handler(recorded, self._actor, {}, (), persons)
        return self.submit(work, f"replace {act.number}", stream_of(household), subjects=persons)

    def annul(self, household: int, acts: Sequence[UUID], note: str) -> UUID:
        fact = h.FactsAnnulled(
            household_id=self.household(household),
            effective_on=LAST_DAY,
            entered_by="cadre",
            acts=tuple(acts),
            reason=SEALED,
        )
        return self.submit(correction_handler(fact, self._actor), note, stream_of(fact.household_id))

    def leave_wrongly(self, household: int, person: int, day: date) -> UUID:
        wrong = self._end(household, MemberLeft, person, None, day, Precision.DAY, reason=LeaveReason.OTHER)
        note = f"wrong leave of {person} from {household} on {day}"
        return self.submit(wrong, note, stream_of(self.household(household)), subjects=(self.person(person),))

    def move_wrongly(self, household: int, day: date) -> UUID:
        wrong = self._move(household, self.village(WRONG_VILLAGE), day, Precision.DAY)
        return self.submit(wrong, f"wrong move of {household} on {day}", stream_of(self.household(household)))

    def submit(self, work: Handler, note: str, *streams: str, refused: Rule | None = None, **more: Any) -> UUID:
        """Carry a command out as the API does. Whatever is refused fails the test, unless this rule is to refuse it."""
        self.steps.append(f"{self.clock.now():%Y-%m-%d} {note}")
        ref = CommandRef.of("cadre", "POST", f"{self.county}/{len(self.steps)}", b"")
        outcome = self.store.submit(Unit(ref, work, streams, **more)).result()
        expected = None if refused is None else refused.code
        assert outcome.code == expected, (outcome.code, outcome.facts, *self.steps, repr(self.history))
        return ref.command_id

    def _handler(self, act: Act, household: UUID, persons: Sequence[UUID]) -> Handler:
        on = fields_of(act, household)
        match act.kind:
            case Kind.RECORD:
                return record_handler(self._recorded(act, household, persons, act.village), self._actor, {}, ())
            case Kind.JOIN:
                joining = member(persons[0], born=act.birth_year)
                joined = MemberJoined(**on, member=joining, reason=JoinReason.OVERLOOKED)
                return self._recording(joined)
            case Kind.LEAVE:
                reason = LeaveReason.MARRIAGE
                who, kind = act.persons[0], MemberLeft
                return self._end(act.household, kind, who, act.successor, act.day, act.precision, reason=reason)
            case Kind.DIE:
                who, paper = act.persons[0], (CERTIFICATE,)
                return self._end(act.household, MemberDied, who, act.successor, act.day, act.precision, evidence=paper)
            case Kind.MOVE:
                there, left = self.village(act.village or 0), self.village(act.left or 0)
                return self._move(act.household, there, act.day, act.precision, left)
            case Kind.HEAD:
                return self._change_head(HeadSucceeded(**on, person_id=persons[0], relations=self._relations()))
            case Kind.CORRECT:
                return self._recording(PersonCorrected(
                    **on, person_id=persons[0], birth_year=act.birth_year, case_id=NAMESPACE, households=(household,)
                ))  # fmt: skip
            case Kind.SURVEY:
                return survey_handler([HouseholdSurveyed(**on, attribute=act.attribute)], self._actor)
            case Kind.SPLIT:
                return self._split(act, household, persons, corrects=False)
            case Kind.END | Kind.MERGE | Kind.REINSTATE:
                return self._change_record(act, household, persons)
            case _:
                return self._decide(status_fact(act.kind, on))

    def _change_record(self, act: Act, household: UUID, persons: Sequence[UUID]) -> Handler:
        on, stream = fields_of(act, household), stream_of(household)
        match act.kind:
            case Kind.END:
                ended = HouseholdCancelled(**on, reason=CancelReason.LOST)
                return self._deciding(lambda tx: end_household(tx.load(stream), ended, tx.today, relatives_in(tx)))
            case Kind.MERGE:
                there = self.household(act.merged_into or 0)
                merged = HouseholdCancelled(**on, reason=CancelReason.MERGED, merged_into=there)
                relations = [RelationAfterMerge(person_id=p, relation=Relation.OTHER) for p in persons]
                return self._deciding(lambda tx: merge_households(merged, relations, tx.today, relatives_in(tx)))
            case _:
                back = HouseholdReinstated(
                    **on, person_ids=tuple(persons), head=persons[0], status=ReinstatedAs.FORMER_STATUS
                )
                return self._deciding(lambda tx: {household: domain.record(
                    tx.load(stream), [back], tx.today, relatives_in(tx)
                )})  # fmt: skip

    def _recorded(self, act: Act, household: UUID, persons: Sequence[UUID], village: int | None) -> h.HouseholdRecorded:
        people = tuple(member(p, Relation.HEAD if n == 0 else Relation.OTHER) for n, p in enumerate(persons))
        return h.HouseholdRecorded(**fields_of(act, household), division=self.village(village or 0), members=people)

    def _split(self, act: Act, household: UUID, persons: Sequence[UUID], *, corrects: bool) -> Handler:
        new, going = self.household(act.new_household or 0), tuple(persons)
        splitting = h.HouseholdSplit(**fields_of(act, household), new_household_id=new, person_ids=going)
        formed = h.HouseholdFormed(**fields_of(act, new), split_from=household, person_ids=going, head=going[0],
            relations=self._relations(),
        )  # fmt: skip
        return split_handler(splitting, formed, self._actor, (), corrects=corrects)

    def _relations(self) -> tuple[RelationToHead, ...]:
        """Everybody is other kin to everybody, whoever is entered by then."""
        return tuple(RelationToHead(person_id=p, relation=Relation.OTHER) for p in self._persons)

    def _change_head(self, fact: HeadSucceeded) -> Handler:
        def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
            return domain.change_head(known, fact, tx.today, relatives_in(tx))

        return command_handler(fact.household_id, self._actor, decide)

    def _recording(self, fact: HouseholdFact) -> Handler:
        def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
            return domain.record(known, [fact], tx.today, relatives_in(tx))

        return command_handler(fact.household_id, self._actor, decide)

    def _end(
        self, number: int, kind: type[MemberLeft | MemberDied], person: int, successor: int | None, day: date,
        precision: Precision, **more: Any,
    ) -> Handler:  # fmt: skip
        household = self.household(number)
        ended = kind(
            household_id=household, effective_on=day, precision=precision, entered_by="cadre",
            person_id=self.person(person), **more,
        )  # fmt: skip
        follows = None if successor is None else self.person(successor)

        def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
            relations = self._relations() if follows is not None else ()
            return domain.end_membership(known, ended, follows, tx.today, relatives_in(tx), relations)

        return command_handler(household, self._actor, decide)

    def _move(self, number: int, there: str, day: date, precision: Precision, left: str | None = None) -> Handler:
        """From ``left``, whatever is entered by then; if not said, from where the register has it on that day."""
        household = self.household(number)

        def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
            here = state_on(known, relatives_in(tx), as_of=day).division
            fact = h.HouseholdMoved(
                household_id=household, effective_on=day, precision=precision, entered_by="cadre",
                from_division=left or here, to_division=there,
            )  # fmt: skip
            missing = left is not None and left != here
            return domain.move(known, fact, tx.today, relatives_in(tx), earlier_move_missing=missing)

        return command_handler(household, self._actor, decide)

    def _decide(self, fact: HouseholdFact) -> Handler:
        stream = stream_of(fact.household_id)
        return self._deciding(lambda tx: domain.change_status(tx.load(stream), fact, tx.today, relatives_in(tx)))

    @staticmethod
    def _deciding(decide: Callable[[Tx], Mapping[UUID, Sequence[Fact]]]) -> Handler:
        """As the effect of a case."""

        def work(tx: Tx) -> Reply:
            save(tx, decide(tx))
            return Reply()

        return work


def declare_villages(entry: DataEntry) -> None:
    """The wrong one included."""

    def declare(tx: Tx) -> None:
        for code in map(entry.village, range(VILLAGES + 1)):
            declared = DivisionDeclared(
                code=code, level=Level.VILLAGE, name="某村", effective_on=date(2013, 1, 1), entered_by="operator"
            )
            tx.append(division_stream(code), declared)

    entry.store.transact(declare)
