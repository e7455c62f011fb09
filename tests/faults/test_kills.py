"""Killed under load, at random moments and at failpoints, Lika loses no acknowledged command and repeats no effect."""

import random

from tests.faults.conftest import ReportFigures
from tests.faults.kill_plan import LIKA_FAILPOINTS, LIKA_KILLS
from tests.faults.lika_invariants import check_lika
from tests.faults.lika_process import LikaProcess
from tests.faults.loan_clients import adopt_product, check_loans, lender
from tests.faults.money_clients import check_money, drafter, treasurer
from tests.faults.retrying_clients import Workload


def test_lika_killed_at_any_moment_loses_nothing_and_repeats_nothing(
    lika: LikaProcess, rng: random.Random, report: ReportFigures
) -> None:
    adopt_product(lika)
    lika.kill()
    money, works, lent = treasurer(lika), drafter(lika), lender(lika)
    with Workload(lika, others=(money, works, lent)) as workload:
        for kill in range(1, LIKA_KILLS):
            if kill % 2:
                lika.start(f"{rng.choice(LIKA_FAILPOINTS)}=kill:{rng.randint(1, 30)}")
                lika.wait_until_killed()
            else:
                lika.start()
                workload.wait_for_answers(rng.randint(1, 40))
                lika.kill()
            if kill % 3 == 0:
                lika.kill_database()
        lika.start()
        workload.wait_for_answers(10)
        # And PostgreSQL under the running program, which starts it again.
        lika.kill_database()
        workload.wait_for_answers(20)
    assert workload.unavailable().keys() <= {"database_unavailable", "unavailable"}, "an unexpected failure"
    report(check_lika(lika, workload))
    check_money(lika, money, works)
    check_loans(lika, lent)
