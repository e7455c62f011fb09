"""A county with thirty households in one village and one in the next."""

from collections.abc import Callable, Iterator

import pytest

from tests.assistance.harness import NEXT_VILLAGE, VILLAGE, assistance_harness
from tests.assistance.pairs.field import FieldCounty
from tests.assistance.pairs.requests import DAY


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[FieldCounty]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("pairs"), DAY) as harness:
        started = FieldCounty(harness, DAY)
        started.settle(VILLAGE, 30)
        started.settle(NEXT_VILLAGE, 1)
        yield started
