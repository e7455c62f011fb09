"""Acts on pay-lists over HTTP, on one small county."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.assistance.harness import TOWNSHIP, AssistanceHarness, Family, assistance_harness

PERIODS = {"period_from": "2014-08-01", "period_to": "2015-07-31"}


def compiled(harness: AssistanceHarness, due_as_of: str, **changes: Any) -> dict[str, Any]:
    return {"programme": "education_aid", "division": TOWNSHIP, **PERIODS, "due_as_of": due_as_of, **changes}


@pytest.fixture(scope="module")
def harness(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AssistanceHarness]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), "2014-06-02") as running:
        yield running


def test_smoke(harness: AssistanceHarness) -> None:
    families = [Family.new() for _ in range(2)]
    for family in families:
        harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    for family in families:
        harness.apply(family, "2014-06-02")
    print(harness.get("/pay-lists"))
