"""An upgrade as its callers see it: what cannot be written yet, what a release brings with it, who does not start."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from contracts.registry.poverty_status import HouseholdEnrolled
from contracts.roles import Role
from services.chassis.log.entries import topic_of
from services.chassis.log.formats import readable_facts
from services.chassis.log.replicas import ReleaseOutdated
from tests.chassis.sample import enrolled, insert_entry, record, rows, sample, stream_of
from tests.support.eventually import eventually
from tests.support.running import lika

NEW = topic_of(HouseholdEnrolled)
BODY = {"effective_on": "2014-06-01"}


def former_replica(conninfo: str) -> None:
    with psycopg.connect(conninfo) as conn:
        formats = list(readable_facts() - {NEW})
        conn.execute("INSERT INTO replicas VALUES (%s, '0', %s, now(), clock_timestamp())", (uuid4(), formats))


def test_a_command_is_answered_503_until_the_former_replica_is_gone_and_the_same_key_then_records_it(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    with lika([sample], database, tmp_path) as running:
        store, household = running.services["sample"].store, uuid4()
        cadre = running.client_for("cadre-1", "990001", Role.CADRE)
        former_replica(store._conninfo)
        answer = cadre.post(f"/sample/households/{household}/enrolments", BODY, key="the-same-key")
        assert (answer.status_code, answer.json()["code"]) == (503, "upgrade_under_way")
        assert int(answer.headers["Retry-After"]) > 0
        rows(store, "DELETE FROM replicas WHERE release = '0' RETURNING id")
        answer = cadre.post(f"/sample/households/{household}/enrolments", BODY, key="the-same-key")
        assert (answer.status_code, answer.json()["replayed"]) == (201, False)
        assert len(store.stream(stream_of(household))) == 1


def test_what_a_later_release_recorded_is_a_503_for_another_replica_to_answer(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    with lika([sample], database, tmp_path) as running:
        household = uuid4()
        insert_entry(running.services["sample"].store, stream_of(household), "HouseholdEnrolled/99", b"{}")
        answer = running.client_for("cadre-1", "990001", Role.CADRE).post(
            f"/sample/households/{household}/enrolments", BODY
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "release_outdated")
        assert int(answer.headers["Retry-After"]) > 0


def test_what_a_release_brings_with_it_waits_for_the_former_replica_to_go(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    same, brought = cache(database), list[str]()
    former_replica(same("sample"))

    bringing = partial(sample, at_start=[lambda: brought.append("texts")])
    with lika([bringing], same, tmp_path) as running:
        assert brought == []
        rows(running.services["sample"].store, "DELETE FROM replicas WHERE release = '0' RETURNING id")
        eventually(lambda: brought == ["texts"])
        assert rows(running.services["sample"].store, "SELECT count(*) FROM replicas") == [(1,)]
    with lika([bringing], same, tmp_path):
        assert brought == ["texts"] * 2, "at once where nobody is left of the former release"
    with psycopg.connect(same("sample")) as conn:
        assert conn.execute("SELECT * FROM replicas").fetchall() == [], "who stops is not waited for"


def test_a_release_that_cannot_read_what_is_in_use_says_so_and_does_not_start(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    same = cache(database)
    with lika([sample], same, tmp_path) as running:
        store = running.services["sample"].store
        record(store, enrolled(uuid4()))
        rows(store, "INSERT INTO admitted_formats VALUES ('HouseholdEnrolled/99') RETURNING format")
    with pytest.raises(ReleaseOutdated, match="HouseholdEnrolled/99"), lika([sample], same, tmp_path):
        pass
