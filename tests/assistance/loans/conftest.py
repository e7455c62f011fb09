"""One running service for all that needs no other day than the first."""

from collections.abc import Iterator
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
