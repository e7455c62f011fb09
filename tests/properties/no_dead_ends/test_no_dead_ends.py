"""Nothing is a dead end: from wherever officials have come, every open case and report can be ended and everything true can be
entered, by doing what refusals say is next.

``LIKA_FAULTS=long`` walks much further, another way each time; a failure prints how to reproduce it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from services.registry.service import registry
from tests.properties.no_dead_ends.house import House
from tests.properties.no_dead_ends.walk import Walk
from tests.support.long_run import LONG
from tests.support.running import lika

AFTER_EVERYTHING = datetime(2022, 6, 1, 1, tzinfo=UTC)
SETTINGS = settings(
    deadline=None, derandomize=not LONG, print_blob=True, database=None,
    max_examples=int(__import__("os").environ.get("WALKS", "4")), stateful_step_count=int(__import__("os").environ.get("STEPS", "20")),
    phases=[Phase.generate] if __import__("os").environ.get("WALKS") else list(Phase),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


@pytest.fixture(scope="module")
def house(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with lika([registry], module_database, tmp_path_factory.mktemp("lika"), AFTER_EVERYTHING) as started:
        opened = House(started, module_database("audit"))
        yield opened
        opened.close()


def test_every_case_ends_and_everything_true_is_entered(house: House) -> None:
    def walk() -> Walk:
        Walk.house = house
        return Walk()

    run_state_machine_as_test(walk, settings=SETTINGS)
    for (act, result), times in sorted(house.counted.items()):
        print(act, result, times)
    for each in house.waited:
        print("WAITED", each)
