"""An import is a matter of the households in its workbook, as long as its papers are checked: thirty days."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import record_household, status_and_code
from tests.registry.intake.import_requests import (
    VILLAGE,
    cadre_of,
    head_line,
    household_facts,
    household_line,
    import_workbook,
    registry_with_villages,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika


@pytest.fixture
def running(database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    imported_at = datetime(2014, 6, 1, 1)  # noqa: DTZ001 - the fixture gives it its zone
    with registry_with_villages(database, tmp_path_factory.mktemp("lika"), imported_at) as started:
        yield started


def asked(batch: str, *households: str) -> dict[str, Any]:
    return {
        "household_ids": [*households], "purpose": "verification", "fields": ["name"],
        "matters": [{"kind": "import_batch", "id": batch}],
    }  # fmt: skip


def test_what_a_workbook_brought_is_checked_against_its_papers_for_thirty_days(running: Lika) -> None:
    cadre: ApiClient = cadre_of(running)
    batch = import_workbook(cadre, workbook_bytes([household_line("X1")], [head_line("X1", 1)]))["batch_id"]
    imported = str(household_facts(running, "X1")[0])
    other = record_household(cadre, VILLAGE).rpartition("/")[2]
    operator = running.client_for("op-1", "", Role.OPERATOR)
    assert cadre.post("/registry/disclosures", asked(batch, imported)).status_code == 201
    refused = cadre.post("/registry/disclosures", asked(batch, imported, other))
    assert refused.json()["facts"] == {"count": 1, "households": [other]}
    found, named = [], []
    for day in ("2014-07-01", "2014-07-02"):
        assert operator.post("/registry/clock/steps", {"to": f"{day}T08:00:00+08:00"}).status_code == 201
        found.append(cadre.post("/registry/disclosures", asked(batch, imported)))
        matters = cadre.get("/registry/disclosures/matters", household_id=other).json()
        named.append([each["kind"] for each in matters if each["kind"] == "entry"])
    assert found[0].status_code == 201
    assert status_and_code(found[1]) == (409, "matter_not_open")
    assert named == [["entry"], []], "what the register offers, a disclosure may name"
