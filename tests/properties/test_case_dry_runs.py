"""Whatever officials try with a case: a dry run and the command that follows it agree."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.personal import Personal
from contracts.registry import households as h
from contracts.registry.members import Relation
from contracts.roles import Role
from contracts.selection import timeline
from services.casework.documents.reading import Documents
from services.casework.procedures import commands as c
from services.casework.procedures.document import AnyStep, Procedure
from services.casework.procedures.offices import offices_of
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, due_notice_end, fold
from services.casework.procedures.store import CaseCommands, stream_of
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.command_record import CommandRef
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import KEY_BYTES, DataKey
from services.registry.cases.store import POVERTY_STATUS, PovertyStatusMatter
from services.registry.document_kinds import FIRST_TEXTS, KINDS
from services.registry.households import domain
from services.registry.households.store import relatives_in, save
from tests.casework.procedures.test_transitions import OTHER_COMMANDS, OUT_OF_TURN, any_command, positive_command
from tests.properties.entered_facts import member
from tests.properties.trying_store import TryingStore
from tests.support.long_run import LONG

NAMESPACE = UUID("2f0f3c55-8a64-4d2b-9b57-6f4f2f4a9c11")
DIGITS = {"village": 12, "township": 9, "county": 6}
FIRST_DAY = date(2014, 6, 2)
NAMES = st.sampled_from(["due"] * 30 + [name for name in (*OTHER_COMMANDS, *OUT_OF_TURN) if name != "timer"])
WALKS = st.lists(st.tuples(NAMES, st.sampled_from([0, 1, 2, 8]), st.integers(0, 30)), min_size=8, max_size=30)


class Office:
    """A registry in which one case after another is opened for a candidate of its own."""

    def __init__(self, conninfo: str) -> None:
        self.clock = SimulatedClock(datetime(2019, 6, 1, tzinfo=UTC))
        self.store = TryingStore("registry", conninfo, self.clock)
        FIRST_TEXTS.adopt(self.store)
        self.procedures = ProcedureRepository(Documents(self.store, KINDS))
        self.commands = CaseCommands("registry", self.procedures, {POVERTY_STATUS: PovertyStatusMatter()})
        self.numbers = count(1)

    def walk(self, steps: list[tuple[str, int, int]]) -> None:
        self.clock.step(self.clock.now() + timedelta(minutes=1))
        number = next(self.numbers)
        self.case, self.household = uuid5(NAMESPACE, f"case {number}"), uuid5(NAMESPACE, f"household {number}")
        self.village, self._sent = f"{number:06}101201", count()
        self.keys = {self.case: DataKey(self.case, 1, b"k" * KEY_BYTES)}
        self.store.transact(self._record)
        opening = c.OpenCase(
            case_id=self.case, subject=self.household, on=FIRST_DAY, today=FIRST_DAY, by="opener",
            grounds=Personal("stated"),
        )  # fmt: skip
        self._submit(self.commands.open_handler(opening, "identification", self._actor("opener"), self.keys))
        for name, days, pick in steps:
            state = fold(timeline(self.store.stream(stream_of(self.case))))
            assert state is not None
            self._try(state, name, days, pick)

    def _record(self, tx: Tx) -> None:
        head = member(uuid5(NAMESPACE, str(self.household)), Relation.HEAD)
        recorded = h.HouseholdRecorded(
            household_id=self.household, effective_on=date(2014, 5, 1), entered_by="recorder", division=self.village,
            members=(head,),
        )  # fmt: skip
        decided = domain.record((), [recorded], tx.today, relatives_in(tx))
        save(tx, {self.household: decided})

    def _try(self, state: CaseState, name: str, days: int, pick: int) -> None:
        edition = self.procedures.edition(state.procedure, state.edition)
        command = self._command(state, edition, name, days, pick)
        office = next(iter(offices_of(command, state, edition)), None)
        # Now and then somebody else than the office that may.
        actor = self._actor(command.by)
        if office is not None and pick % 9:
            actor = Actor(f"{command.by}-1", frozenset({office.role}), self.village[: DIGITS[office.level]])
        self._submit(self.commands.handler(command, actor, self.keys))

    def _command(self, state: CaseState, edition: Procedure, name: str, days: int, pick: int) -> Any:
        on = (state.latest_on if name in OTHER_COMMANDS else state.stands_since) + timedelta(days)
        if name != "due":
            return replace(any_command(name, 1, state, edition, pick), case_id=self.case, on=on)
        step = next_step(state, edition)
        command = positive_command(step.__struct_config__.tag, 1, pick)  # type: ignore[arg-type]
        return replace(command, case_id=self.case, on=max(on, due_notice_end(state) or on))

    def _actor(self, account: str) -> Actor:
        return Actor(f"{account}-1", frozenset({Role.CADRE}), self.village)

    def _submit(self, work: Callable[[Tx], Any]) -> None:
        ref = CommandRef.of("official", "POST", f"{self.case}/{next(self._sent)}", b"")
        self.store.submit(Unit(ref, work)).result()


def next_step(state: CaseState, edition: Procedure) -> AnyStep:
    """The one after the notice that is running, or the first that is not done."""
    running = state.running_notice and state.running_notice.step
    return next((s for s in edition.steps if s.key not in state.done and s.key != running), edition.steps[-1])


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str]) -> Iterator[Office]:
    opened = Office(module_database("registry"))
    yield opened
    opened.store.close()


@settings(derandomize=not LONG, print_blob=True, max_examples=300 if LONG else 6)
@given(walk=WALKS)
def test_any_walk_through_a_case(office: Office, walk: list[tuple[str, int, int]]) -> None:
    office.walk(walk)
