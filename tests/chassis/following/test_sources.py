"""Reading a log, beside its database or over HTTP: the same entries, pages that never change, and an honest end."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from contracts.roles import Role
from services.chassis.following.sources import PAGE, HttpSource, LocalSource
from services.chassis.ground.clock import SimulatedClock
from services.chassis.ground.settings import Settings
from services.chassis.integrity.writing import write_own
from services.chassis.log.digests import PublishedDigests
from services.chassis.log.entries import Entry
from services.chassis.log.store import CLOSING_STEP, Store
from services.chassis.log.unit import Tx
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import service_app
from services.chassis.web.log_api import log_router
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import enrolled, record, rows, stream_of
from tests.support.access import access_of
from tests.support.services import peer_client, services_set
from tests.support.serving import serving
from tests.support.silent_edits import edit_silently


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store("sample")


@pytest.fixture
def client(store: Store, tmp_path: Path) -> Iterator[httpx.Client]:
    """Another service, asking over a real socket."""
    key = ServiceKey.generate("reader")
    settings = Settings(data_dir=tmp_path, services_jwks_file=services_set(tmp_path, [key]))
    verifier = Verifier.of(settings, now=lambda: datetime.now(UTC), here=["sample"])
    pages = log_router(store)
    readers = {act: [Role.SERVICE] for act in ("read_log_head", "read_log_page", "read_log_digests")}
    app = service_app(
        name="sample", title="Sample", routers=[pages], access=access_of(pages, roles=readers), verifier=verifier
    )
    with ExitStack() as open_:
        url = open_.enter_context(serving(app))
        yield open_.enter_context(peer_client(key, "sample", url))


def fill(store: Store, count: int) -> None:
    def work(tx: Tx) -> None:
        for _ in range(count):
            household = uuid4()
            tx.append(stream_of(household), enrolled(household))

    store.transact(work)


def test_a_full_page_never_changes_and_may_be_kept_for_ever(store: Store, client: httpx.Client) -> None:
    fill(store, PAGE)
    full = client.get("/log/entries/0")
    assert [e["position"] for e in full.json()["entries"]] == list(range(1, PAGE + 1))
    assert "immutable" in full.headers["cache-control"]
    fill(store, 3)
    again = client.get("/log/entries/0")
    assert again.content == full.content
    partial = client.get("/log/entries/1")
    assert [e["position"] for e in partial.json()["entries"]] == [PAGE + 1, PAGE + 2, PAGE + 3]
    assert partial.headers["cache-control"] == "no-store"
    assert partial.json()["head"] == PAGE + 3
    beyond = client.get("/log/entries/2")
    assert (beyond.json()["entries"], beyond.headers["cache-control"]) == ([], "no-store")


def test_a_long_poll_answers_as_soon_as_something_arrives(store: Store, client: httpx.Client) -> None:
    record(store, enrolled(uuid4()))
    with ThreadPoolExecutor(1) as elsewhere:
        asked = elsewhere.submit(client.get, "/log/entries/0", params={"beyond": 1, "wait": 25})
        assert client.get("/log/entries/0", params={"beyond": 1, "wait": 0.1}).json()["head"] == 1
        assert not asked.done()
        record(store, enrolled(uuid4()))
        assert asked.result(10).json()["head"] == 2
    assert asked.result().elapsed < timedelta(seconds=10)


def test_the_log_is_for_services_and_auditors_only(client: httpx.Client) -> None:
    assert client.get("/log/entries/0", auth=("nobody", "")).status_code == 401


def test_over_http_come_the_same_entries_byte_for_byte(store: Store, client: httpx.Client) -> None:
    fill(store, PAGE + 20)
    sources = LocalSource(store), HttpSource("sample", client)
    read = []
    for source in sources:
        entries: list[Entry] = []
        cursor = 0
        while (page := source.read(cursor, 100)).entries:
            assert (page.start, page.end) == (cursor, cursor + len(page.entries))
            entries += page.entries
            cursor = page.end
        read.append(entries)
    assert read[0] == read[1]
    assert [e.state for e in read[1]] == [s for (s,) in rows(store, "SELECT state FROM log ORDER BY notification_id")]
    assert [s.head() for s in sources] == [PAGE + 20, PAGE + 20]


def test_a_reader_that_waits_gets_what_comes_with_the_answer_it_waits_for(store: Store, client: httpx.Client) -> None:
    source, asked, goes_on = HttpSource("sample", client), list[httpx.URL](), threading.Event()
    client.event_hooks = {"request": [lambda request: asked.append(request.url)]}
    cursor = source.read(0, PAGE).end
    source.wait(cursor, goes_on)  # nothing came: the log is closed a little further
    assert source.read(cursor, PAGE).entries == ()
    with ThreadPoolExecutor(1) as elsewhere:
        waiting = elsewhere.submit(source.wait, cursor, goes_on)
        fill(store, 1)
        waiting.result(10)
    assert [e.position for e in source.read(cursor, PAGE).entries] == [cursor + 1]
    assert len(asked) == 3  # one for each time that it looked or waited
    source.wait(cursor, goes_on)
    fill(store, 1)
    assert [e.position for e in source.read(cursor + 1, PAGE).entries] == [cursor + 2]  # elsewhere it asks anew


def test_digests_are_published_as_they_were_written_and_as_the_log_is_now(store: Store, client: httpx.Client) -> None:
    fill(store, 3)
    sources = LocalSource(store), HttpSource("sample", client)
    assert [s.digests(0) for s in sources] == [PublishedDigests(b"", b"")] * 2
    with store.reading() as conn:
        assert write_own(conn, "sample") == (3, [])
        assert [s.digests(0) for s in sources] == [PublishedDigests(d := sources[0].digests(0).written, d)] * 2
        assert len(d) == 96
    edit_silently(store._conninfo, "UPDATE log SET actor = 'somebody-else' WHERE notification_id = 2")
    altered = [s.digests(0) for s in sources]
    assert altered[0] == altered[1]
    assert (altered[0].written, altered[0].now[:32], altered[0].now[64:]) == (d, d[:32], d[64:])
    assert altered[0].now != d


@pytest.mark.parametrize("limit", [10, PAGE, 500])
def test_a_page_is_closed_through_its_last_entry_until_it_reaches_the_head(
    store: Store, client: httpx.Client, limit: int
) -> None:
    record(store, *(enrolled(uuid4()) for _ in range(30)))
    for source in (LocalSource(store), HttpSource("sample", client)):
        page = source.read(0, limit)
        # Nothing at all lies between the last entry read and the instant called closed.
        later = store.page(page.end, 100)[0]
        assert page.closed_through >= page.entries[-1].recorded_at
        assert all(e.recorded_at >= page.closed_through for e in later)
        assert (page.closed_through > page.entries[-1].recorded_at) == (page.end == 30)


def test_an_idle_log_closes_up_to_now_and_keeps_its_word_when_the_clock_jumps_back(open_store: OpenStore) -> None:
    clock = SimulatedClock(datetime(2014, 1, 1, tzinfo=UTC))
    store = open_store("sample", clock=clock)
    record(store, enrolled(uuid4()))
    clock.step(clock.now() + CLOSING_STEP)
    assert store.head().closed_through < clock.now()  # each move is a commit: not for less than a second
    clock.step(clock.now() + CLOSING_STEP)
    closed = store.head().closed_through
    assert closed == clock.now()
    store.clock = SimulatedClock(datetime(2013, 1, 1, tzinfo=UTC))
    assert store.head().closed_through == closed
    record(store, enrolled(uuid4()))
    assert store.page(1, 1)[0][0].recorded_at >= closed


def test_nothing_is_ever_recorded_before_an_instant_that_was_called_closed(store: Store) -> None:
    seen: list[tuple[int, datetime]] = []
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            head = store.head()
            seen.append((head.position, head.closed_through))

    with ThreadPoolExecutor(2) as threads:
        watching = [threads.submit(watch) for _ in range(2)]
        record(store, *(enrolled(uuid4()) for _ in range(100)))
        done.set()
        for watcher in watching:
            watcher.result()
    entries = store.page(0, 1000)[0]
    assert seen
    for position, closed in seen:
        assert all(e.recorded_at >= closed for e in entries[position:])
        assert all(e.recorded_at < closed for e in entries[:position])
