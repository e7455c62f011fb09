"""Who read whose personal data: for the household that asks, for whoever read, for auditors; out of every service's log."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts.roles import Role
from services.audit.service import audit
from services.registry.service import registry
from tests.audit.producers import stub_service
from tests.registry.disclosures.asking import ORDER, Asking
from tests.registry.households.example_requests import VILLAGE, record_household, status_and_code
from tests.support.running import ApiClient, Lika, all_items, lika

COUNTY, NEIGHBOUR = "990001", "990001101202"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    built = [registry, stub_service("assistance"), stub_service("monitoring"), audit]
    with lika(built, module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1, tzinfo=UTC)) as started:
        operator = started.client_for("operator-1", "", Role.OPERATOR)
        for code in (VILLAGE, NEIGHBOUR):
            body = {"code": code, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
            assert operator.post("/registry/divisions", body).status_code == 201
        yield started


@pytest.fixture(scope="module")
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


@pytest.fixture(scope="module")
def auditor(running: Lika) -> ApiClient:
    return running.client_for("auditor-1", COUNTY, Role.AUDITOR)


@pytest.fixture(scope="module")
def household(running: Lika, cadre: ApiClient, auditor: ApiClient) -> str:
    """Read by its cadre with two others, by an auditor, and as a paper; a list with it was exported."""
    mine, *others = [record_household(cadre, national_no=f"X{n}").rpartition("/")[2] for n in range(3)]
    asking = Asking(cadre)
    assert cadre.post("/registry/disclosures", asking.form(mine, *others)).status_code == 201
    audited = {"household_ids": [mine], "purpose": "audit", "fields": ["phone"], "order": ORDER}
    assert auditor.post("/registry/disclosures", audited).status_code == 201
    paper = {"file": ("a.pdf", b"%PDF-1.4 minutes", "application/pdf")}
    uploaded = cadre.post("/registry/evidence", data={"kind": "minutes", "subjects": mine}, files=paper)
    file = uploaded.json()["evidence"]["file"]["id"]
    assert cadre.get(f"/registry/evidence/{file}/content", purpose="case").status_code == 200
    assert cadre.get_with({"Accept": "text/csv"}, "/registry/households").status_code == 200
    running.positions["registry"] = running.services["registry"].store.position()
    return mine


def ask_for(cadre: ApiClient, household: str) -> None:
    """The household came and asked."""
    form = {"household_ids": [household], "purpose": "access_request", "fields": ["name"], "order": ORDER}
    assert cadre.post("/registry/disclosures", form).status_code == 201


def told(items: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    return [(item["account"], item["kind"], item["purpose"]) for item in items]


def test_a_household_learns_who_read_its_data_once_it_has_asked(
    running: Lika, cadre: ApiClient, household: str
) -> None:
    path = f"/audit/households/{household}/readings"
    assert status_and_code(cadre.get(path)) == (409, "needs_access_request")
    ask_for(cadre, household)
    found = all_items(cadre, path, limit=2)
    assert told(found) == [
        ("cadre-1", "personal_data", "verification"), ("auditor-1", "personal_data", "audit"),
        ("cadre-1", "evidence", "case"), ("cadre-1", "personal_data", "access_request"),
    ]  # fmt: skip
    assert {item["subject"] for item in found} == {household}
    assert found[0]["what"] == ["name", "address"]
    assert found[0]["matters"][0].startswith("entry/")
    assert found[1]["order_no"] == "县审计局 审通〔2014〕5号"
    other = running.client_for("cadre-2", VILLAGE, Role.CADRE)
    assert status_and_code(other.get(path)) == (409, "needs_access_request"), "whoever asked may read, and nobody else"


def test_elsewhere_nobody_learns_even_that_there_is_anything(running: Lika, household: str) -> None:
    path = f"/audit/households/{household}/readings"
    for who, area in ((Role.CADRE, NEIGHBOUR), (Role.AUDITOR, "990002")):
        assert status_and_code(running.client_for(f"{who}-elsewhere", area, who).get(path)) == (404, "not_found")


def test_the_report_is_a_file_that_can_be_printed(cadre: ApiClient, household: str) -> None:
    ask_for(cadre, household)
    answer = cadre.get_with({"Accept": "text/csv", "Accept-Language": "zh"}, f"/audit/households/{household}/readings")
    head, headers, *lines, _ = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert head[0].startswith("查询何人查阅过一户的个人信息")
    assert {line[headers.index("所涉对象")] for line in lines} == {"X0"}
    assert lines[1][headers.index("查阅目的")] == "审计"


def test_everybody_sees_what_they_read_themselves(running: Lika, cadre: ApiClient, household: str) -> None:
    own = all_items(cadre, "/audit/readings/own")
    assert {item["account"] for item in own} == {"cadre-1"}
    exports = [(item["what"], item["subject"], item["items"]) for item in own if item["kind"] == "export"]
    assert (["list_households"], None, 3) in exports
    assert running.client_for("cadre-9", VILLAGE, Role.CADRE).get("/audit/readings/own").json()["items"] == []


def test_an_auditor_sees_readings_by_reader_by_household_and_by_day(
    running: Lika, cadre: ApiClient, auditor: ApiClient, household: str
) -> None:
    read = all_items(auditor, "/audit/readings", account="cadre-1", kind="personal_data")
    assert household in {item["subject"] for item in read}
    by_reader = {c["key"]: c for c in all_items(auditor, "/audit/readings/counts", by="reader", limit=1)}
    assert by_reader["cadre-1"]["subjects"] == 3
    assert by_reader["auditor-1"]["readers"] == 1
    by_household = {c["key"]: c for c in all_items(auditor, "/audit/readings/counts", by="subject")}
    assert by_household[household]["readers"] == 2
    (day,) = all_items(auditor, "/audit/readings/counts", by="day")
    assert day["key"] == "2014-06-01"
    assert status_and_code(cadre.get("/audit/readings")) == (403, "role_not_allowed")
    elsewhere = running.client_for("auditor-2", "990002", Role.AUDITOR)
    assert elsewhere.get("/audit/readings").json()["items"] == []
    assert elsewhere.get("/audit/readings", division=COUNTY).status_code == 404


def test_the_days_asked_for_are_both_included(auditor: ApiClient, household: str) -> None:
    path = f"/audit/households/{household}/readings"
    for since, until, some in (
        ("2014-06-01", "2014-06-01", True), ("2014-05-01", "2014-05-31", False), ("2014-06-02", "2014-06-30", False)
    ):  # fmt: skip
        assert bool(auditor.get(path, since=since, until=until).json()["items"]) is some, (since, until)


def test_an_export_of_audits_own_lists_is_a_reading_too(running: Lika, auditor: ApiClient, household: str) -> None:
    assert auditor.get_with({"Accept": "text/csv"}, "/audit/readings").status_code == 200
    running.positions["audit"] = running.services["audit"].store.position()
    own = all_items(auditor, "/audit/readings/own", limit=200)
    assert "list_readings" in [item["what"][0] for item in own if item["kind"] == "export"]
