"""Poison facts, while the process is killed for other reasons: their households are parked, the others go on."""

import random

import pytest

from tests.faults.conftest import MakeService, ReportFigures
from tests.faults.invariants import query, settle, settle_and_check
from tests.faults.kill_plan import random_hit


@pytest.mark.long_run
def test_poisoned_households_are_parked_and_the_others_go_on_whenever_it_is_killed(
    make_service: MakeService, rng: random.Random, report: ReportFigures
) -> None:
    service = make_service()
    service.commands.next_is_poison = lambda: rng.random() < 0.1
    for _ in range(20):
        point = rng.choice(("consume.read", "consume.moved", "consume.applied", "consume.committed"))
        service.start(f"{point}=kill:{random_hit(point, rng)}")
        assert not service.complete(10_000), f"no process hit {point}"
    service.start()
    assert service.run_until(lambda: query(service.deployment.reader, "SELECT FROM parked LIMIT 1") != [])
    assert service.complete(20)
    settle(service)
    ((parked,),) = query(service.deployment.reader, "SELECT count(DISTINCT subject) FROM parked")
    report({"households parked": parked, **settle_and_check(service)})
