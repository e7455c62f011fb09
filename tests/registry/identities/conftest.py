"""A running registry of 2018 for the tests of one module, and a village of a test's own."""

from collections.abc import Callable, Iterator

import pytest

from tests.registry.households.example_villages import Village, registry_of_2018
from tests.support.running import Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_of_2018(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def village(running: Lika) -> Village:
    return Village(running)
