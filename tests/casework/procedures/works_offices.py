"""The offices through which works projects pass, as HTTP clients."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from contracts.roles import Role
from tests.casework.procedures.works_projects import VILLAGE, ProjectApproved, ProjectProposed, stream_of, works
from tests.support.evidence import on_paper
from tests.support.running import ApiClient, Lika, all_items, lika

TOWNSHIP, COUNTY = VILLAGE[:9], VILLAGE[:6]
MINUTES = {"evidence": on_paper("minutes")}
VOTES = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0, **MINUTES}
DOCUMENT = {"approved": True, "organ": "县发改局", "document_no": "发改〔2015〕7号", "signer": "局长"}


@contextmanager
def works_of_2015(database: Callable[[str], str], folder: Path) -> Iterator[Lika]:
    """The service at the end of the year: everything is entered late, and a notice would be closed before the next request.
    Timers fire when a test says so."""
    with lika([works], database, folder, simulated_from=datetime(2015, 12, 31, 1, tzinfo=UTC)) as started:
        started.services["casework"].timers.halt()
        yield started


def done(answer: Any) -> Any:
    assert answer.status_code == 201, answer.json()
    return answer


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


class Offices:
    def __init__(self, running: Lika) -> None:
        self.village = running.client_for("v", VILLAGE, Role.CADRE)
        self.township = running.client_for("t", TOWNSHIP, Role.CADRE)
        self.finance = running.client_for("f", TOWNSHIP, Role.REVIEWER)
        self.county = running.client_for("c", COUNTY, Role.REVIEWER)
        self.inspector = running.client_for("i", COUNTY, Role.REVIEWER)
        self.leader = running.client_for("l", COUNTY, Role.DECIDER)
        self.decider = running.client_for("d", COUNTY, Role.DECIDER)
        self._store = running.services["casework"].store

    def project(self) -> UUID:
        project = uuid4()
        proposed = ProjectProposed(
            effective_on=date(2015, 2, 1), entered_by="planner", project_id=project, division=VILLAGE
        )
        self._store.transact(lambda tx: tx.append(stream_of(project), proposed))
        return project

    def open_case(self, on: str = "2015-03-02") -> str:
        body = {"subject": str(self.project()), "procedure": "project_approval", "on": on, "grounds": "路面破损"}
        return str(done(self.village.post("/casework/cases", body)).headers["Location"])

    def facts(self, case: str) -> list[Any]:
        return [r.fact for r in self._store.stream(f"case-{case.rpartition('/')[2]}")]

    def approvals(self, case: str) -> list[Any]:
        subject = UUID(self.village.get(case).json()["subject"])
        return [r.fact for r in self._store.stream(stream_of(subject)) if isinstance(r.fact, ProjectApproved)]


def steps(client: ApiClient, case: str) -> dict[str, Any]:
    return {step["key"]: step for step in client.get(f"{case}/steps").json()["steps"]}


def waiting(client: ApiClient, case: str, **params: str) -> tuple[Any, ...]:
    """Kind, act and whether they may, of this case's entry in somebody's inbox."""
    case_id = case.rpartition("/")[2]
    entry = next(e for e in all_items(client, "/casework/inbox", **params) if e["id"] == case_id)
    return entry["kind"], entry["act"] and entry["act"]["operation"], entry["may"]
