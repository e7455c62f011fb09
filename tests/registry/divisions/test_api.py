"""Divisions over HTTP, from the operator's declaration to the list."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.roles import Role
from services.registry.service import registry
from tests.support.running import Lika, lika

VILLAGE = {"code": "990001101201", "level": "village", "name": "青山村", "effective_on": "2014-01-01"}


@pytest.fixture
def running(database: Callable[[str], str], tmp_path: Path) -> Iterator[Lika]:
    with lika([registry], database, tmp_path, datetime(2014, 5, 1, tzinfo=UTC)) as started:
        yield started


def test_an_operator_declares_a_village_and_everybody_reads_it(running: Lika) -> None:
    operator = running.client_for("op-1", "", Role.OPERATOR)
    answer = operator.post("/registry/divisions", VILLAGE, key="declare-1")
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == "/registry/divisions/990001101201"
    assert operator.post("/registry/divisions", VILLAGE, key="declare-1").json()["replayed"]
    designated = operator.post(
        "/registry/divisions/990001101201/designations", {"grade": "省定贫困村", "effective_on": "2014-01-01"}
    )
    assert designated.status_code == 201, designated.text
    cadre = running.client_for("cadre-1", "990001101201", Role.CADRE)
    read = cadre.get("/registry/divisions/990001101201")
    assert read.json()["poor_village"] == "省定贫困村"
    assert read.headers["Lika-Clock"].startswith("simulated; now=2014-05-01")
    assert [d["code"] for d in cadre.get("/registry/divisions").json()["items"]] == ["990001101201"]
    elsewhere = running.client_for("cadre-2", "990001101202", Role.CADRE)
    assert elsewhere.get("/registry/divisions").json()["items"] == []
    named = elsewhere.get("/registry/divisions", code=["990001101201", "990001101209"]).json()["items"]
    assert [(d["code"], d["name"]) for d in named] == [("990001101201", "青山村")]


def test_a_second_declaration_is_refused_with_its_rule(running: Lika) -> None:
    operator = running.client_for("op-1", "", Role.OPERATOR)
    operator.post("/registry/divisions", VILLAGE)
    refused = operator.post("/registry/divisions", VILLAGE)
    assert refused.status_code == 409
    assert refused.json()["code"] == "division_already_declared"
    assert refused.json()["source"] == "GB/T 2260"


def test_a_cadre_may_not_declare(running: Lika) -> None:
    refused = running.client_for("cadre-1", "990001101201", Role.CADRE).post("/registry/divisions", VILLAGE)
    assert refused.status_code == 403


def test_the_log_is_read_in_pages_by_auditors_only(running: Lika) -> None:
    running.client_for("op-1", "", Role.OPERATOR).post("/registry/divisions", VILLAGE)
    page = running.client_for("auditor-1", "", Role.AUDITOR).get("/registry/log/entries/0").json()
    topics = [e["topic"] for e in page["entries"] if not e["topic"].startswith("Document")]
    assert topics == ["SimulatedClockDeclared/1", "DivisionDeclared/1"]
    assert running.client_for("cadre-1", "99", Role.CADRE).get("/registry/log/entries/0").status_code == 403


def test_the_simulated_clock_steps_forward_only(running: Lika) -> None:
    operator = running.client_for("op-1", "", Role.OPERATOR)
    stepped = operator.post("/registry/clock/steps", {"to": "2014-06-01T09:00:00+08:00"})
    assert stepped.status_code == 201, stepped.text
    assert operator.post("/registry/clock/steps", {"to": "2014-05-02T09:00:00+08:00"}).status_code == 409
    assert operator.get("/registry/clock").json()["now"] == "2014-06-01T01:00:00Z"


def test_the_refusal_of_a_role_names_those_that_may(running: Lika) -> None:
    refused = running.client_for("cadre-1", "990001101201", Role.CADRE).post("/registry/divisions", VILLAGE).json()
    assert refused["facts"] == {"roles": ["operator"]}
    assert "有权的岗位：系统管理员" in refused["detail"]
    assert "roles that may: operator" in refused["detail"]


def test_a_code_of_another_shape_is_told_by_an_example_and_no_regular_expression(running: Lika) -> None:
    operator = running.client_for("op-1", "", Role.OPERATOR)
    for malformed in (
        operator.post("/registry/divisions", {**VILLAGE, "code": "99000110120X"}),
        operator.get("/registry/divisions/99X"),
    ):
        (error,) = malformed.json()["errors"]
        assert error["title"] == "不符合规定的格式，应写作“990001101201”的样子。"
        assert "[0-9]" not in malformed.text
