"""Documents that take force, are replaced and withdrawn while cases run under them; and a house whose files are gone."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from services.chassis.law.content import canonical_text, content_of
from services.registry.service import FIRST_TEXTS, registry
from tests.support.running import ApiClient, Lika, lika

COUNTY, OTHER_COUNTY = "990001", "990002"
VILLAGE, OTHER_VILLAGE = f"{COUNTY}101201", f"{OTHER_COUNTY}101201"
MINUTES = [{"sha256": "0" * 64, "kind": "minutes", "name": "民主评议记录"}]
VOTE = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, "evidence": MINUTES}
DOCUMENTS = "/registry/documents"
STARTS = datetime(2014, 5, 1, tzinfo=UTC)


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    with lika([registry], database, tmp_path, STARTS) as started:
        for village in (VILLAGE, OTHER_VILLAGE):
            body = {"code": village, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
            accepted(started.client_for("op-1", "", Role.OPERATOR).post("/registry/divisions", body))
        yield started


def accepted(answer: Any) -> str:
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def advance_to(running: Lika, day: str) -> None:
    stepped = running.client_for("op-1", "", Role.OPERATOR).post(
        "/registry/clock/steps", {"to": f"{day}T09:00:00+08:00"}
    )
    assert stepped.status_code == 201, stepped.text


def edition(name: str, *, days: int, since: str = "2014-01-01", place: str = COUNTY) -> str:
    """The shipped identification, with other days of notice."""
    (shipped,) = [fact.content for fact in FIRST_TEXTS.proposals if fact.key == "identification"]
    content = content_of(shipped)
    steps = tuple({**step, "days": days} if step["kind"] == "notice" else step for step in content["steps"])
    term = {"from": date.fromisoformat(since), "to": None}
    return canonical_text({**content, "edition": name, "jurisdiction": place, "in_force": term, "steps": steps})


def adopt(running: Lika, content: str, area: str = COUNTY) -> str:
    document = accepted(running.client_for("op-a", area, Role.OPERATOR).post(DOCUMENTS, {"content": content}))
    return confirm(running, document, area)


def confirm(running: Lika, document: str, area: str = COUNTY) -> str:
    accepted(running.client_for("op-b", area, Role.OPERATOR).post(f"{document}/confirmations"))
    return document.removeprefix("/")


def withdraw(running: Lika, document: str, area: str = COUNTY) -> None:
    client = running.client_for("op-a", area, Role.OPERATOR)
    accepted(client.post(f"/{document}/withdrawals", {"reason": "依据有误"}))
    confirm(running, f"/{document}", area)


def cadre(running: Lika, village: str) -> ApiClient:
    return running.client_for(f"cadre-{village[5]}", village, Role.CADRE)


def opened(running: Lika, village: str, on: str) -> str:
    client = cadre(running, village)
    head = {"name": "王某", "sex": "male", "birth_year": 1970, "relation": "head"}
    body = {"division": village, "effective_on": "2014-05-01", "members": [head]}
    household = accepted(client.post("/registry/households", body)).rpartition("/")[2]
    case = {"household_id": household, "procedure": "identification", "on": on, "grounds": "情况属实"}
    return accepted(client.post("/registry/cases", case))


def posted(running: Lika, case: str, on: str) -> str:
    """Visited, appraised and posted on that day; the day on which the notice may be closed."""
    client = cadre(running, VILLAGE if village_of(running, case) == VILLAGE else OTHER_VILLAGE)
    accepted(client.post(f"{case}/visits", {"on": on, "confirmed": True}))
    accepted(client.post(f"{case}/appraisals", {"on": on, **VOTE}))
    accepted(client.post(f"{case}/notices", {"on": on}))
    return str(client.get(case).json()["notice_ends"])


def village_of(running: Lika, case: str) -> str:
    return str(running.client_for("auditor", "", Role.AUDITOR).get(case).json()["division"])


def test_a_county_s_edition_replaces_the_national_one_in_its_area_without_a_release(running: Lika) -> None:
    advance_to(running, "2014-05-10")
    before = opened(running, VILLAGE, "2014-05-10")
    adopt(running, edition("990001-2014", days=10, since="2014-05-11"))
    advance_to(running, "2014-05-11")
    eve = opened(running, VILLAGE, "2014-05-10")
    after, elsewhere = opened(running, VILLAGE, "2014-05-11"), opened(running, OTHER_VILLAGE, "2014-05-11")
    ends = [posted(running, case, "2014-05-11") for case in (before, eve, after, elsewhere)]
    assert ends == ["2014-05-19", "2014-05-19", "2014-05-22", "2014-05-19"]
    editions = [running.client_for("auditor", "", Role.AUDITOR).get(case).json()["edition"] for case in
                (before, eve, after, elsewhere)]  # fmt: skip
    assert editions == ["2014", "2014", "990001-2014", "2014"]
