"""One registry of 2018 for all modules whose tests keep to villages of their own: starting one costs a second."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.registry.households.example_villages import Village, registry_of_2018
from tests.support.databases import Databases
from tests.support.running import Lika


@pytest.fixture(scope="session")
def running(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with ExitStack() as opened:
        yield opened.enter_context(
            registry_of_2018(
                lambda service: opened.enter_context(databases.fresh(service)), tmp_path_factory.mktemp("lika")
            )
        )


@pytest.fixture
def village(running: Lika) -> Village:
    """A village of a test's own, in whichever registry its module runs."""
    return Village(running)
