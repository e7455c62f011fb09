"""Fixtures of the tests of records."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.assistance.harness import AssistanceHarness, assistance_harness

TODAY = "2016-06-01"


@pytest.fixture(scope="module")
def shared(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    """One house for tests that look at subjects and villages of their own."""
    with assistance_harness(module_database, tmp_path_factory.mktemp("records"), TODAY) as started:
        yield started


@pytest.fixture
def own(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, TODAY) as started:
        yield started
