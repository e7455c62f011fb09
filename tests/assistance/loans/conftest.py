"""Running services: one for all that needs no other day than the first, and one for each file whose days go on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.assistance.harness import AssistanceHarness, assistance_harness
from tests.assistance.loans.example_requests import START
from tests.support.databases import Databases


@pytest.fixture(scope="package")
def first_day(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AssistanceHarness]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("loans")
        yield stack.enter_context(
            assistance_harness(lambda service: stack.enter_context(databases.fresh(service)), folder, START)
        )


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("loans"), START) as started:
        yield started


@pytest.fixture(scope="module")
def later(harness: AssistanceHarness) -> AssistanceHarness:
    """On the second day after investment for dividend has ended."""
    harness.advance_to("2017-07-27")
    return harness
