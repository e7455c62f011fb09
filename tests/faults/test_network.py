"""A network that cuts, delays and swallows answers: a command has one effect, and a log is read without a gap."""

import random
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from contracts.roles import Role
from services.chassis.following.consumer import Consumer
from services.chassis.following.sources import PAGE, HttpSource
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.settings import Settings
from services.chassis.log.command_record import Outcome, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.security.verifier import Verifier
from services.chassis.web.application import service_app
from services.chassis.web.log_api import log_router
from tests.chassis.sample import enrolled, stream_of
from tests.faults.conftest import Tell
from tests.faults.invariants import entries, gapless, query, settled_findings
from tests.faults.kill_plan import CUTS, LONG
from tests.faults.processes import Office
from tests.faults.proxy import Proxy
from tests.faults.service_under_test import LOG, READER, Errand, Notes, Premises, furnish_reader, unit
from tests.support.databases import Databases
from tests.support.eventually import eventually
from tests.support.serving import serving


@pytest.fixture
def remote(databases: Databases) -> Iterator[tuple[Office, Proxy]]:
    """An office whose databases are behind a network that fails."""
    with databases.fresh("chassis") as log, databases.fresh("chassis") as reader, Proxy.to_postgres(log) as network:
        office = Office(Premises(network.conninfo(log), network.conninfo(reader)))
        try:
            yield office, network
        finally:
            office.abandon()


def test_cut_at_any_moment_it_loses_nothing_and_repeats_nothing(
    remote: tuple[Office, Proxy], chance: random.Random, tell: Tell
) -> None:
    office, network = remote
    office.start()
    for _ in range(CUTS):
        assert office.carry_out(chance.randint(1, 30))
        if chance.random() < 0.5:
            assert office.busy_until(lambda: network.cut() > 0)
        else:
            # In the middle of an answer, of a column, of a message's length.
            before = network.cuts
            network.cut_after(chance.randint(0, 3000))
            assert office.busy_until(lambda before=before: network.cuts > before)  # type: ignore[misc]
    assert network.cuts >= CUTS
    tell({"cuts": network.cuts, **settled_findings(office)})


def test_a_commit_that_nobody_heard_of_is_found_by_its_record(databases: Databases, tell: Tell) -> None:
    with databases.fresh("chassis") as direct, Proxy.to_postgres(direct) as network:
        with closing(Store(LOG, network.conninfo(direct), SystemClock())) as store:
            decided = 0

            def counting(tx: Tx) -> Reply:
                nonlocal decided
                decided += 1
                household = uuid4()
                return Reply(location=tx.append(stream_of(household), enrolled(household))[0])

            for number in range(1, 11):
                network.swallow_a_commit()
                asked = unit(Errand(f"unheard-{number}"))
                outcome: Outcome = store.submit(Unit(asked.command, counting)).result(30)
                assert (network.swallowed, decided, outcome.position) == (number, number, number)
                assert outcome.replayed, "found, not decided again"
        facts = gapless(LOG, direct)
        assert len(facts) == len(query(direct, "SELECT FROM commands")) == 10
        tell({"commits unheard": 10, "commands acknowledged": 10, "commands found": len(facts)})


def test_commits_that_nobody_heard_of_during_load_have_one_effect(
    remote: tuple[Office, Proxy], chance: random.Random, tell: Tell
) -> None:
    office, network = remote
    office.start()
    assert office.carry_out(1)
    for number in range(1, CUTS + 1):
        network.swallow_a_commit()
        assert office.busy_until(lambda number=number: network.swallowed == number)  # type: ignore[misc]
        assert office.carry_out(chance.randint(1, 20))
    tell({"commits unheard": network.swallowed, **settled_findings(office)})


def test_a_slow_network_changes_nothing_but_the_time_it_takes(
    remote: tuple[Office, Proxy], chance: random.Random, tell: Tell
) -> None:
    office, network = remote
    network.delay = lambda: chance.choice((0, 0, 0.001, 0.01, 0.05))
    office.start()
    assert office.carry_out(300 if LONG else 30)
    network.delay = float
    tell(settled_findings(office))


@pytest.fixture
def producer(databases: Databases) -> Iterator[Store]:
    with databases.fresh("chassis") as conninfo, closing(Store(LOG, conninfo, SystemClock())) as store:
        yield store


@pytest.fixture
def reader(databases: Databases) -> Iterator[Store]:
    with databases.fresh("chassis") as conninfo, closing(Store(READER, conninfo, SystemClock())) as store:
        furnish_reader(conninfo)
        yield store


@pytest.fixture
def remote_log(producer: Store, tmp_path: Path) -> Iterator[tuple[HttpSource, Proxy]]:
    """The producer's log over HTTP, behind a network that fails."""
    settings = Settings(data_dir=tmp_path)
    verifier = Verifier.of(settings, now=lambda: datetime.now(UTC))
    token = issue_token(
        LocalKey.of(settings), subject=READER, roles=[Role.SERVICE], division="", ttl=timedelta(hours=1),
        now=datetime.now(UTC),
    )  # fmt: skip
    app = service_app(name=LOG, title="Registry", routers=[log_router(producer)], verifier=verifier)
    headers = {"Authorization": f"Bearer {token}"}
    with serving(app) as url, Proxy.to_http(url) as network:
        with httpx.Client(base_url=network.url, headers=headers, timeout=30, trust_env=False) as client:
            yield HttpSource(LOG, client), network


def test_a_page_cut_in_the_middle_is_read_again(
    producer: Store, reader: Store, remote_log: tuple[HttpSource, Proxy], chance: random.Random, tell: Tell
) -> None:
    source, network = remote_log
    consumer = Consumer(reader, source, [Notes()])
    consumer.start()
    try:
        for cut in range(1, CUTS + 1):
            network.cut_after(chance.randint(1, 50_000))
            fill(producer, chance.randint(PAGE, 2 * PAGE))  # more than what is let through
            eventually(lambda cut=cut: network.cuts == cut)  # type: ignore[misc]
        eventually(lambda: consumer.position == producer.position(), 120)
        assert consumer.runs
    finally:
        consumer.stop()
    facts = gapless(LOG, producer._conninfo)
    assert query(reader._conninfo, "SELECT position FROM notes ORDER BY position") == [(f.position,) for f in facts]
    assert entries(reader._conninfo, "copies", LOG) == entries(producer._conninfo, "log")
    tell({"cuts": network.cuts, "effects found": len(facts)})


def fill(store: Store, count: int) -> None:
    def work(tx: Tx) -> None:
        for _ in range(count):
            household = uuid4()
            tx.append(stream_of(household), enrolled(household))

    store.transact(work)
