"""A household's history over HTTP, across logs, for any day as known on any other."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.facts import Decision, Evidence, StoredFile
from contracts.roles import Role
from services.audit.service import audit
from tests.audit.fact_builders import (
    HILL,
    HOUSEHOLD,
    NEIGHBOUR,
    SEALED,
    annulled,
    enrolled,
    exited,
    household_recorded,
    joined,
    moved,
)
from tests.audit.producers import AidGranted, Producer, stub_service
from tests.casework.directory.example_staff import assumed, linked, registered
from tests.support.running import ApiClient, Build, Lika, lika

ENTRY, EXIT, MOVE = date(2014, 6, 20), date(2015, 11, 1), date(2017, 3, 1)
COUNTY = Decision(organ="县扶贫开发领导小组", decided_on=EXIT, document_no="〔2015〕12号", signer="组长")
MINUTES = Evidence(kind="minutes", file=StoredFile(id=UUID(int=7), sha256="0" * 64))
PATH = f"/audit/households/{HOUSEHOLD}/history"
NEVER_MONITORED = {"monitoring": None, "monitoring_kind": None}


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder: Path = tmp_path_factory.mktemp("lika")
    built: list[Build] = [
        stub_service("registry"),
        stub_service("assistance"),
        partial(audit, logs=("registry", "assistance")),
    ]
    with lika(built, module_database, folder, datetime(2014, 1, 1, tzinfo=UTC)) as started:
        registry, assistance = Producer(started, "registry"), Producer(started, "assistance")
        registry.append(date(2014, 7, 1), household_recorded(ENTRY, 3, source_recorded_on=ENTRY), enrolled(ENTRY))
        (exit_,) = registry.append(date(2015, 11, 2), exited(EXIT, decision=COUNTY, evidence=(MINUTES,)))
        aid = AidGranted(
            household_id=HOUSEHOLD, effective_on=EXIT, entered_by="lika", caused_by=exit_, programme="教育资助"
        )
        assistance.append(date(2015, 11, 3), aid)
        (birth,) = registry.append(date(2016, 2, 1), joined(date(2016, 1, 1), 4))
        registry.append(date(2016, 3, 1), annulled(date(2016, 3, 1), birth))
        registry.append(date(2017, 3, 2), moved(MOVE, HILL, NEIGHBOUR))
        registry.insert_raw(f"household-{HOUSEHOLD}", "HouseholdBlessed/1", b"{}")
        assistance.insert_raw("blessings", "HouseholdBlessed/1", b'{"household_id":"%s"}' % str(HOUSEHOLD).encode())
        assistance.insert_raw("aid", "AuditTestAidGranted/2", b'{"household_id":"%s"}' % str(HOUSEHOLD).encode())
        yield started


@pytest.fixture
def auditor(running: Lika) -> ApiClient:
    return running.client_for("auditor-1", "", Role.AUDITOR)


def read(person: ApiClient, **asked: str) -> dict[str, Any]:
    answer = person.get(PATH, **asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_history_says_who_what_when_on_which_basis_and_why(auditor: ApiClient) -> None:
    body = read(auditor)
    assert [e["type"] for e in body["events"]] == [
        *("HouseholdRecorded", "HouseholdEnrolled", "HouseholdExited", "AuditTestAidGranted"),
        *("MemberJoined", "FactsAnnulled", "HouseholdMoved"),
    ]
    first, second, exit_, aid, *_ = body["events"]
    assert (first["learned"]["basis"], first["learned"]["source_recorded_on"]) == ("asserted", "2014-06-20")
    assert first["learned"]["recorded_at"].startswith("2014-07-01T01:00:00")
    assert (second["learned"]["basis"], second["learned"]["source_recorded_on"]) == ("proved", None)
    assert (exit_["entered_by"], exit_["decision"]["document_no"]) == ("cadre-1", "〔2015〕12号")
    assert exit_["evidence"] == [
        {"kind": "minutes", "file": {"id": str(UUID(int=7)), "sha256": "0" * 64}, "archive_no": None}
    ]
    assert exit_["fields"] == {"enjoys_policies": True, "case_id": None}
    assert aid["caused_by"] == exit_["id"] == f"registry/household-{HOUSEHOLD}/3"
    assert aid["fields"] == {"programme": "教育资助"}
    assert body["state"] == {
        "status": "exited",
        "division": NEIGHBOUR,
        "persons": 3,
        "since": "2015-11-01",
        **NEVER_MONITORED,
    }
    assert [head["log"] for head in body["logs"]] == ["registry", "assistance"]


def test_a_history_says_which_post_was_held_by_whoever_entered_a_fact(running: Lika, auditor: ApiClient) -> None:
    registry = Producer(running, "registry")
    registry.append(
        date(2018, 1, 2), registered(), linked("cadre-1"), assumed(title="村支书", term_ends=date(2015, 12, 31)),
        assumed(2, date(2016, 1, 1), title="驻村工作队长"),
    )  # fmt: skip
    events = read(auditor)["events"]
    assert {event["entered_by"] for event in events} >= {"cadre-1", "lika"}
    held = {event["type"]: event["entered_by_posts"] for event in events}
    secretary = {"name": "***", "title": "村支书", "division": HILL, "standing_in": False}
    assert held["HouseholdExited"] == [secretary]
    assert held["HouseholdMoved"] == [{**secretary, "title": "驻村工作队长"}]
    assert held["AuditTestAidGranted"] == []
    # It was learned in 2018.
    assert {str(e["entered_by_posts"]) for e in read(auditor, known_at="2018-01-01")["events"]} == {"[]"}


def test_void_facts_are_shown_as_void_once_that_is_known(auditor: ApiClient) -> None:
    def birth(known_at: str) -> dict[str, Any]:
        (event,) = [e for e in read(auditor, known_at=known_at)["events"] if e["type"] == "MemberJoined"]
        assert isinstance(event, dict)
        return event

    assert birth("2016-02-28")["annulled_by"] is None
    assert birth("2016-03-01")["annulled_by"] == f"registry/household-{HOUSEHOLD}/5"
    assert read(auditor, known_at="2016-02-28")["state"]["persons"] == 4
    assert read(auditor, known_at="2016-03-01")["state"]["persons"] == 3


def test_the_state_of_any_day_as_known_on_any_other(auditor: ApiClient) -> None:
    assert read(auditor, as_of="2015-10-31")["state"]["status"] == "registered"
    assert read(auditor, as_of="2015-11-01")["state"]["status"] == "exited"
    assert read(auditor, as_of="2015-11-01", known_at="2015-11-01")["state"]["status"] == "registered"
    assert len(read(auditor, as_of="2015-10-31")["events"]) == 2


def test_personal_data_stay_masked(auditor: ApiClient) -> None:
    assert SEALED not in auditor.get(PATH).text
    assert {m["name"] for m in read(auditor)["events"][0]["fields"]["members"]} == {"***"}


def test_an_entry_of_an_unknown_type_or_version_is_named_and_not_hidden(auditor: ApiClient) -> None:
    assert {u["id"]: u["type"] for u in read(auditor)["unread"]} == {
        f"registry/household-{HOUSEHOLD}/7": "HouseholdBlessed/1",
        "assistance/blessings/1": "HouseholdBlessed/1",
        "assistance/aid/1": "AuditTestAidGranted/2",
    }
    assert read(auditor, known_at="2014-12-31")["unread"] == []


def test_whose_area_the_household_is_in_today_reads_all_of_its_past(running: Lika) -> None:
    here, before = (running.client_for("cadre-1", division, Role.CADRE) for division in (NEIGHBOUR, HILL))
    assert read(here, as_of="2014-12-31")["state"]["division"] == HILL
    assert read(before, as_of="2014-12-31")["state"]["division"] == HILL
    assert running.client_for("op-1", "", Role.OPERATOR).get(PATH).status_code == 403


def test_a_household_that_nobody_recorded_is_not_found(auditor: ApiClient) -> None:
    assert auditor.get(f"/audit/households/{uuid4()}/history").status_code == 404
    assert auditor.get(PATH, known_at="2014-06-30").status_code == 404
    assert auditor.get("/audit/households/none/history").status_code == 422
