"""The same plan tells the same facts, in this process and in any other; another seed tells others."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest

from contracts.facts import Fact
from contracts.personal import Personal
from lika.simulation.months import months
from lika.simulation.plan import Plan
from lika.simulation.regulations import Law
from services.chassis.security.sealing import rewrite
from tests.lika.simulation.simulated_logs import law

SMALL = Plan(households=45, first=2014, last=2017, seed=5)


def digest(plan: Plan, rules: Law) -> str:
    """Over every act: where it stands, what it says in plain, and what it claims."""
    found = sha256()
    for month in months(plan, rules):
        for act in month.acts:
            plain = [value.plain for fact in act.facts for value in personal(fact)]
            found.update(repr((month.recorded_on, act, plain)).encode())
    return found.hexdigest()


def personal(fact: Fact) -> list[Personal[str]]:
    values: list[Personal[str]] = []

    def see(value: Personal[str], *_: object) -> Personal[str]:
        values.append(value)
        return value

    rewrite(fact, see)
    return values


def test_a_plan_is_told_the_same_again() -> None:
    assert digest(SMALL, law()) == digest(SMALL, law())


def test_another_process_tells_the_same_whatever_its_hashes() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", f"from {__name__} import *; print(digest(SMALL, law()))"],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert told == {digest(SMALL, law())}


def test_another_seed_is_another_province() -> None:
    assert digest(SMALL, law()) != digest(Plan(households=45, first=2014, last=2017, seed=6), law())


@pytest.mark.parametrize(
    ("households", "first", "last"), [(0, 2014, 2016), (10, 2013, 2016), (10, 2016, 2015), (10, 2021, 2026)]
)
def test_a_plan_that_no_register_could_have_is_refused(households: int, first: int, last: int) -> None:
    with pytest.raises(ValueError, match=r"households|years"):
        Plan(households, first, last, 1)
