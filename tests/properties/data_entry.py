"""DataEntry a true history to the real register, act by act, through the handlers that the API uses."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from contracts.facts import Fact, HouseholdFact, Precision, Recorded
from contracts.personal import Personal
from contracts.registry import households as h
from contracts.registry.codes import PovertyCause
from contracts.registry.divisions import DivisionDeclared, Level
from contracts.roles import Role
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.registry.divisions.domain import stream_of as division_stream
from services.registry.households import domain
from services.registry.households.domain import stream_of
from services.registry.households.recordings import record_handler
from services.registry.households.splits import split_handler
from services.registry.households.store import (
    command_handler,
    correction_handler,
    part_without_surveys,
    relatives_in,
    save,
    survey_handler,
)
from tests.properties.entry_orders import Detour, EntryOrder
from tests.properties.true_histories import LAST_DAY, VILLAGES, WRONG_VILLAGE, TrueHistory
from tests.properties.true_households import STATUS_KINDS, Act, Kind

NAMESPACE = UUID("b7c7a3de-52c9-4c0b-8d3f-6a1c2f0b9e11")
SEALED: Personal[str] = Personal.sealed("A256GCM.1.c2VhbGVk")
Handler = Callable[[Tx], Reply]


class DataEntry:
    """Enters a history in a county of its own. ``steps``: what was done, for whoever reads a failure."""

    def __init__(self, store: Store, clock: SimulatedClock, number: int, history: TrueHistory) -> None:
        self.store, self.clock, self.history = store, clock, history
        self.county, self.steps = f"{number:06}", list[str]()
        self._actor = Actor("cadre-1", frozenset({Role.CADRE}), self.county)
        self._persons = {self.person(p.number): p.number for p in history.persons}
        self._entered: list[int] = []
        self._commands: dict[int, UUID] = {}
        self._detour: tuple[Callable[[], UUID], Callable[[Act], bool], int] | None = None
        """How to undo it; before which acts that must be; and when as many acts are entered."""

    def household(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.county}/household/{number}")

    def person(self, number: int) -> UUID:
        return uuid5(NAMESPACE, f"{self.county}/person/{number}")

    def number_of_person(self, person: UUID) -> int:
        return self._persons[person]

    def village(self, number: int) -> str:
        return f"{self.county}10120{number}"

    def enter_all(self, order: EntryOrder) -> Iterator[int]:
        """In this order, with its detours. Yields after every act: how many are entered."""
        while len(self._entered) < len(self.history.acts):
            act = order.next_act(self.history, self._entered)
            if self._detour is not None and (self._detour[1](act) or len(self._entered) >= self._detour[2]):
                self._end_detour()
            self._enter(act)
            self._pass(order.wait(len(self._entered)))
            for detour in order.detours:
                if detour.at == len(self._entered) and self._detour is None:
                    self._begin(detour)
                    self._pass(order.wait(len(self._entered) + 1))
            yield len(self._entered)
        self._end_detour()

    def _pass(self, wait: timedelta) -> None:
        self.clock.step(self.clock.now() + wait)

    def _end_detour(self) -> None:
        if self._detour is not None:
            undo, self._detour = self._detour[0], None
            undo()

    def _begin(self, detour: Detour) -> None:
        until = len(self._entered) + detour.length
        if detour.kind == "annul":
            if (act := self._annullable(detour.whom)) is not None:
                annulment = self._annul(act.household, self._commands[act.number], f"annul {act.number}")
                undo = partial(self._annul, act.household, annulment, f"restore {act.number}")
                self._detour = undo, lambda following: act.number in following.after, until
        elif detour.kind == "wrong_move":
            self._move_wrongly(detour, until)
        else:
            self._leave_wrongly(detour, until)

    def _annullable(self, whom: int) -> Act | None:
        """An act none of whose dependants is entered."""
        entered = [self.history.acts[n] for n in self._entered]
        possible = [
            a
            for a in entered
            if a.kind not in STATUS_KINDS and not self.history.dependants(a.number) & {*self._entered}
        ]
        return possible[-1 - whom % len(possible)] if possible else None

    def _move_wrongly(self, detour: Detour, until: int) -> None:
        entered = [a for a in map(self.history.acts.__getitem__, self._entered) if a.kind in (Kind.RECORD, Kind.SPLIT)]
        origin = entered[detour.whom % len(entered)]
        household = origin.household if origin.new_household is None else origin.new_household
        day = min(origin.day + timedelta(detour.off), LAST_DAY)
        wrong = self._move(household, self.village(WRONG_VILLAGE), day, Precision.DAY)
        act = self._submit(wrong, f"wrong move of {household} on {day}", stream_of(self.household(household)))
        self._detour = partial(self._annul, household, act, "annul wrong move"), lambda _: False, until

    def _leave_wrongly(self, detour: Detour, until: int) -> None:
        """Somebody who is no head leaves after all that is entered about them; undone before more is."""
        entered = [self.history.acts[n] for n in self._entered]
        ids = [self.household(number) for number in range(len(self.history.households))]
        facts = {household: self.store.stream(stream_of(household)) for household in ids}
        there = [
            (number, self.number_of_person(p))
            for number, household in enumerate(ids)
            for p, m in domain.current_state(facts[household], facts.__getitem__).members.items()
            if m.relation is not h.Relation.HEAD
        ]
        if not there:
            return
        household, person = there[detour.whom % len(there)]
        latest = max(a.day for a in entered if a.names(person))
        day = min(latest + timedelta(1 + detour.off), LAST_DAY)
        wrong = self._end(household, h.MemberLeft, person, None, day, Precision.DAY, reason=h.LeaveReason.OTHER)
        note = f"wrong leave of {person} from {household} on {day}"
        act = self._submit(wrong, note, stream_of(self.household(household)), subjects=(self.person(person),))
        undo = partial(self._annul, household, act, "annul wrong leave")
        self._detour = undo, lambda following: following.names(person), until

    def _annul(self, household: int, act: UUID, note: str) -> UUID:
        fact = h.FactsAnnulled(
            household_id=self.household(household),
            effective_on=LAST_DAY,
            entered_by="cadre",
            acts=(act,),
            reason=SEALED,
        )
        return self._submit(correction_handler(fact, self._actor), note, stream_of(fact.household_id))

    def _submit(self, work: Handler, note: str, *streams: str, **more: Any) -> UUID:
        """Carry a command out as the API does. Whatever is refused fails the test."""
        self.steps.append(f"{self.clock.now():%Y-%m-%d} {note}")
        ref = CommandRef.of("cadre", "POST", f"{self.county}/{len(self.steps)}", b"")
        outcome = self.store.submit(Unit(ref, work, streams, **more)).result()
        assert outcome.code is None, (outcome.code, outcome.facts, *self.steps, repr(self.history))
        return ref.command_id

    def _enter(self, act: Act) -> None:
        household = self.household(act.household)
        persons = tuple(map(self.person, act.persons))
        work, streams = self._handler(act, household, persons), [stream_of(household)]
        more: dict[str, Any] = {"subjects": persons}
        if act.kind is Kind.RECORD:
            streams.append(division_stream(self.village(act.village or 0)))
        if act.kind is Kind.SPLIT:
            streams.append(stream_of(self.household(act.new_household or 0)))
        if act.kind is Kind.SURVEY:
            streams, more = [], {"parts": (part_without_surveys(household),)}
        self._commands[act.number] = self._submit(work, repr(act), *streams, **more)
        self._entered.append(act.number)

    def _handler(self, act: Act, household: UUID, persons: Sequence[UUID]) -> Handler:
        on: dict[str, Any] = {
            "household_id": household, "effective_on": act.day, "precision": act.precision, "entered_by": "cadre",
        }  # fmt: skip
        match act.kind:
            case Kind.RECORD:
                people = tuple(
                    member(p, h.Relation.HEAD if n == 0 else h.Relation.OTHER) for n, p in enumerate(persons)
                )
                fact = h.HouseholdRecorded(**on, division=self.village(act.village or 0), members=people)
                return record_handler(fact, self._actor, {}, ())
            case Kind.JOIN:
                joined = h.MemberJoined(**on, member=member(persons[0]), reason=h.JoinReason.OVERLOOKED)
                return self._recording(joined)
            case Kind.LEAVE:
                reason = h.LeaveReason.MARRIAGE
                return self._end(
                    act.household, h.MemberLeft, act.persons[0], act.successor, act.day, act.precision, reason=reason
                )
            case Kind.DIE:
                return self._end(act.household, h.MemberDied, act.persons[0], act.successor, act.day, act.precision)
            case Kind.MOVE:
                return self._move(act.household, self.village(act.village or 0), act.day, act.precision)
            case Kind.SURVEY:
                return survey_handler(h.HouseholdSurveyed(**on, attribute=act.attribute), self._actor)
            case Kind.SPLIT:
                new = self.household(act.new_household or 0)
                splitting = h.HouseholdSplit(**on, new_household_id=new, person_ids=tuple(persons))
                formed = h.HouseholdFormed(
                    **{**on, "household_id": new}, split_from=household, person_ids=tuple(persons), head=persons[0]
                )
                return split_handler(splitting, formed, self._actor, (), corrects=False)
            case _:
                return self._decide(_status_fact(act.kind, on))

    def _recording(self, fact: HouseholdFact) -> Handler:
        def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
            return domain.record(known, [fact], tx.today, relatives_in(tx))

        return command_handler(fact.household_id, self._actor, decide)

    def _end(
        self, number: int, kind: type[h.MemberLeft | h.MemberDied], person: int, successor: int | None, day: date,
        precision: Precision, **more: Any,
    ) -> Handler:  # fmt: skip
        household = self.household(number)
        ended = kind(
            household_id=household, effective_on=day, precision=precision, entered_by="cadre",
            person_id=self.person(person), **more,
        )  # fmt: skip
        follows = None if successor is None else self.person(successor)

        def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
            return domain.end_membership(known, ended, follows, tx.today, relatives_in(tx))

        return command_handler(household, self._actor, decide)

    def _move(self, number: int, there: str, day: date, precision: Precision) -> Handler:
        """From where the register says that it lives on that day, when the move is entered."""
        household = self.household(number)

        def decide(known: tuple[Recorded, ...], tx: Tx) -> Sequence[Fact]:
            here = domain.state_on(known, relatives_in(tx), as_of=day).division
            fact = h.HouseholdMoved(
                household_id=household, effective_on=day, precision=precision, entered_by="cadre",
                from_division=here, to_division=there,
            )  # fmt: skip
            return domain.move(known, fact, tx.today, relatives_in(tx))

        return command_handler(household, self._actor, decide)

    def _decide(self, fact: HouseholdFact) -> Handler:
        """As the effect of a case."""

        def work(tx: Tx) -> Reply:
            known = tx.load(stream_of(fact.household_id))
            save(tx, {fact.household_id: domain.change_status(known, fact, tx.today, relatives_in(tx))})
            return Reply()

        return work


def _status_fact(kind: Kind, on: dict[str, Any]) -> HouseholdFact:
    match kind:
        case Kind.ENROL:
            return h.HouseholdEnrolled(**on, standard=h.Standard.NATIONAL)
        case Kind.EXIT:
            return h.HouseholdExited(**on, enjoys_policies=True)
        case Kind.RETURN:
            return h.HouseholdReturned(**on, cause=PovertyCause.ILLNESS, former_exit="registry/x/1")
        case _:
            return h.HouseholdRemoved(**on, reason="never_qualified")


def member(person: UUID, relation: h.Relation = h.Relation.OTHER) -> h.Member:
    return h.Member(person_id=person, name=SEALED, sex=h.Sex.FEMALE, birth_year=1970, relation=relation)


def declare_villages(entry: DataEntry) -> None:
    """The villages of the county, the wrong one included."""

    def declare(tx: Tx) -> None:
        for code in map(entry.village, range(VILLAGES + 1)):
            declared = DivisionDeclared(
                code=code, level=Level.VILLAGE, name="某村", effective_on=date(2013, 1, 1), entered_by="operator"
            )
            tx.append(division_stream(code), declared)

    entry.store.transact(declare)
