"""Two of everything on one database, one of them dying, standing still or waking up too late: each effect comes once."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.faults.conftest import OpenOffice, Tell
from tests.faults.invariants import settle, settled_findings
from tests.faults.kill_plan import HOUSE, KILLS_OF_TWINS, STANDSTILLS, visit
from tests.faults.processes import PATIENCE, Errands, Office


def test_two_processes_take_turns_with_the_same_commands_while_both_die_again_and_again(
    office: OpenOffice, chance: random.Random, tell: Tell
) -> None:
    # Both are asked everything, so each command comes to two leaders at once; both fire deadlines and digest facts.
    asked = Errands()
    one = office(errands=asked)
    twins = one, office(one, asked)
    orders = [
        [f"{point}=kill:{visit(point, chance)}" for point in chance.choices(HOUSE, k=KILLS_OF_TWINS)] for _ in twins
    ]

    together = Barrier(2)

    def live(twin: Office, deaths: list[str]) -> None:
        for order in deaths:
            twin.start(order)
            assert not twin.carry_out(10_000), f"nobody came by {order}"
        twin.start()
        together.wait(PATIENCE)
        assert twin.carry_out(30)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(live, twins, orders))
    assert asked.repeated > 0, "nothing was asked of both"
    tell({"asked twice": asked.repeated, **settled_findings(*twins)})


@pytest.mark.parametrize("point", STANDSTILLS)
def test_one_that_stands_still_there_holds_nobody_up_and_does_no_harm_when_it_wakes(
    point: str, office: OpenOffice, chance: random.Random, tell: Tell
) -> None:
    sleeper = office()
    other = office(sleeper, Errands("other")).start()
    sleeper.start(f"{point}=stop:{chance.randint(1, 4)}")
    assert sleeper.busy_until(sleeper.stands_still)
    assert other.carry_out(30)
    settle(other)
    assert sleeper.stands_still()
    sleeper.wake()
    assert sleeper.carry_out(10)
    tell({"standstills": 1, **settled_findings(sleeper, other)})
