"""Officials at work over HTTP: each asks for one thing after the other, and asks again, with the same key, until it has
an answer."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

from contracts.roles import Role
from tests.faults.lika_process import House
from tests.monitoring.work_list import TOWNSHIP, body

VILLAGE = "990001101201"
PAUSE = 0.02
"""Seconds between two attempts while the house is away."""

Request = tuple[str, dict[str, Any]]


def household(key: str) -> Request:
    """A household nobody has seen before."""
    head = {"name": f"户主{key[:6]}", "sex": "female", "birth_year": 1969, "relation": "head"}
    wanted = {"division": VILLAGE, "effective_on": "2014-05-20", "national_no": key, "members": [head]}
    return "/registry/households", wanted


def target(key: str) -> Request:
    """A target whose deadline passed years ago: it is overdue as soon as somebody looks."""
    return "/monitoring/targets", dict(body("W1", item=key))


class Official(threading.Thread):
    """``acknowledged``: key → where the effect is; ``refused`` for good; ``unavailable``: codes of the 503s heard."""

    def __init__(self, house: House, name: str, division: str, role: Role, wish: Callable[[str], Request]) -> None:
        super().__init__(name=name, daemon=True)
        token = house.token(name, division, role)
        self._client = httpx.Client(base_url=house.url, timeout=60, headers={"Authorization": f"Bearer {token}"})
        self._wish = wish
        self.enough, self.answered = threading.Event(), threading.Condition()
        self.acknowledged: dict[str, str] = {}
        self.refused: list[str] = []
        self.repeated = 0
        self.unavailable: Counter[str] = Counter()

    def run(self) -> None:
        while not self.enough.is_set():
            self._ask(str(uuid4()))

    def _ask(self, key: str) -> None:
        path, wanted = self._wish(key)
        while not self._settled(key, path, wanted):
            self.repeated += 1
            self.enough.wait(PAUSE)

    def _settled(self, key: str, path: str, wanted: dict[str, Any]) -> bool:
        try:
            answer = self._client.post(path, json=wanted, headers={"Idempotency-Key": key})
        except httpx.HTTPError:
            return False
        with self.answered:
            if answer.status_code >= 500:
                self.unavailable[answer.json()["code"]] += 1
            elif answer.status_code == 201:
                self.acknowledged[key] = answer.json()["location"].rpartition("/")[2]
            else:
                self.refused.append(answer.text)
            self.answered.notify_all()
        return answer.status_code < 500


class Officials:
    """Three cadres who take down households, and a planner who sets targets, while they are entered."""

    def __init__(self, house: House) -> None:
        self.cadres = [Official(house, f"cadre-{n}", VILLAGE, Role.CADRE, household) for n in range(3)]
        self.planner = Official(house, "planner", TOWNSHIP, Role.REVIEWER, target)
        self.all = [*self.cadres, self.planner]
        self.answered, self.enough = threading.Condition(), threading.Event()
        for official in self.all:
            official.answered, official.enough = self.answered, self.enough

    def __enter__(self) -> "Officials":
        for official in self.all:
            official.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing new is asked; what is open is asked until it is answered."""
        self.enough.set()
        for official in self.all:
            official.join(120)

    def acknowledged(self) -> int:
        return sum(len(official.acknowledged) for official in self.all)

    def refusals(self) -> list[str]:
        return [text for official in self.all for text in official.refused]

    def unavailable(self) -> Counter[str]:
        return sum((official.unavailable for official in self.all), Counter())

    def wait_for(self, condition: Callable[[], bool], within: float = 120) -> None:
        """Until something holds that an answer can bring about."""
        with self.answered:
            assert self.answered.wait_for(condition, within), f"not within {within} seconds"

    def wait_for_answers(self, more: int) -> None:
        """Until so many more commands have been acknowledged."""
        goal = self.acknowledged() + more
        self.wait_for(lambda: self.acknowledged() >= goal)
