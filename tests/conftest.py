"""Fixtures of every test: real databases, which start in a second, and never substitutes for them."""

import gc
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from hypothesis import settings

from lika.garbage_collection import leave_out_what_is_there
from services.chassis.kafka.cluster import Cluster
from tests.coverage.outcomes import WholeRun
from tests.support.databases import Databases
from tests.support.kafka import shared_kafka
from tests.support.long_run import LONG
from tests.support.remembered_routes import remember_routes
from tests.support.reported_figures import write_figures
from tests.support.sample import ToldSample, run_name, told_sample
from tests.support.temporary import temporary

# The duration of an example says only how busy the machine is.
settings.register_profile("lika", deadline=None)
settings.load_profile("lika")
remember_routes()
gc.disable()  # until all is collected: nothing of what loads goes away again

SLOWEST_FIRST = (
    "tests/faults/test_kills.py",
    "tests/faults/test_kafka.py",
    "tests/journeys/test_demo.py",
    "tests/contracts/test_fuzz.py",
    "tests/faults/test_failpoints.py",
    "tests/journeys/test_dry_run.py",
    "tests/contracts/test_access_table.py",
    "tests/browser/test_every_page.py",
    "tests/journeys/test_rebuild.py",
    "tests/journeys/test_first_household.py",
    "tests/lika/operations/test_doctor.py",
    "tests/lika/operations/test_rebuild_cli.py",
    "tests/journeys/test_every_route.py",
    "tests/lika/deployment/test_separate_processes.py",
    "tests/journeys/test_demo_of_monitoring.py",
)


def pytest_configure(config: pytest.Config) -> None:
    chosen = config.option.keyword or config.option.markexpr or config.option.collectonly
    if config.args_source is config.ArgsSource.TESTPATHS and not chosen and not hasattr(config, "workerinput"):
        config.pluginmanager.register(WholeRun())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one of them at the end; what is for ``make faults``
    alone is left to it. Within a file always in the order of the file, also where tests are named one by one: those that share
    a house share its clock, which only goes forward."""
    if not LONG and (left := [item for item in items if item.get_closest_marker("long_run")]):
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    found_at = {name: place for place, name in enumerate(dict.fromkeys(item.location[0] for item in items))}
    rank = {name: place for place, name in enumerate(SLOWEST_FIRST)}
    items.sort(key=lambda item: (rank.get(name := item.location[0], len(rank)), found_at[name], item.location[1] or 0))


def pytest_collection_finish() -> None:
    """As a house does before it serves: beside seven thousand collected tests the collector has even more to walk through."""
    leave_out_what_is_there()
    gc.enable()


@pytest.fixture(scope="session")
def postgres_settings() -> dict[str, str]:
    """Settings that differ from the product's. Tests never cut the machine's power, and a killed process loses nothing that
    the kernel already holds; fault tests use the product's own settings. Passwords guard nothing here, and a login of a few
    milliseconds a thousand times over would be the slowest part of it."""
    return {"fsync": "off", "full_page_writes": "off", "scram_iterations": "1"}


@pytest.fixture(scope="session")
def databases(postgres_settings: dict[str, str]) -> Iterator[Databases]:
    """This worker's server. Fails, never skips, when PostgreSQL cannot start."""
    with Databases(postgres_settings, temporary()) as running:
        yield running


@pytest.fixture
def database(databases: Databases) -> Iterator[Callable[[str], str]]:
    """``database("registry")`` → connection string of a fresh, migrated database, dropped after the test."""
    with ExitStack() as open_databases:
        yield lambda service: open_databases.enter_context(databases.fresh(service))


@pytest.fixture(scope="module")
def module_database(databases: Databases) -> Iterator[Callable[[str], str]]:
    """``database`` for a whole module, where services started for each test would prove nothing more."""
    with ExitStack() as open_databases:
        yield lambda service: open_databases.enter_context(databases.fresh(service))


@pytest.fixture(scope="session")
def told() -> Iterator[ToldSample]:
    """The sample, told once for all workers and kept as long as one of them may ask for it."""
    with told_sample(run_name()) as sample:
        yield sample


BROKER_NAMES = pytest.StashKey[set[str]]()
"""Names of the brokers that ran, for the last lines of the session."""


@pytest.fixture(scope="session")
def kafka(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """The session's broker, the same for every worker. Fails, never skips, where Apache Kafka can be had."""
    with shared_kafka(run_name()) as broker:
        request.config.stash.setdefault(BROKER_NAMES, set()).add(broker.name)
        yield broker


def pytest_sessionfinish(session: pytest.Session) -> None:
    leave_out_what_is_there()  # else pytest walks through all of it five times, to tell of what went wrong in going away
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["brokers"] = sorted(session.config.stash.get(BROKER_NAMES, ()))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash.setdefault(BROKER_NAMES, set()).update(getattr(node, "workeroutput", {}).get("brokers", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for name in sorted(config.stash.get(BROKER_NAMES, ())):
        terminalreporter.line(f"broker: {name}")
    write_figures(terminalreporter)
