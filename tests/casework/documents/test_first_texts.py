"""What a release ships is adopted at the first start, once, and its files are never needed again."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.casework.documents import DocumentAdopted, DocumentProposed
from services.casework.documents.editions import STREAM
from services.casework.documents.first_texts import SHIPPED_BY, FirstTexts
from services.casework.documents.kinds import DocumentKinds
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.release import release
from services.chassis.law.yaml_text import DocumentFileError
from services.chassis.log.store import Store
from services.registry.document_kinds import FIRST_TEXTS
from tests.casework.documents.document_facts import Story

KINDS: DocumentKinds = {"calendar": dict}
CALENDAR = """calendar: cn
edition: "{edition}"
jurisdiction: CN
source: a paper
from: {edition}-01-01
to: {edition}-12-31
days: [{days}]
"""


def texts(folder: Path, **days: str) -> FirstTexts:
    for edition, of_edition in days.items():
        path = folder / "calendars" / f"{edition}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(CALENDAR.format(edition=edition.removeprefix("y"), days=of_edition), encoding="utf-8")
    return FirstTexts(folder, KINDS)


@pytest.fixture
def conninfo(database: Callable[[str], str]) -> str:
    return database("chassis")


@pytest.fixture
def store(conninfo: str) -> Iterator[Store]:
    opened = Store("registry", conninfo, SystemClock())
    yield opened
    opened.close()


def test_an_empty_log_takes_in_all_texts_as_those_of_this_release(store: Store, tmp_path: Path) -> None:
    texts(tmp_path, y2016="2016-01-01", y2014="2014-01-01").adopt(store)
    facts = store.stream(STREAM)
    assert [type(r.fact) for r in facts] == [DocumentProposed, DocumentAdopted] * 2
    assert {r.fact.entered_by for r in facts} == {SHIPPED_BY}
    assert [r.fact.shipped_with for r in facts if isinstance(r.fact, DocumentProposed)] == [release()] * 2
    assert len({r.command_id for r in facts}) == 1


def test_a_start_that_finds_them_all_adds_nothing_with_or_without_the_files(store: Store, tmp_path: Path) -> None:
    first = texts(tmp_path, y2014="2014-01-01")
    first.adopt(store)
    before = store.stream(STREAM)
    texts(tmp_path).adopt(store)
    for file in tmp_path.rglob("*.yaml"):
        file.unlink()
    texts(tmp_path).adopt(store)
    FirstTexts(tmp_path / "gone", KINDS).adopt(store)
    assert store.stream(STREAM) == before


def test_a_later_release_adds_only_what_is_new_and_leaves_every_edition_of_a_known_name(
    store: Store, tmp_path: Path
) -> None:
    texts(tmp_path, y2014="2014-01-01").adopt(store)
    before = store.stream(STREAM)
    texts(tmp_path, y2014="2014-05-01", y2015="2015-01-01").adopt(store)
    facts = store.stream(STREAM)
    assert facts[: len(before)] == before
    assert [r.fact.edition for r in facts[len(before) :] if isinstance(r.fact, DocumentProposed)] == ["2015"]


def test_what_was_withdrawn_is_not_adopted_again(store: Store, tmp_path: Path) -> None:
    story = Story()
    story.withdraw_by_two(story.adopt("2014"))
    store.transact(lambda tx: tx.append(STREAM, *story.facts))
    texts(tmp_path, y2014="2014-01-01").adopt(store)
    assert len(store.stream(STREAM)) == len(story.facts)


def test_replicas_that_start_together_adopt_nothing_twice(conninfo: str, tmp_path: Path) -> None:
    first = texts(tmp_path, **{f"y{year}": f"{year}-01-01" for year in range(2014, 2020)})
    stores = [Store("registry", conninfo, SystemClock()) for _ in range(4)]
    together = threading.Barrier(len(stores))

    def start(store: Store) -> None:
        together.wait()
        FirstTexts(first.folder, KINDS).adopt(store)

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    facts = stores[0].stream(STREAM)
    for store in stores:
        store.close()
    assert len(facts) == 2 * 6


def test_a_text_that_is_not_legal_names_its_file_and_line(tmp_path: Path) -> None:
    wrong = texts(tmp_path, y2014="1.5")
    with pytest.raises(DocumentFileError, match=r"2014\.yaml:7: "):
        _ = wrong.proposals


def test_what_the_simulation_and_tests_read_is_what_an_empty_log_comes_to_hold(store: Store) -> None:
    FIRST_TEXTS.adopt(store)
    states = FIRST_TEXTS.register("registry").as_known().states
    stored = {r.id: r.fact for r in store.stream(STREAM) if isinstance(r.fact, DocumentProposed)}
    assert {document: state.edition.fact for document, state in states.items()} == stored
