"""Killed anywhere, at random moments and between its steps, under load, Lika loses no acknowledged command and repeats
no effect."""

import random

from tests.faults.conftest import Tell
from tests.faults.kill_plan import HOUSE, KILLS_OF_THE_HOUSE
from tests.faults.lika_invariants import house_findings
from tests.faults.lika_process import House
from tests.faults.retrying_clients import Officials


def test_killed_at_any_moment_the_house_loses_nothing_and_repeats_nothing(
    house: House, chance: random.Random, tell: Tell
) -> None:
    house.kill()
    with Officials(house) as officials:
        for kill in range(1, KILLS_OF_THE_HOUSE):
            if kill % 2:
                house.start(f"{chance.choice(HOUSE)}=kill:{chance.randint(1, 30)}")
                house.wait_for_death()
            else:
                house.start()
                officials.wait_for_answers(chance.randint(1, 40))
                house.kill()
            if kill % 3 == 0:
                house.kill_database()
        house.start()
        officials.wait_for_answers(10)
        # And the database under the living house, which starts it again.
        house.kill_database()
        officials.wait_for_answers(20)
    assert officials.unavailable().keys() <= {"database_unavailable", "unavailable"}, "an incident"
    tell(house_findings(house, officials))
