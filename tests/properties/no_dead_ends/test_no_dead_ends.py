"""Nothing is a dead end: wherever officials have come, every case, report and proposed move can be ended, and everything true can be
entered and everything untrue mended, by doing what refusals say is next.

``LIKA_FAULTS=long`` walks much further, another way each time; a failure prints how to reproduce it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from services.registry.service import registry
from tests.properties.no_dead_ends.house import House
from tests.properties.no_dead_ends.walk import Walk
from tests.support.long_run import LONG
from tests.support.reported_figures import FIGURES
from tests.support.running import lika

AFTER_EVERYTHING = datetime(2022, 6, 1, 1, tzinfo=UTC)
SETTINGS = settings(
    deadline=None, derandomize=not LONG, print_blob=True, database=None,
    max_examples=150 if LONG else 2, stateful_step_count=40 if LONG else 20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
ALWAYS = {
    "record_household", "join_member", "open_case identification", "make_visit", "hold_appraisal", "post_notice",
    "give_review", "make_comparison", "decide_case", "announce_case",
}  # fmt: skip
IN_THE_LONG_RUN = {
    "record_death", "record_departure", "split_household", "move_household", "accept_move",
    "decline_move", "correct_recording", "correct_facts", "open_case exit", "open_case return",
    "open_case look_back_removal", "open_case correction", "open_case identity_correction", "change_head", "give_consent", "withdraw_case",
}  # fmt: skip


@pytest.fixture(scope="module")
def house(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with lika([registry], module_database, tmp_path_factory.mktemp("lika"), AFTER_EVERYTHING) as started:
        opened = House(started, module_database("audit"))
        yield opened
        opened.close()


def test_every_case_ends_and_everything_true_is_entered(
    house: House, record_property: Callable[[str, object], None]
) -> None:
    Walk.house = house
    run_state_machine_as_test(Walk, settings=SETTINGS)
    never = {act for act in ALWAYS | (IN_THE_LONG_RUN if LONG else set()) if not house.counted[act, "accepted"]}
    assert never == set(), house.counted
    assert house.waited == []
    if LONG:
        record_property(FIGURES, {f"{act} {result}": times for (act, result), times in sorted(house.counted.items())})
