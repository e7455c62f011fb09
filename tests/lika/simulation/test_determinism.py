"""The same plan gives the same facts, in this process and in any other; another seed gives others."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest

from contracts.facts import Fact
from contracts.personal import Personal
from lika.simulation.months import simulated_months
from lika.simulation.plan import Plan
from lika.simulation.regulations import Regulations
from services.chassis.security.sealing import rewrite
from tests.lika.simulation.simulated_logs import regulations

SMALL = Plan(households=45, first=2014, last=2017, seed=5)


def digest(plan: Plan, rules: Regulations) -> str:
    """Over every batch: its place in the log, its facts with their plain values, and its claims."""
    sha = sha256()
    for month in simulated_months(plan, rules):
        for batch in month.batches:
            plain = [value.plain for fact in batch.facts for value in personal(fact)]
            sha.update(repr((month.recorded_on, batch, plain)).encode())
    return sha.hexdigest()


def personal(fact: Fact) -> list[Personal[str]]:
    values: list[Personal[str]] = []

    def see(value: Personal[str], *_: object) -> Personal[str]:
        values.append(value)
        return value

    rewrite(fact, see)
    return values


def test_a_plan_gives_the_same_facts_again() -> None:
    assert digest(SMALL, regulations()) == digest(SMALL, regulations())


@pytest.mark.long_run
def test_another_process_gives_the_same_facts_whatever_its_hash_seed() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", f"from {__name__} import *; print(digest(SMALL, regulations()))"],
            capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    assert digests == {digest(SMALL, regulations())}


def test_another_seed_gives_another_province() -> None:
    assert digest(SMALL, regulations()) != digest(Plan(households=45, first=2014, last=2017, seed=6), regulations())


@pytest.mark.parametrize(
    ("households", "first", "last"), [(0, 2014, 2016), (10, 2013, 2016), (10, 2016, 2015), (10, 2021, 2026)]
)
def test_a_plan_that_no_register_could_have_is_refused(households: int, first: int, last: int) -> None:
    with pytest.raises(ValueError, match=r"households|years"):
        Plan(households, first, last, 1)
