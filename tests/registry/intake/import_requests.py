"""Rows of workbooks, requests that send them to a running registry, and its log afterwards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from contracts.facts import Recorded
from contracts.registry.households import HouseholdRecorded
from contracts.roles import Role
from services.registry.service import registry
from tests.registry.intake.example_workbooks import SheetLine, content_of, form_workbook, resident_id_of, short
from tests.support.running import ApiClient, Lika, lika

COUNTY, VILLAGE, NEIGHBOUR, ELSEWHERE = "990001", "990001101201", "990001101202", "990001102201"
WORKBOOKS = "/registry/intake/workbooks"


@contextmanager
def registry_with_villages(database: Callable[[str], str], folder: Path, now: datetime) -> Iterator[Lika]:
    """A registry with three villages, two of them in one township."""
    with lika([registry], database, folder, now.replace(tzinfo=UTC)) as started:
        operator = started.client_for("op-1", "", Role.OPERATOR)
        for code in (VILLAGE, NEIGHBOUR, ELSEWHERE):
            body = {"code": code, "level": "village", "name": "某村", "effective_on": "2014-01-01"}
            assert operator.post("/registry/divisions", body).status_code == 201
        yield started


def cadre_of(running: Lika, division: str = VILLAGE) -> ApiClient:
    return running.client_for(f"cadre-{division}", division, Role.CADRE)


def household_line(number: str, **more: object) -> SheetLine:
    return {
        "national_no": number,
        "division": VILLAGE,
        "surveyed_on": "2014-05-20",
        "address": "某组 3 号",
        "attribute": "一般贫困户",
        "main_cause": "因病",
        "arable_mu": 3.5,
        **more,
    }


def income_fields(year: int = 2013, wages: int = 4200) -> SheetLine:
    amounts = {"business": 800, "property": 0, "transfers": 600, "business_costs": 250.5}
    return {"income_year": year, "wages": wages, **amounts}


ALL_CONDITIONS: SheetLine = {
    "food": "是", "clothing": "是", "education": "是", "medical": "否", "housing": "否", "water": "是",
}  # fmt: skip


def head_line(number: str, serial: int, **more: object) -> SheetLine:
    """``serial`` odd: a man born in 1970."""
    return _member_line(number, 1, resident_id_of("19700315", f"{serial:03}"), relation="户主", **more)


def child_line(number: str, serial: int, born: str = "20040901", **more: object) -> SheetLine:
    return _member_line(
        number, 2, resident_id_of(born, f"{serial:03}"), **{"relation": "子女", "school_stage": "小学", **more}
    )


def _member_line(number: str, index: int, id_number: str, **more: object) -> SheetLine:
    return {
        "household_no": number,
        "national_no": f"{number}{index:02}",
        "name": f"陈{index}",
        "id_number": id_number,
        **more,
    }


def workbook_bytes(
    households: Sequence[SheetLine], members: Sequence[SheetLine], history: Sequence[SheetLine] | None = None
) -> bytes:
    return content_of(form_workbook(households, members, history))


def post_workbook(person: ApiClient, workbook: bytes, *, key: str | None = None, **params: Any) -> httpx.Response:
    return person.post(WORKBOOKS, content=workbook, key=key, params=params)


def import_workbook(person: ApiClient, workbook: bytes, **more: Any) -> dict[str, Any]:
    answer = post_workbook(person, workbook, **more)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def row_errors(answer: dict[str, Any]) -> list[tuple[str, int, str, str]]:
    """(sheet, row, Chinese header of the column, code without its prefix)."""
    return [(e["sheet"], e["row"], e["column"].partition(" / ")[0], short(e["code"])) for e in answer["errors"]]


def logged_types(running: Lika) -> list[str]:
    """Types of everything in the registry's log."""
    return [
        str(n.topic).partition("/")[0]
        for n in running.services["registry"].store.recorder.select_notifications(1, 9999)
    ]


def household_facts(running: Lika, number: str) -> tuple[UUID, tuple[Recorded, ...]]:
    """The household with this number, and its facts."""
    store = running.services["registry"].store
    for entry in store.recorder.select_notifications(1, 9999):
        if str(entry.topic).startswith("HouseholdRecorded"):
            facts = store.stream(str(entry.originator_id))
            first = facts[0].fact
            if isinstance(first, HouseholdRecorded) and first.national_no == number:
                return first.household_id, facts
    raise LookupError(number)


def household_fact_types(running: Lika, number: str) -> list[str]:
    return [recorded.fact.type_name for recorded in household_facts(running, number)[1]]
