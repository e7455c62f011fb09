"""Facts that cannot be digested, while the process dies of something else: their households wait, the others go on."""

import random

from tests.faults.conftest import OpenOffice, Tell
from tests.faults.invariants import query, settle, settled_findings
from tests.faults.kill_plan import LONG, visit


def test_sick_households_wait_and_the_others_go_on_whenever_it_dies(
    office: OpenOffice, chance: random.Random, tell: Tell
) -> None:
    ill = office()
    ill.errands.sick = lambda: chance.random() < 0.1
    for _ in range(20 if LONG else 2):
        point = chance.choice(("consume.read", "consume.moved", "consume.applied", "consume.committed"))
        ill.start(f"{point}=kill:{visit(point, chance)}")
        assert not ill.carry_out(10_000), f"nobody came by {point}"
    ill.start()
    assert ill.busy_until(lambda: query(ill.premises.reader, "SELECT FROM parked LIMIT 1") != [])
    assert ill.carry_out(20)
    settle(ill)
    ((parked,),) = query(ill.premises.reader, "SELECT count(DISTINCT subject) FROM parked")
    tell({"households parked": parked, **settled_findings(ill)})
