"""An import that is cut off, repeated or crossed by others has every effect once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

import pytest

from services.chassis.log.group_commit import StoreUnavailable
from services.chassis.log.unit import Outcome, Unit
from services.registry.intake.importing import importer
from tests.registry.intake.import_requests import (
    WORKBOOKS,
    cadre,
    errors,
    file,
    head,
    household,
    log,
    register,
    send,
    stream,
    took_in,
    types,
)
from tests.support.running import Lika

Submit = Callable[[Unit], "Future[Outcome]"]


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with register(module_database, tmp_path_factory.mktemp("lika"), datetime(2014, 6, 1)) as started:  # noqa: DTZ001
        yield started


def village(letter: str, first: int, size: int = 5) -> bytes:
    numbers = [f"{letter}{n}" for n in range(size)]
    return file([household(n) for n in numbers], [head(n, first + 2 * place) for place, n in enumerate(numbers)])


def test_an_import_cut_off_midway_goes_on_with_the_same_key_and_repeats_nothing(
    running: Lika, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, who, book = running.services["registry"].store, cadre(running), village("H", 1)
    whole: Submit = store.submit
    submitted: list[Unit] = []

    def breaks_down(unit: Unit) -> "Future[Outcome]":
        submitted.append(unit)
        if len(submitted) == 4:
            raise StoreUnavailable("cut off")
        return whole(unit)

    monkeypatch.setattr(importer, "CHUNK", 2)
    with monkeypatch.context() as cut:
        cut.setattr(store, "submit", breaks_down)
        answer = send(who, book, key="resumed-1")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert 2 <= log(running).count("HouseholdRecorded") < 5
    assert "WorkbookImported" not in log(running)

    told = took_in(who, book, key="resumed-1")
    assert (told["recorded"], told["unchanged"], told["refused"], told["replayed"]) == (5, 0, 0, False)
    assert log(running).count("HouseholdRecorded") == 5
    assert log(running).count("WorkbookImported") == 1


def test_what_others_changed_meanwhile_is_not_overwritten_by_going_on(
    running: Lika, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, who = running.services["registry"].store, cadre(running)
    book = file([household("M1"), household("M2")], [head("M1", 61), head("M2", 63)])
    whole: Submit = store.submit

    def refuses_the_second(unit: Unit) -> "Future[Outcome]":
        if unit.command.route.endswith("#household") and log(running).count("HouseholdRecorded") > before:
            raise StoreUnavailable("cut off")
        return whole(unit)

    before = log(running).count("HouseholdRecorded")
    monkeypatch.setattr(importer, "CHUNK", 1)
    with monkeypatch.context() as cut:
        cut.setattr(store, "submit", refuses_the_second)
        assert send(who, book, key="resumed-2").status_code == 503
    household_id, _ = stream(running, "M1")
    visit = {"effective_on": "2014-05-25", "arable_mu": "9.9"}
    assert who.post(f"/registry/households/{household_id}/surveys", visit).status_code == 201
    assert took_in(who, book, key="resumed-2")["recorded"] == 2
    assert types(running, "M1") == ["HouseholdRecorded", "HouseholdSurveyed"]


def test_the_same_request_again_is_answered_as_before(running: Lika) -> None:
    who, book = cadre(running), village("Q", 71, size=2)
    first = took_in(who, book, key="repeated-1")
    facts = log(running)
    again = took_in(who, book, key="repeated-1")
    assert again == {**first, "replayed": True}
    assert log(running) == facts


def test_a_key_serves_one_file(running: Lika) -> None:
    who = cadre(running)
    took_in(who, village("W", 81, size=1), key="one-file-1")
    other = send(who, village("Y", 83, size=1), key="one-file-1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_the_same_request_twice_at_once_has_one_effect(running: Lika) -> None:
    who, book = cadre(running), village("G", 91, size=6)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: send(who, book, key="at-once-1"), range(2)))
    assert [a.status_code for a in answers] == [201, 201]
    assert {a.json()["recorded"] for a in answers} == {6}
    assert all(types(running, f"G{n}") == ["HouseholdRecorded"] for n in range(6))
    batch = answers[0].json()["batch_id"]
    assert len(running.services["registry"].store.stream(f"intake-{batch}")) == 1


def test_a_household_changed_by_others_at_the_same_time_is_decided_anew(
    running: Lika, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, who = running.services["registry"].store, cadre(running)
    took_in(who, file([household("O1")], [head("O1", 111)]))
    household_id, _ = stream(running, "O1")
    whole: Submit = store.submit
    visits = iter(["4.4"])

    def crossed(unit: Unit) -> "Future[Outcome]":
        if unit.command.route.endswith("#household") and (area := next(visits, None)) is not None:
            visit = {"effective_on": "2014-05-25", "arable_mu": area}
            assert who.post(f"/registry/households/{household_id}/surveys", visit).status_code == 201
        return whole(unit)

    monkeypatch.setattr(store, "submit", crossed)
    told = took_in(who, file([household("O1", surveyed_on="2014-05-26", arable_mu=4.4)], [head("O1", 111)]))
    assert (told["updated"], told["unchanged"]) == (0, 1)
    assert types(running, "O1") == ["HouseholdRecorded", "HouseholdSurveyed"]


def test_a_household_that_never_stands_still_is_given_back(running: Lika, monkeypatch: pytest.MonkeyPatch) -> None:
    store, who = running.services["registry"].store, cadre(running)
    took_in(who, file([household("O2")], [head("O2", 113)]))
    household_id, _ = stream(running, "O2")
    whole: Submit = store.submit
    areas = iter(range(1, 99))

    def crossed(unit: Unit) -> "Future[Outcome]":
        if unit.command.route.endswith("#household"):
            visit = {"effective_on": "2014-05-25", "forest_mu": str(next(areas))}
            assert who.post(f"/registry/households/{household_id}/surveys", visit).status_code == 201
        return whole(unit)

    monkeypatch.setattr(store, "submit", crossed)
    told = took_in(who, file([household("O2", surveyed_on="2014-05-26", arable_mu=8)], [head("O2", 113)]))
    assert errors(told) == [("户表", 2, "", "overtaken")]
    assert who.get(f"{WORKBOOKS}/{told['batch_id']}").json()["summary"]["refused"] == 1
