"""Two instances of a service on one database, one of which is killed, stopped or resumed too late: each effect occurs once."""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.faults.conftest import MakeService, ReportFigures
from tests.faults.invariants import settle, settle_and_check
from tests.faults.kill_plan import KILLS_PER_INSTANCE, LIKA_FAILPOINTS, PAUSE_FAILPOINTS, random_hit
from tests.faults.processes import TIMEOUT, CommandTracker, ServiceProcess


def test_two_instances_with_the_same_commands_are_both_killed_again_and_again(
    make_service: MakeService, rng: random.Random, report: ReportFigures
) -> None:
    # Both get every command, so each comes to two leaders at once; both fire timers and consume facts.
    commands = CommandTracker()
    one = make_service(commands=commands)
    instances = one, make_service(one, commands)
    failpoints = [
        [f"{point}=kill:{random_hit(point, rng)}" for point in rng.choices(LIKA_FAILPOINTS, k=KILLS_PER_INSTANCE)]
        for _ in instances
    ]

    both_started = Barrier(2)

    def run(instance: ServiceProcess, own_failpoints: list[str]) -> None:
        for failpoint in own_failpoints:
            instance.start(failpoint)
            assert not instance.complete(10_000), f"no process hit {failpoint}"
        instance.start()
        both_started.wait(TIMEOUT)
        assert instance.complete(30)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, instances, failpoints))
    assert commands.retries > 0, "no command was sent to both"
    report({"sent to both": commands.retries, **settle_and_check(*instances)})


@pytest.mark.parametrize("point", PAUSE_FAILPOINTS)
def test_a_process_stopped_there_blocks_nobody_and_does_no_harm_when_resumed(
    point: str, make_service: MakeService, rng: random.Random, report: ReportFigures
) -> None:
    stopped = make_service()
    other = make_service(stopped, CommandTracker("other")).start()
    stopped.start(f"{point}=stop:{rng.randint(1, 4)}")
    assert stopped.run_until(stopped.is_stopped)
    assert other.complete(30)
    settle(other)
    assert stopped.is_stopped()
    stopped.resume()
    assert stopped.complete(10)
    report({"processes stopped": 1, **settle_and_check(stopped, other)})
