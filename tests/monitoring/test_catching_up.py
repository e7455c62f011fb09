"""What is read from monitoring while it catches up with the register says so, and how far it is."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import httpx
import pytest

from services.chassis.web.provisional import HEADER
from services.monitoring.service import monitoring
from tests.monitoring.registry_stub import exited_household, record_facts, registry_stub
from tests.monitoring.targets.test_api import TARGETS, created, planner
from tests.monitoring.work_list import request_body
from tests.support.eventually import eventually
from tests.support.running import Lika, lika

HOUSEHOLDS = 350
"""Three facts each: more than a batch."""


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    with lika([registry_stub, monitoring], database, tmp_path, datetime(2016, 11, 20, 2, tzinfo=UTC)) as started:
        yield started


def test_figures_read_while_much_waits_are_provisional(running: Lika) -> None:
    target = created(planner(running), TARGETS, request_body("W8"))
    reader = {"Authorization": f"Bearer {planner(running).token}"}

    def read(path: str = target) -> httpx.Response:
        answer: httpx.Response = running.client.get(path, headers=reader)  # without waiting for anything
        return answer

    eventually(lambda: HEADER not in read().headers)
    with running.services["monitoring"].store.reading() as held, held.transaction():
        held.execute("LOCK TABLE cursors IN EXCLUSIVE MODE")
        record_facts(running, [*chain(*(exited_household(n, 4, date(2016, 11, 10)) for n in range(HOUSEHOLDS)))])
        head = running.positions["registry"]
        provisional = eventually(lambda: read().headers.get(HEADER))
        reached, _, end = provisional.removeprefix("registry=").partition("/")
        assert (int(reached) < head, int(end)) == (True, head)
        assert read().json()["progress"]["households"]["done"] == 0
        assert HEADER in read(TARGETS).headers
        assert HEADER not in read("/monitoring/log/head").headers
    answer = planner(running).get(target)  # waits for the register's position
    assert answer.json()["progress"]["households"]["done"] == HOUSEHOLDS
    eventually(lambda: HEADER not in read().headers)
