"""The other services that take evidence: files of their own, under keys of the one vault, about subjects of their own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.assistance.service import assistance
from services.monitoring.service import monitoring
from tests.assistance.harness import COUNTY, NEXT_VILLAGE, TOWNSHIP, VILLAGE, AssistanceHarness, Family, registry_stub
from tests.registry.households.example_requests import status_and_code
from tests.support.evidence import PDF, upload, uploaded
from tests.support.running import ApiClient, Lika, lika

SET = {
    "division": TOWNSHIP, "year": 2014, "work_list": "2014年具体工作安排", "item": "W1", "content": "村道公路改建",
    "lines": [{"amount": "3", "unit": "km", "place": "青龙咀村", "direction": "at_least"}], "deadline": "2014-12-31",
    "owners": [{"label": "R1"}], "effective_on": "2014-06-01",
}  # fmt: skip
VOTES = {"entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0}


def read(person: ApiClient, service: str, evidence: list[dict[str, Any]]) -> Any:
    return person.get(f"/{service}/evidence/{evidence[0]['file']['id']}/content", purpose="case")


class TestAssistance:
    @pytest.fixture
    def harness(self, database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
        with lika([registry_stub, assistance], database, tmp_path, datetime(2014, 9, 1, 1, tzinfo=UTC)) as running:
            yield AssistanceHarness(running)

    def test_a_pupils_minutes_are_uploaded_cited_and_read_by_the_township(self, harness: AssistanceHarness) -> None:
        family = Family.new()
        harness.record(family.recorded("2014-05-01"), family.enrolled("2014-06-01"))
        body = {"subject": str(family.pupil.person_id), "procedure": "education_aid", "grounds": "在校学生"}
        application = harness.cadre.post("/assistance/cases", {**body, "on": "2014-09-01"}).headers["Location"]
        evidence = uploaded(harness.cadre, "assistance", subjects=[family.pupil.person_id])
        appraisal = {"on": "2014-09-01", **VOTES}
        answer = harness.cadre.post(f"{application}/appraisals", {**appraisal, "evidence": evidence})
        assert answer.status_code == 201, answer.text
        assert read(harness.reviewer, "assistance", evidence).content == PDF
        next_door = harness.running.client_for("cadre-2", NEXT_VILLAGE, Role.CADRE)
        assert status_and_code(read(next_door, "assistance", evidence)) == (404, "not_found")
        unknown = [{"kind": "minutes", "file": {"id": str(uuid4()), "sha256": "0" * 64}}]
        answer = harness.cadre.post(f"{application}/notices", {"on": "2014-09-01", "evidence": unknown})
        assert status_and_code(answer) == (409, "evidence_unknown")

    def test_the_registrys_evidence_is_not_assistances(self, harness: AssistanceHarness) -> None:
        (evidence,) = uploaded(harness.cadre, "assistance")
        assert harness.cadre.get(f"/assistance/evidence/{evidence['file']['id']}").status_code == 200
        answer = upload(harness.cadre, "assistance", subjects=[uuid4()])
        assert status_and_code(answer) == (409, "evidence_subject_unknown")


class TestMonitoring:
    @pytest.fixture
    def running(self, database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
        with lika([registry_stub, monitoring], database, tmp_path, datetime(2014, 6, 1, 1, tzinfo=UTC)) as started:
            yield started

    def test_an_acceptance_is_uploaded_by_one_and_cited_by_another(self, running: Lika) -> None:
        planner = running.client_for("reviewer-1", TOWNSHIP, Role.REVIEWER)
        reporter = running.client_for("cadre-1", TOWNSHIP, Role.CADRE)
        target = planner.post("/monitoring/targets", SET).headers["Location"]
        milestone = {"effective_on": "2014-06-01", "content": "路基完工", "due_on": "2014-10-31"}
        assert planner.post(f"{target}/milestones", milestone).status_code == 201
        acceptance = uploaded(reporter, "monitoring", kind="acceptance", subjects=[target.rpartition("/")[2]])
        reached = {"effective_on": "2014-06-01", "evidence": acceptance}
        village = running.client_for("cadre-9", VILLAGE, Role.CADRE)
        assert status_and_code(read(village, "monitoring", acceptance)) == (404, "not_found")
        county = running.client_for("reviewer-9", COUNTY, Role.REVIEWER)
        assert county.post(f"{target}/milestones/1/reached", reached).status_code == 201
        assert read(county, "monitoring", acceptance).content == PDF
