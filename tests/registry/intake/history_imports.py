"""A county that imports status history: opened by two persons, and a cadre each of whose files another person approves."""

import hashlib
from collections.abc import Mapping
from typing import Any

import httpx

from contracts.roles import Role
from tests.registry.intake.import_requests import COUNTY, WORKBOOKS
from tests.support.running import ApiClient, Lika

IMPORTS = "/registry/history-imports"
PERIOD = {"opens_on": "2014-01-01", "closes_on": "2099-12-31"}
DECISION = {
    "organ": "县扶贫开发领导小组",
    "decided_on": "2014-01-01",
    "document_no": "扶组〔2014〕1号",
    "signer": "组长",
}


def proposed(person: ApiClient, **period: str) -> str:
    """The id of a proposal that this person has entered."""
    answer = person.post(IMPORTS, {**PERIOD, **DECISION, **period})
    assert answer.status_code == 201, answer.text
    return str(person.get(answer.headers["Location"]).json()["proposals"][-1]["opening_id"])


def confirmed(person: ApiClient, opening: str) -> httpx.Response:
    return person.post(f"{IMPORTS}/{COUNTY}/confirmations", {"opening_id": opening})


def approved(person: ApiClient, workbook: bytes) -> httpx.Response:
    body = {"file_sha256": hashlib.sha256(workbook).hexdigest()}
    return person.post(f"{IMPORTS}/{COUNTY}/batches", body)


def open_history_import(running: Lika, **period: str) -> None:
    """By two persons of the county."""
    opening = proposed(running.client_for("history-proposer", COUNTY, Role.REVIEWER), **period)
    assert confirmed(running.client_for("history-decider", COUNTY, Role.DECIDER), opening).status_code == 201


class ApprovedImporter(ApiClient):
    """A county's cadre; another person has approved whatever file is sent."""

    def __init__(self, running: Lika) -> None:
        cadre = running.client_for("history-importer", COUNTY, Role.CADRE)
        super().__init__(running.client, cadre.token, running.positions)
        self._approver = running.client_for("history-approver", COUNTY, Role.REVIEWER)

    def post(
        self, path: str, body: Mapping[str, Any] | None = None, *, key: str | None = None, **kw: Any
    ) -> httpx.Response:
        if path == WORKBOOKS:
            assert approved(self._approver, kw["content"]).status_code == 201
        return super().post(path, body, key=key, **kw)
