"""A network that cuts connections, delays data and drops replies: a command has one effect, a log is read without a gap."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from contracts.roles import Role
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import PAGE, HttpSource
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.log.command_record import Outcome, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.service_keys import ServiceKey
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import service_app
from services.chassis.web.log_api import log_router
from tests.chassis.sample import append_households, enrolled, stream_of
from tests.faults.conftest import ReportFigures
from tests.faults.invariants import entries, query, read_gapless_log, settle_and_check
from tests.faults.kill_plan import NETWORK_CUTS
from tests.faults.processes import ServiceProcess
from tests.faults.proxy import Proxy
from tests.faults.service_under_test import LOG, READER, Command, Deployment, NotesReaction, create_notes_table, unit
from tests.support.access import access_of
from tests.support.databases import Databases
from tests.support.eventually import eventually
from tests.support.long_run import LONG
from tests.support.services import peer_client, services_set
from tests.support.serving import serving


@pytest.fixture
def remote(databases: Databases) -> Iterator[tuple[ServiceProcess, Proxy]]:
    """A service whose databases are behind a faulty network."""
    with databases.fresh("chassis") as log, databases.fresh("chassis") as reader, Proxy.to_postgres(log) as network:
        service = ServiceProcess(Deployment(network.conninfo(log), network.conninfo(reader)))
        try:
            yield service, network
        finally:
            service.dispose()


def test_cut_at_any_moment_it_loses_nothing_and_repeats_nothing(
    remote: tuple[ServiceProcess, Proxy], rng: random.Random, report: ReportFigures
) -> None:
    service, network = remote
    service.start()
    for _ in range(NETWORK_CUTS):
        assert service.complete(rng.randint(1, 30))
        if rng.random() < 0.5:
            assert service.run_until(lambda: network.cut() > 0)
        else:
            # In the middle of a response, of a column, of a message's length.
            before = network.cuts
            network.cut_after(rng.randint(0, 3000))
            assert service.run_until(lambda before=before: network.cuts > before)  # type: ignore[misc]
    assert network.cuts >= NETWORK_CUTS
    report({"cuts": network.cuts, **settle_and_check(service)})


def test_a_commit_whose_reply_was_lost_is_found_by_its_record(databases: Databases, report: ReportFigures) -> None:
    with databases.fresh("chassis") as direct, Proxy.to_postgres(direct) as network:
        with closing(Store(LOG, network.conninfo(direct), SystemClock())) as store:
            decided = 0

            def counting(tx: Tx) -> Reply:
                nonlocal decided
                decided += 1
                household = uuid4()
                return Reply(location=tx.append(stream_of(household), enrolled(household))[0])

            for number in range(1, 11):
                network.drop_next_commit_reply()
                asked = unit(Command(f"lost-reply-{number}"))
                outcome: Outcome = store.submit(Unit(asked.command, counting)).result(30)
                assert (network.dropped_replies, decided, outcome.position) == (number, number, number)
                assert outcome.replayed, "decided again instead of found"
        facts = read_gapless_log(LOG, direct)
        assert len(facts) == len(query(direct, "SELECT FROM commands")) == 10
        report({"commit replies lost": 10, "commands acknowledged": 10, "commands found": len(facts)})


@pytest.mark.long_run
def test_commits_whose_replies_are_lost_under_load_have_one_effect(
    remote: tuple[ServiceProcess, Proxy], rng: random.Random, report: ReportFigures
) -> None:
    service, network = remote
    service.start()
    assert service.complete(1)
    for number in range(1, NETWORK_CUTS + 1):
        network.drop_next_commit_reply()
        assert service.run_until(lambda number=number: network.dropped_replies == number)  # type: ignore[misc]
        assert service.complete(rng.randint(1, 20))
    report({"commit replies lost": network.dropped_replies, **settle_and_check(service)})


@pytest.mark.long_run
def test_a_slow_network_changes_nothing_but_the_time_it_takes(
    remote: tuple[ServiceProcess, Proxy], rng: random.Random, report: ReportFigures
) -> None:
    service, network = remote
    network.delay = lambda: rng.choice((0, 0, 0.001, 0.01, 0.05))
    service.start()
    assert service.complete(300 if LONG else 30)
    network.delay = float
    report(settle_and_check(service))


@pytest.fixture
def producer(databases: Databases) -> Iterator[Store]:
    with databases.fresh("chassis") as conninfo, closing(Store(LOG, conninfo, SystemClock())) as store:
        yield store


@pytest.fixture
def reader(databases: Databases) -> Iterator[Store]:
    with databases.fresh("chassis") as conninfo, closing(Store(READER, conninfo, SystemClock())) as store:
        create_notes_table(conninfo)
        yield store


@pytest.fixture
def remote_log(producer: Store, tmp_path: Path) -> Iterator[tuple[HttpSource, Proxy]]:
    """The producer's log over HTTP, behind a faulty network."""
    key = ServiceKey.generate(READER)
    settings = Settings(data_dir=tmp_path, services_jwks_file=services_set(tmp_path, [key]))
    verifier = Verifier.of(settings, now=lambda: datetime.now(UTC), here=[LOG])
    pages = log_router(producer)
    readers = {act: [Role.SERVICE] for act in ("read_log_head", "read_log_page", "read_log_digests")}
    app = service_app(
        name=LOG, title="Registry", routers=[pages], access=access_of(pages, roles=readers), verifier=verifier
    )
    with serving(app) as url, Proxy.to_http(url) as network:
        with peer_client(key, LOG, network.url) as client:
            yield HttpSource(LOG, client), network


@pytest.mark.long_run
def test_a_page_cut_in_the_middle_is_read_again(
    producer: Store, reader: Store, remote_log: tuple[HttpSource, Proxy], rng: random.Random, report: ReportFigures
) -> None:
    source, network = remote_log
    consumer = Consumer(reader, source, [NotesReaction()])
    consumer.start()
    try:
        for cut in range(1, NETWORK_CUTS + 1):
            network.cut_after(rng.randint(1, 50_000))
            append_households(producer, rng.randint(PAGE, 2 * PAGE))  # more than what is forwarded
            eventually(lambda cut=cut: network.cuts == cut)  # type: ignore[misc]
        eventually(lambda: consumer.position == producer.position(), 120)
        assert consumer.runs
    finally:
        consumer.stop()
    facts = read_gapless_log(LOG, producer._conninfo)
    assert query(reader._conninfo, "SELECT position FROM notes ORDER BY position") == [(f.position,) for f in facts]
    assert entries(reader._conninfo, "copies", LOG) == entries(producer._conninfo, "log")
    report({"cuts": network.cuts, "effects found": len(facts)})
