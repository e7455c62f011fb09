"""A dry run and the command that follows it agree: accepted or refused by the same rule, the same facts at the same places;
and the dry run leaves nothing."""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given, settings

from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.unit import Tx, Unit
from tests.properties.data_entry import DataEntry, declare_villages
from tests.properties.detours import enter_all
from tests.properties.drawn_commands import histories
from tests.properties.drawn_histories import HISTORIES
from tests.properties.entry_orders import ORDERS, EntryOrder
from tests.properties.household_commands import HANDLERS, Command, Township
from tests.properties.household_repositories import TransactionRepository
from tests.properties.true_acts import LAST_DAY
from tests.properties.true_histories import TrueHistory
from tests.properties.trying_store import TryingStore
from tests.support.long_run import LONG

SETTINGS = settings(derandomize=not LONG, print_blob=True)


class Registry:
    """A registry's store on a clock that only goes forward."""

    def __init__(self, conninfo: str) -> None:
        self.clock = SimulatedClock(datetime(LAST_DAY.year + 1, 6, 1, tzinfo=UTC))
        self.store = TryingStore("registry", conninfo, self.clock)
        self.numbers = count(1)

    def execute(self, history: Sequence[Command]) -> None:
        township = Township(next(self.numbers))
        # Of its own June, so that it comes to the same again when Hypothesis repeats it.
        self.clock.step(datetime(self.clock.now().year + 1, 6, 1, tzinfo=UTC))
        for number, command in enumerate(history):
            tried: list[Township] = []

            def work(tx: Tx, command: Command = command, tried: list[Township] = tried) -> Reply:
                tried.append(deepcopy(township))  # noqa: B023 - each runs within its turn
                HANDLERS[command.kind](tried[-1], command, TransactionRepository(tx))
                return Reply()

            ref = CommandRef.of("cadre", "POST", f"{township.number}/{number}", b"")
            if self.store.submit(Unit(ref, work)).result().code is None:
                township = tried[-1]
            self.clock.step(self.clock.now() + command.wait)


@pytest.fixture(scope="module")
def registry(module_database: Callable[[str], str]) -> Iterator[Registry]:
    opened = Registry(module_database("registry"))
    yield opened
    opened.store.close()


@settings(SETTINGS, max_examples=300 if LONG else 10)
@given(history=histories())
def test_any_commands_about_households(registry: Registry, history: list[Command]) -> None:
    registry.execute(history)


@settings(SETTINGS, max_examples=300 if LONG else 6)
@given(history=HISTORIES, order=ORDERS)
def test_a_true_history_entered_in_any_order(registry: Registry, history: TrueHistory, order: EntryOrder) -> None:
    """Through the handlers that the API uses, with annulments and splits."""
    registry.clock.step(registry.clock.now().replace(hour=4) + timedelta(days=1))
    entry = DataEntry(registry.store, registry.clock, next(registry.numbers), history)
    declare_villages(entry)
    entered = [*enter_all(entry, order)]
    assert entered[-1] == len(history.acts)
