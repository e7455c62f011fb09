"""Killed anywhere, at random moments and under load, Lika loses no acknowledged command and repeats no effect."""

import os
import random
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from contracts.roles import Role
from tests.faults.house import House
from tests.support.eventually import eventually

VILLAGE = "990001101201"
KILLS = 200 if os.environ.get("LIKA_FAULTS") == "long" else 20
WORKERS = 4


@pytest.fixture
def house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="lika-faults-") as folder:
        Path(folder).chmod(0o711)  # the database's own account passes through
        living = House(Path(folder))
        living.start()
        try:
            yield living
        finally:
            living.stop()


class Cadre(threading.Thread):
    """Takes down one household after the other. A request without an answer is sent again, with the same key."""

    def __init__(self, house: House, number: int, answered: threading.Condition, stop: threading.Event) -> None:
        super().__init__(name=f"cadre-{number}", daemon=True)
        self._answered, self._enough = answered, stop
        token = house.token(self.name, VILLAGE, Role.CADRE)
        self._client = httpx.Client(base_url=house.url, timeout=10, headers={"Authorization": f"Bearer {token}"})
        self.acknowledged: dict[str, str] = {}
        self.repeated = 0
        self.refused: list[str] = []

    def run(self) -> None:
        while not self._enough.is_set():
            self._record(str(uuid4()))

    def _record(self, key: str) -> None:
        head = {"name": f"户主{key[:6]}", "sex": "female", "birth_year": 1969, "relation": "head"}
        body = {"division": VILLAGE, "effective_on": "2014-05-20", "national_no": key, "members": [head]}
        while True:
            try:
                answer = self._post(key, body)
            except httpx.HTTPError:
                self.repeated += 1
                self._enough.wait(0.02)
                continue
            if answer.status_code >= 500:
                self._enough.wait(0.02)
                continue
            with self._answered:
                if answer.status_code == 201:
                    self.acknowledged[key] = answer.json()["location"].rpartition("/")[2]
                else:
                    self.refused.append(answer.text)
                self._answered.notify_all()
            return

    def _post(self, key: str, body: dict[str, Any]) -> httpx.Response:
        return self._client.post("/registry/households", json=body, headers={"Idempotency-Key": key})


def test_twenty_kills_lose_nothing_and_repeat_nothing(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    _declare_village(house)
    answered, stop = threading.Condition(), threading.Event()
    cadres = [Cadre(house, n, answered, stop) for n in range(WORKERS)]
    for cadre in cadres:
        cadre.start()

    def acknowledged() -> int:
        return sum(len(c.acknowledged) for c in cadres)

    for kill in range(KILLS):
        enough = acknowledged() + chance.randrange(1, 40)
        with answered:
            assert answered.wait_for(lambda least=enough: acknowledged() >= least, 120), f"seed {seed}: stuck"  # type: ignore[misc]
        house.kill()
        if kill % 5 == 4:
            house.kill_database()
        house.start()
    stop.set()
    for cadre in cadres:
        cadre.join(120)

    commands = {key: household for c in cadres for key, household in c.acknowledged.items()}
    head = house.query("registry", "SELECT max(notification_id) FROM log")[0][0]
    eventually(lambda: house.query("audit", "SELECT position FROM cursors WHERE log = 'registry'") == [(head,)])
    found = dict(
        house.query(
            "registry",
            "SELECT c.key, right(l.originator_id, 36) FROM commands c JOIN log l USING (command_id)"
            " WHERE l.topic = 'HouseholdRecorded/1' AND l.originator_version = 1",
        )
    )
    effects = house.query("registry", "SELECT count(*) FROM log WHERE topic = 'HouseholdRecorded/1'")[0][0]
    copies = house.query("audit", "SELECT count(*), max(notification_id) FROM copies WHERE log = 'registry'")[0]
    with capsys.disabled():
        print(
            f"\nkills {KILLS} (seed {seed}) · commands acknowledged {len(commands)} · found {len(found)}"
            f" · effects {effects} · sent again {sum(c.repeated for c in cadres)} · audit copies {copies[0]}"
        )
    assert [c.refused for c in cadres] == [[]] * WORKERS
    assert commands.items() <= found.items(), "an acknowledged command is not in the log"
    assert effects == len(found), "a command took effect twice"
    assert house.query("registry", "SELECT count(*), max(notification_id) FROM log")[0] == (head, head)
    assert copies == (head, head)
    periods = house.query("registry", "SELECT count(DISTINCT household_id), count(*) FROM household_periods")
    assert periods == [(effects, effects)]


def _declare_village(house: House) -> None:
    token = house.token("operator", "", Role.OPERATOR)
    body = {"code": VILLAGE, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "declare-village"}
    httpx.post(f"{house.url}/registry/divisions", json=body, headers=headers).raise_for_status()
