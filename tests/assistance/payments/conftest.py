"""The office that pays, on the day on which a bank answers."""

from collections.abc import Callable, Iterator

import pytest

from tests.assistance.harness import assistance_harness
from tests.assistance.payments.lists_handed_over import BANK_DAY
from tests.assistance.payments.paying import PayOffice


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayOffice]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), BANK_DAY) as running:
        made = PayOffice.with_calendars(running)
        made.quota("900000.00")
        yield made
