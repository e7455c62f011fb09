"""HTTP clients under load: each sends one command after the other and retries it, with the same idempotency key, until it
is answered."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Protocol, Self
from uuid import uuid4

import httpx

from contracts.roles import Role
from tests.monitoring.work_list import TOWNSHIP, request_body

VILLAGE = "990001101201"
READ_BACK = 0.1
"""Share of the commands whose effect is read back."""
RETRY_PAUSE = 0.02
"""Seconds between two attempts while Lika does not answer."""


class Addressed(Protocol):
    """A running Lika: the addresses of its replicas, and tokens that they accept."""

    @property
    def urls(self) -> Sequence[str]: ...

    def token(self, subject: str, division: str, *roles: Role) -> str: ...


Request = tuple[str, dict[str, Any]]


def household_request(key: str) -> Request:
    """A new household."""
    head = {"name": f"户主{key[:6]}", "sex": "female", "birth_year": 1969, "relation": "head"}
    form = {"division": VILLAGE, "effective_on": "2014-05-20", "national_no": key, "members": [head]}
    return "/registry/households", form


def target_request(key: str) -> Request:
    """A target whose deadline passed years ago, so that its timer is due at once."""
    return "/monitoring/targets", dict(request_body("W1", item=key))


class RetryingClient(threading.Thread):
    """``acknowledged``: idempotency key → id of what was created, ``acknowledged_at`` when; ``refused``: bodies of 4xx
    answers; ``unavailable``: how often each code came with a 503. Each attempt goes to any of the replicas, and what was
    created is read back from any, one time in ten: ``unseen`` names what was not there."""

    def __init__(
        self, lika: Addressed, name: str, division: str, role: Role, make_request: Callable[[str], Request]
    ) -> None:
        super().__init__(name=name, daemon=True)
        token = lika.token(name, division, role)
        self._lika = lika
        self._client = httpx.Client(timeout=60, headers={"Authorization": f"Bearer {token}"})
        self._make_request, self._random = make_request, random.Random(name)
        self.unseen: list[str] = []
        self.acknowledged_at: list[float] = []
        self.stopped, self.answered = threading.Event(), threading.Condition()
        self.acknowledged: dict[str, str] = {}
        self.refused: list[str] = []
        self.retries = 0
        self.unavailable: Counter[str] = Counter()

    def run(self) -> None:
        while not self.stopped.is_set():
            self._send_until_answered(str(uuid4()))

    def _send_until_answered(self, key: str) -> None:
        path, form = self._make_request(key)
        while not self._send(key, path, form):
            self.retries += 1
            self.stopped.wait(RETRY_PAUSE)

    def _send(self, key: str, path: str, form: dict[str, Any]) -> bool:
        try:
            answer = self._client.post(self._address() + path, json=form, headers={"Idempotency-Key": key})
        except httpx.HTTPError:
            return False
        with self.answered:
            if answer.status_code >= 500:
                self.unavailable[answer.json()["code"]] += 1
            elif answer.status_code == 201:
                self.acknowledged[key] = answer.json()["location"].rpartition("/")[2]
                self.acknowledged_at.append(time.monotonic())
            else:
                self.refused.append(answer.text)
            self.answered.notify_all()
        if answer.status_code == 201 and self._random.random() < READ_BACK:
            while not self._read_back(answer.json()["location"], answer.headers["Lika-Position"]):
                self.stopped.wait(RETRY_PAUSE)
        return answer.status_code < 500

    def _read_back(self, location: str, position: str) -> bool:
        try:
            answer = self._client.get(self._address() + location, headers={"Lika-Position": position})
        except httpx.HTTPError:
            return False
        if 400 <= answer.status_code < 500:
            self.unseen.append(f"{location}: {answer.text}")
        return answer.status_code < 500

    def _address(self) -> str:
        return self._random.choice(self._lika.urls)


class Workload:
    """While entered, some clients record households and one sets targets; ``others`` send what they will."""

    def __init__(self, lika: Addressed, cadres: int = 3, others: Sequence[RetryingClient] = ()) -> None:
        self.cadres = [
            RetryingClient(lika, f"cadre-{n}", VILLAGE, Role.CADRE, household_request) for n in range(cadres)
        ]
        self.planner = RetryingClient(lika, "planner", TOWNSHIP, Role.REVIEWER, target_request)
        self.clients = [*self.cadres, self.planner, *others]
        self.answered, self.stopped = threading.Condition(), threading.Event()
        for client in self.clients:
            client.answered, client.stopped = self.answered, self.stopped

    def __enter__(self) -> Self:
        for client in self.clients:
            client.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Send nothing new; retry what is pending until it is answered."""
        self.stopped.set()
        for client in self.clients:
            client.join(120)

    def acknowledged(self) -> int:
        return sum(len(client.acknowledged) for client in self.clients)

    def refusals(self) -> list[str]:
        return [text for client in self.clients for text in client.refused]

    def longest_gap(self, since: float) -> float:
        """Seconds for which nothing was acknowledged, at the longest, from an instant of the monotonic clock on."""
        times = sorted(at for client in self.clients for at in client.acknowledged_at if at > since)
        return max(later - earlier for earlier, later in pairwise([since, *times]))

    def unseen(self) -> list[str]:
        return [what for client in self.clients for what in client.unseen]

    def unavailable(self) -> Counter[str]:
        return sum((client.unavailable for client in self.clients), Counter())

    def wait_for(self, condition: Callable[[], bool], within: float = 120) -> None:
        """Wait for a condition that is checked after each answer."""
        with self.answered:
            assert self.answered.wait_for(condition, within), f"not within {within} seconds"

    def wait_for_answers(self, more: int) -> None:
        """Wait until so many more commands have been acknowledged."""
        goal = self.acknowledged() + more
        self.wait_for(lambda: self.acknowledged() >= goal)
