"""One registry of 2018 for all modules whose tests keep to villages of their own: starting one costs a second."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from contracts.roles import Role
from tests.registry.households.example_villages import TODAY, Village, registry_of_2018
from tests.support.databases import Databases
from tests.support.running import Lika


@pytest.fixture(scope="session")
def running(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with ExitStack() as opened:
        started = opened.enter_context(
            registry_of_2018(
                lambda service: opened.enter_context(databases.fresh(service)), tmp_path_factory.mktemp("lika")
            )
        )
        yield started
        now = started.client_for("operator-1", "", Role.OPERATOR).get("/registry/clock").json()["now"]
        assert now.startswith(TODAY), "a test that steps the clock starts a registry of its own"


@pytest.fixture
def village(running: Lika) -> Village:
    """A village of a test's own, in whichever registry its module runs."""
    return Village(running)


@pytest.fixture
def here(running: Lika) -> Village:
    return Village(running)


@pytest.fixture
def there(running: Lika) -> Village:
    return Village(running)
