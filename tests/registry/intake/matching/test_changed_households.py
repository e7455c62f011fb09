"""Workbooks with status history about households that split, moved, were annulled or restored since: as in any order."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from contracts.roles import Role
from tests.registry.households.example_requests import member_body, member_ids, status_and_code
from tests.registry.households.example_villages import act_of, done, facts_of
from tests.registry.intake.example_workbooks import SheetLine
from tests.registry.intake.history_imports import ApprovedImporter, open_history_import
from tests.registry.intake.import_requests import (
    NEIGHBOUR,
    VILLAGE,
    cadre_of,
    child_line,
    head_line,
    household_line,
    import_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika

_serials = count(101, 2)


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2018, 3, 1)) as started:  # noqa: DTZ001
        open_history_import(started)
        yield started


@pytest.fixture
def county(running: Lika) -> ApiClient:
    return ApprovedImporter(running)


class Sheet:
    """A household of two in an older system, and what a workbook says about it."""

    def __init__(self, county: ApiClient, number: str) -> None:
        self._county, self.number, serial = county, number, next(_serials)
        self.members: Sequence[SheetLine] = [head_line(number, serial), child_line(number, serial)]

    def send(self, *history: tuple[str, str], **line: Any) -> dict[str, Any]:
        events = [
            {"household_no": self.number, "event": kind, "effective_on": day, "source_recorded_on": "2017-12-30"}
            for kind, day in history
        ]
        household = household_line(self.number, **{"surveyed_on": "2018-01-10", **line})
        return import_workbook(self._county, workbook_bytes([household], self.members, events))

    @property
    def household(self) -> str:
        (found,) = self._county.get("/registry/households", national_no=self.number).json()["items"]
        return f"/registry/households/{found['household_id']}"


IDENTIFIED, EXITED = ("识别", "2014"), ("脱贫", "2015-12")


def status(who: ApiClient, household: str, **params: str) -> str | None:
    answer = who.get(household, **params).json()["status"]
    return answer if answer is None else str(answer)


def annul(who: ApiClient, household: str, kind: str) -> Any:
    body = {"effective_on": "2018-02-20", "acts": [act_of(who, household, kind)], "reason": "录入有误"}
    return who.post(f"{household}/corrections", body)


def split_off_child(county: ApiClient, household: str, number: str, on: str = "2018-02-01") -> str:
    (_, child) = member_ids(county, household)
    body = {"effective_on": on, "person_ids": [child], "head": child, "national_no": number}
    return str(done(county.post(f"{household}/splits", body)).headers["Location"])


def test_history_from_before_a_split_reaches_both_households(county: ApiClient) -> None:
    sheet = Sheet(county, "S1")
    sheet.send(IDENTIFIED)
    new = split_off_child(county, sheet.household, "S1N")
    assert sheet.send(IDENTIFIED, EXITED)["updated"] == 1
    assert [status(county, h) for h in (sheet.household, new)] == ["exited", "exited"]
    assert status(county, sheet.household, as_of="2015-11-30") == "registered"


def test_history_that_a_formed_household_shares_with_its_parent_is_on_record(county: ApiClient) -> None:
    sheet = Sheet(county, "T1")
    sheet.send(IDENTIFIED, EXITED)
    new = split_off_child(county, sheet.household, "T1N", "2018-01-05")
    child = Sheet(county, "T1N")
    child.members = [{**sheet.members[1], "household_no": "T1N", "relation": "户主"}]
    again = child.send(IDENTIFIED, EXITED)
    assert (row_errors(again), again["refused"]) == ([], 0)
    returned = child.send(IDENTIFIED, EXITED, ("返贫", "2018-02"))
    assert (row_errors(returned), returned["updated"]) == ([], 1)
    assert [status(county, h) for h in (sheet.household, new)] == ["exited", "returned"]


def test_what_would_spoil_a_day_of_a_household_that_split_off_is_an_error_of_its_row(county: ApiClient) -> None:
    sheet = Sheet(county, "U1")
    sheet.send(IDENTIFIED)
    new = split_off_child(county, sheet.household, "U1N", "2018-01-05")
    child = Sheet(county, "U1N")
    child.members = [{**sheet.members[1], "household_no": "U1N", "relation": "户主"}]
    assert child.send(IDENTIFIED, ("脱贫", "2018-02"))["updated"] == 1
    result = sheet.send(IDENTIFIED, EXITED, surveyed_on="2018-01-04")
    assert row_errors(result) == [("历史表", 3, "事件", "later_fact_of_related_household")]
    assert [status(county, h) for h in (sheet.household, new)] == ["registered", "exited"]


def test_an_annulled_household_is_imported_anew_and_gives_way_when_it_is_restored(county: ApiClient) -> None:
    sheet = Sheet(county, "V1")
    sheet.send()
    first = sheet.household
    done(annul(county, first, "HouseholdRecorded"))
    assert sheet.send(IDENTIFIED)["recorded"] == 1
    second = sheet.household
    assert second != first
    refused = annul(county, first, "FactsAnnulled")
    assert status_and_code(refused)[0] == 409
    assert [f["type"] for f in facts_of(county, first)][-1] == "FactsAnnulled"


def test_a_restored_household_takes_the_rest_of_its_history(county: ApiClient) -> None:
    sheet = Sheet(county, "W1")
    sheet.send()
    household = sheet.household
    done(annul(county, household, "HouseholdRecorded"))
    done(annul(county, household, "FactsAnnulled"))
    history = ("识别", "2018-01-15"), ("脱贫", "2018-02"), ("返贫", "2018-02-20")
    assert sheet.send(*history)["updated"] == 1
    assert status(county, household) == "returned"
    assert sheet.send(*history)["unchanged"] == 1


def test_a_household_whose_recording_was_corrected_takes_history_in_its_village(
    running: Lika, county: ApiClient
) -> None:
    sheet = Sheet(county, "X1")
    members = [member_body("head", 1970), member_body("child", 2004)]
    body = {"division": VILLAGE, "effective_on": "2014-01-01", "members": members, "national_no": "X1"}
    household = str(done(cadre_of(running, VILLAGE).post("/registry/households", body)).headers["Location"])
    persons = member_ids(county, household)
    body["members"] = [
        {**m, "name": line["name"], "person_id": p, "id_number": line["id_number"]}
        for m, p, line in zip(members, persons, sheet.members, strict=True)
    ]
    township = running.client_for("cadre-t", VILLAGE[:9], Role.CADRE)
    done(township.post(f"{household}/recordings", {**body, "division": NEIGHBOUR}))
    assert row_errors(sheet.send(IDENTIFIED)) == [("户表", 2, "行政区划代码", "other_village")]
    assert row_errors(sheet.send(IDENTIFIED, division=NEIGHBOUR)) == []
    assert status(county, household, as_of="2014-06-01") == "registered"
