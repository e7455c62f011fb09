"""A programme is explained and tried on the register before anybody proposes it, and nothing is recorded."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from lika.operations import programmes
from lika.operations.documents.house import HouseDocuments
from services.assistance.document_kinds import FIRST_TEXTS
from services.chassis.law.content import canonical_text
from services.chassis.law.yaml_text import DocumentFileError, YamlText
from services.chassis.web.cli_client import House
from tests.assistance.harness import COUNTY, AssistanceHarness, Family, assistance_harness
from tests.assistance.programmes.test_documents import TEXT

EDUCATION_AID = FIRST_TEXTS.folder / "programmes" / "education_aid-99-2014.yaml"
OF_HOUSEHOLDS = TEXT.replace("unit: person", "unit: household").replace("  - {is: aged, least: 60}\n", "")


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("trials"), "2021-09-02") as started:
        boarder, day_pupil = Family.new(), Family.new(SchoolStage.JUNIOR, boarder=False)
        for family in (boarder, day_pupil):
            started.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
        started.record(Family.new().recorded("2014-01-05"))
        yield started


def test_a_trial_counts_the_reasons_and_records_nothing(harness: AssistanceHarness) -> None:
    head = harness.assistance.recorder.max_notification_id()
    content = canonical_text(YamlText.of(EDUCATION_AID).content)
    found = harness.operator.post("/assistance/programmes/trials", {"content": content}).json()
    counted = {each["reason"]: each["units"] for each in found["reasons"]}
    # Three heads of households and three pupils.
    assert (found["tried"], found["eligible"], found["more"]) == (6, 1, False)
    assert counted == {"not_in_register": 2, "not_in_school": 3, "not_a_boarder": 1}
    assert found["explained"]["components"][0]["component"] == "preschool"
    of_households = canonical_text(YamlText(OF_HOUSEHOLDS, "file").content)
    tried = harness.operator.post("/assistance/programmes/trials", {"content": of_households}).json()
    assert (tried["tried"], tried["eligible"]) == (3, 2)
    assert harness.assistance.recorder.max_notification_id() == head


def test_what_is_no_programme_is_refused_with_the_part_that_is_wrong(harness: AssistanceHarness) -> None:
    content = canonical_text(YamlText(TEXT.replace("{is: registered}", "{is: rich}"), "file").content)
    answer = harness.operator.post("/assistance/programmes/trials", {"content": content})
    assert (answer.status_code, answer.json()["code"]) == (422, "document_malformed")
    assert answer.json()["facts"]["part"] == "eligibility[0].is"


def test_the_programmes_in_force_in_a_place_are_listed_with_what_they_leave_open(harness: AssistanceHarness) -> None:
    items = harness.get("/programmes", division="420102")["items"]
    (found,) = [each for each in items if each["programme"] == "education_aid"]
    assert (found["jurisdiction"], found["settled"]) == ("4201", False)
    assert any("遮盖" in gap["zh"] for gap in found["gaps"])
    before = harness.get("/programmes", division="420102", as_of="2013-12-31")["items"]
    assert "education_aid" not in {each["programme"] for each in before}


def test_the_command_line_explains_a_file_and_tries_it_with_a_token(
    harness: AssistanceHarness, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @contextmanager
    def house_documents(url: str, token: str) -> Iterator[HouseDocuments]:
        headers = {"Authorization": f"Bearer {token}"}
        transport = harness.running.client._transport
        with httpx.Client(transport=transport, base_url="http://testserver", headers=headers) as client:
            yield HouseDocuments(House(client, {}))

    monkeypatch.setattr(programmes, "house_documents", house_documents)
    run = CliRunner().invoke
    said = run(programmes.app, ["check", str(EDUCATION_AID)], env={"COLUMNS": "200"}, catch_exceptions=False).output
    assert "每学年封顶 10000 元" in said
    assert "缺口：“中职国家助学金”" in said
    environment = {"LIKA_TOKEN": harness.running.client_for("op-1", COUNTY, Role.OPERATOR).token}
    words = ["check", str(EDUCATION_AID), "--division", "990001101201", "--json"]
    output = run(programmes.app, words, env=environment, catch_exceptions=False).output
    tried = json.loads(output[output.index('{\n  "explained"') :])["tried"]  # behind the service's own log lines
    assert (tried["tried"], tried["eligible"]) == (6, 1)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(TEXT.replace("kind: rate", "kind: average", 1), encoding="utf-8")
    with pytest.raises(DocumentFileError, match=r"wrong\.yaml:19: .*average"):
        run(programmes.app, ["check", str(wrong)], catch_exceptions=False)
