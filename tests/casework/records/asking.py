"""What tests of records ask of a running house."""

from typing import Any

from tests.assistance.harness import VILLAGE, AssistanceHarness, Family
from tests.support.running import ApiClient

FIGURES = ("records", "households", "household_times", "persons", "person_times", "unnamed")


def family_in(harness: AssistanceHarness, village: str = VILLAGE) -> Family:
    family = Family.new()
    family.division = village
    harness.record(family.recorded("2014-01-05"), family.enrolled("2014-06-01"))
    return family


def figures(harness: AssistanceHarness, **asked: Any) -> dict[str, dict[str, Any]]:
    """By kind; of those alone that are not zero."""
    counted = harness.get("/records/counts", since="2016-01-01", **asked)["counts"]
    return {c["kind"]: {n: c[n] for n in FIGURES if c[n]} for c in counted}


def listed(harness: AssistanceHarness, who: ApiClient | None = None, **asked: Any) -> list[str]:
    return [r["id"] for r in harness.get("/records", who, **asked)["items"]]
