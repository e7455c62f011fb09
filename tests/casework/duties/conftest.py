"""A school on a simulated clock."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from contracts.civil import start_of_day
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.store import Store
from tests.casework.duties.teachers import School

STARTS = date(2016, 1, 1)


@pytest.fixture
def school(database: Callable[[str], str]) -> Iterator[School]:
    conninfo = database("casework")
    store = Store("casework", conninfo, SimulatedClock(start_of_day(STARTS)))
    yield School(store, conninfo)
    store.close()
