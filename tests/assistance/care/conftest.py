"""A county on the first day of a spring term: a Monday, of a leap year. Nobody moves its clock."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.assistance.care.telling import BEGIN, CareCounty
from tests.assistance.harness import VILLAGE, assistance_harness
from tests.support.databases import Databases


@pytest.fixture(scope="package")
def county(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CareCounty]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("care")
        harness = stack.enter_context(
            assistance_harness(lambda service: stack.enter_context(databases.fresh(service)), folder, BEGIN)
        )
        started = CareCounty(harness, BEGIN)
        started.settle(VILLAGE, 75)
        yield started
