"""Who reads which part of a household's history: today's area all of it, a former one what was effective there then."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from contracts.roles import Role
from services.audit.service import audit
from tests.audit.fact_builders import (
    HILL,
    HOUSEHOLD,
    LAKE,
    NEIGHBOUR,
    annulled,
    enrolled,
    exited,
    formed,
    household_recorded,
    joined,
    moved,
    split,
)
from tests.audit.producers import AidGranted, Producer, stub_service
from tests.support.running import Build, Lika, lika

MOVED, CHILD, VOID, LATE = HOUSEHOLD, *(UUID(int=n, version=4) for n in (2, 3, 4))
ENTRY, SPRING, SUMMER, AUTUMN = date(2014, 6, 20), date(2015, 4, 1), date(2015, 7, 1), date(2015, 10, 1)
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
        registry.append(ENTRY, household_recorded(ENTRY, 4), enrolled(ENTRY))
        registry.append(SPRING, split(SPRING, (3, 4), CHILD), formed(SPRING, (3, 4), CHILD))
        registry.append(SPRING, moved(SPRING, HILL, LAKE, CHILD))
        registry.append(SUMMER, moved(SUMMER, HILL, NEIGHBOUR))
        registry.append(AUTUMN, exited(AUTUMN), joined(AUTUMN, 5))
        aid = AidGranted(household_id=MOVED, effective_on=SPRING, entered_by="lika", programme="教育资助")
        assistance.append(SPRING, aid)
        assistance.append(AUTUMN, msgspec.structs.replace(aid, effective_on=AUTUMN))
        first = registry.append(AUTUMN, household_recorded(ENTRY, 2, HILL, VOID))
        registry.append(AUTUMN, annulled(AUTUMN, *first, household=VOID))
        registry.append(AUTUMN, household_recorded(ENTRY, 2, HILL, LATE), joined(AUTUMN, 3, LATE))
        registry.append(date(2015, 11, 1), moved(SUMMER, HILL, LAKE, LATE))
        registry.append(date(2015, 12, 1), joined(AUTUMN, 4, LATE))
        yield started


def read(running: Lika, division: str, household: UUID, **asked: str) -> dict[str, Any]:
    reader = running.client_for(f"cadre-{division}", division, Role.CADRE)
    answer = reader.get(f"/audit/households/{household}/history", **asked)
    if answer.status_code == 404:
        return {}
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def types(history: dict[str, Any]) -> list[str]:
    return [event["type"] for event in history.get("events", ())]


def test_a_former_area_reads_what_was_effective_while_the_household_stood_there(running: Lika) -> None:
    here, there = read(running, NEIGHBOUR, MOVED), read(running, HILL, MOVED)
    assert types(here)[-4:] == ["HouseholdMoved", "MemberJoined", "HouseholdExited", "AuditTestAidGranted"]
    assert types(there) == ["HouseholdRecorded", "HouseholdEnrolled", "HouseholdSplit", "AuditTestAidGranted"]
    assert here["state"]["division"] == NEIGHBOUR
    assert there["state"] is None
    assert read(running, HILL, MOVED, as_of="2015-06-30")["state"]["division"] == HILL
    assert read(running, LAKE, MOVED) == {}


def test_a_move_learned_late_counts_from_its_day(running: Lika) -> None:
    assert types(read(running, HILL, LATE)) == ["HouseholdRecorded"]
    assert types(read(running, LAKE, LATE)) == [
        *("HouseholdRecorded", "HouseholdMoved", "MemberJoined", "MemberJoined")
    ]


def test_a_household_none_of_whose_facts_stands_is_shown_with_what_annulled_them(running: Lika) -> None:
    for division in (HILL, HILL[:9], ""):
        history = read(running, division, VOID)
        assert history["state"] is None
        recorded, correction = history["events"]
        assert (recorded["type"], recorded["annulled_by"]) == ("HouseholdRecorded", correction["id"])
        assert UUID(recorded["act"]) != UUID(correction["act"])
    assert read(running, LAKE, VOID) == {}


def test_a_household_says_whom_it_came_from_and_shows_its_own_facts(running: Lika) -> None:
    history = read(running, LAKE, CHILD)
    formation = f"registry/household-{CHILD}/1"
    assert history["came_from"] == [{"household": str(MOVED), "formed_by": formation, "formed_on": "2015-04-01"}]
    assert types(history) == ["HouseholdFormed", "HouseholdMoved"]
    assert history["state"] == {
        "status": "registered",
        "division": LAKE,
        "persons": 2,
        "since": "2015-04-01",
        **NEVER_MONITORED,
    }
    assert read(running, HILL, MOVED)["came_from"] == []
    assert read(running, HILL, CHILD) == {}  # on the day of the split it moved on
    assert read(running, LAKE, CHILD, as_of="2015-03-31") == {}
