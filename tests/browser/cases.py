"""Households and cases of a test's own, made over the interface as their cadre makes them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from lika.demo.divisions import VILLAGES
from lika.demo.officials import Official, village_cadre
from services.chassis.ground.clock import SystemClock
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token
from tests.browser.conftest import SampleHouse

VILLAGE = VILLAGES[0]
CADRE = village_cadre(VILLAGE.code)
MINUTES = {"kind": "minutes", "held_on_paper": True}
VOTES = {"entitled": 60, "present": 45, "in_favour": 40, "against": 3, "abstained": 2}


@dataclass(frozen=True)
class Clerk:
    """Somebody at the interface itself."""

    house: SampleHouse
    official: Official

    def asked(self, method: str, path: str, body: Any = None) -> Any:
        key = LocalKey.at(self.house.folder / "keys" / SIGNING_KEY)
        token = issue_token(
            key, subject=self.official.subject, roles=[self.official.role], division=self.official.division,
            ttl=timedelta(minutes=5), now=SystemClock().now(),
        )  # fmt: skip
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        answer = httpx.request(method, f"{self.house.url}{path}", json=body, headers=headers, timeout=30)
        assert answer.is_success, answer.text
        return answer.json()

    def opened_case(self, name: str) -> str:
        """The path of an identification that waits for its appraisal, about a household of this name's."""
        member = {"name": name, "sex": "male", "birth_year": 1970, "relation": "head"}
        household = {"effective_on": "2017-12-01", "division": VILLAGE.code, "members": [member]}
        subject = self.asked("POST", "/registry/households", household)["location"].rpartition("/")[2]
        opening = {"on": "2017-12-05", "subject": subject, "procedure": "identification", "grounds": "农户申请"}
        case: str = self.asked("POST", "/registry/cases", opening)["location"]
        self.asked("POST", f"{case}/visits", {"on": "2017-12-06", "confirmed": True})
        return case

    def posted_notice(self, name: str, on: str) -> str:
        """The path of a case whose notice hangs since then."""
        case = self.opened_case(name)
        self.asked("POST", f"{case}/appraisals", {"on": "2017-12-08", **VOTES, "evidence": [MINUTES]})
        self.asked("POST", f"{case}/notices", {"on": on})
        return case
