"""An import that is cut off, repeated or crossed by others has every effect once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from hashlib import sha256

import pytest

from contracts.roles import Role
from services.casework.workbooks.importing import importer
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import Outcome
from services.chassis.log.unit import Unit
from tests.registry.intake.import_requests import (
    VILLAGE,
    WORKBOOKS,
    cadre_of,
    head_line,
    household_fact_types,
    household_facts,
    household_line,
    import_workbook,
    logged_types,
    post_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import Lika

Submit = Callable[[Unit], "Future[Outcome]"]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def village(letter: str, first: int, size: int = 5) -> bytes:
    numbers = [f"{letter}{n}" for n in range(size)]
    return workbook_bytes(
        [household_line(n) for n in numbers], [head_line(n, first + 2 * place) for place, n in enumerate(numbers)]
    )


def test_an_import_cut_off_midway_goes_on_with_the_same_key_and_repeats_nothing(
    running: Lika, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, person, book = running.services["registry"].store, cadre_of(running), village("H", 1)
    whole: Submit = store.submit
    submitted: list[Unit] = []

    def breaks_down(unit: Unit) -> "Future[Outcome]":
        submitted.append(unit)
        if len(submitted) == 4:
            raise StoreUnavailable("cut off")
        return whole(unit)

    monkeypatch.setattr(importer, "CHUNK_SIZE", 2)
    with monkeypatch.context() as cut:
        cut.setattr(store, "submit", breaks_down)
        answer = post_workbook(person, book, key="resumed-1")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert 2 <= logged_types(running).count("HouseholdRecorded") < 5
    assert "WorkbookImported" not in logged_types(running)
    digest = {"file_sha256": sha256(book).hexdigest()}
    (cut_off,) = person.get(WORKBOOKS, **digest).json()
    assert (cut_off["households_seen"], cut_off["summary"]) == (5, None)

    result = import_workbook(person, book, key="resumed-1")
    assert (result["recorded"], result["unchanged"], result["refused"], result["replayed"]) == (5, 0, 0, False)
    assert logged_types(running).count("HouseholdRecorded") == 5
    assert logged_types(running).count("WorkbookImported") == 1
    (whole_file,) = person.get(WORKBOOKS, **digest).json()
    assert (whole_file["batch_id"], whole_file["summary"]["recorded"]) == (cut_off["batch_id"], 5)
    assert running.client_for("cadre-9", VILLAGE, Role.CADRE).get(WORKBOOKS, **digest).json() == []


def test_what_others_changed_meanwhile_is_not_overwritten_by_going_on(
    running: Lika, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, person = running.services["registry"].store, cadre_of(running)
    book = workbook_bytes([household_line("M1"), household_line("M2")], [head_line("M1", 61), head_line("M2", 63)])
    whole: Submit = store.submit
    submitted: list[Unit] = []

    def refuses_the_second(unit: Unit) -> "Future[Outcome]":
        submitted.extend([unit] if unit.command.route.endswith("#household") else [])
        if len(submitted) == 2:
            raise StoreUnavailable("cut off")
        return whole(unit)

    monkeypatch.setattr(importer, "CHUNK_SIZE", 1)
    with monkeypatch.context() as cut:
        cut.setattr(store, "submit", refuses_the_second)
        assert post_workbook(person, book, key="resumed-2").status_code == 503
    household_id, _ = household_facts(running, "M1")
    visit = {"effective_on": "2014-05-25", "arable_mu": "9.9"}
    assert person.post(f"/registry/households/{household_id}/surveys", visit).status_code == 201
    assert import_workbook(person, book, key="resumed-2")["recorded"] == 2
    assert household_fact_types(running, "M1") == ["HouseholdRecorded", "HouseholdSurveyed"]


def test_the_same_request_again_is_answered_as_before(running: Lika) -> None:
    person, book = cadre_of(running), village("Q", 71, size=2)
    first = import_workbook(person, book, key="repeated-1")
    facts = logged_types(running)
    again = import_workbook(person, book, key="repeated-1")
    assert again == {**first, "replayed": True}
    assert logged_types(running) == facts


def test_a_key_serves_one_file(running: Lika) -> None:
    person = cadre_of(running)
    import_workbook(person, village("W", 81, size=1), key="one-file-1")
    other = post_workbook(person, village("Y", 83, size=1), key="one-file-1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_the_same_request_twice_at_once_has_one_effect(running: Lika) -> None:
    person, book = cadre_of(running), village("G", 91, size=6)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: post_workbook(person, book, key="at-once-1"), range(2)))
    assert [a.status_code for a in answers] == [201, 201]
    assert {a.json()["recorded"] for a in answers} == {6}
    assert all(household_fact_types(running, f"G{n}") == ["HouseholdRecorded"] for n in range(6))
    batch = answers[0].json()["batch_id"]
    assert len(running.services["registry"].store.stream(f"intake-{batch}")) == 1


def test_a_household_changed_by_others_at_the_same_time_is_decided_anew(
    running: Lika, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, person = running.services["registry"].store, cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("O1")], [head_line("O1", 111)]))
    household_id, _ = household_facts(running, "O1")
    whole: Submit = store.submit
    visits = iter(["4.4"])

    def crossed(unit: Unit) -> "Future[Outcome]":
        if unit.command.route.endswith("#household") and (area := next(visits, None)) is not None:
            visit = {"effective_on": "2014-05-25", "arable_mu": area}
            assert person.post(f"/registry/households/{household_id}/surveys", visit).status_code == 201
        return whole(unit)

    monkeypatch.setattr(store, "submit", crossed)
    result = import_workbook(
        person, workbook_bytes([household_line("O1", surveyed_on="2014-05-26", arable_mu=4.4)], [head_line("O1", 111)])
    )
    assert (result["updated"], result["unchanged"]) == (0, 1)
    assert household_fact_types(running, "O1") == ["HouseholdRecorded", "HouseholdSurveyed"]


def test_a_household_that_never_stands_still_is_given_back(running: Lika, monkeypatch: pytest.MonkeyPatch) -> None:
    store, person = running.services["registry"].store, cadre_of(running)
    import_workbook(person, workbook_bytes([household_line("O2")], [head_line("O2", 113)]))
    household_id, _ = household_facts(running, "O2")
    whole: Submit = store.submit
    areas = iter(range(1, 99))

    def crossed(unit: Unit) -> "Future[Outcome]":
        if unit.command.route.endswith("#household"):
            visit = {"effective_on": "2014-05-25", "forest_mu": str(next(areas))}
            assert person.post(f"/registry/households/{household_id}/surveys", visit).status_code == 201
        return whole(unit)

    monkeypatch.setattr(store, "submit", crossed)
    result = import_workbook(
        person, workbook_bytes([household_line("O2", surveyed_on="2014-05-26", arable_mu=8)], [head_line("O2", 113)])
    )
    assert row_errors(result) == [("户表", 2, "", "overtaken")]
    assert person.get(f"{WORKBOOKS}/{result['batch_id']}").json()["summary"]["refused"] == 1
