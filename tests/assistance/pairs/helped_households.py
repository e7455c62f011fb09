"""Households that are owed a helper, and what the service says of them."""

from typing import Any
from uuid import UUID

from contracts.facts import Fact, Recorded
from tests.assistance.harness import AssistanceHarness, Family


def last(harness: AssistanceHarness, household: UUID, kind: type[Fact], prefix: str = "pairing") -> Recorded:
    facts = harness.assistance.stream(f"{prefix}-{household}")
    return next(r for r in reversed(facts) if isinstance(r.fact, kind))


def duties(harness: AssistanceHarness, household: UUID, **asked: Any) -> list[tuple[str, str]]:
    """State and last day."""
    (found,) = harness.get("/duties", subject=str(household), since="2014-01-01", **asked)["items"]
    return [(d["state"], d["last"]) for d in found["duties"]]


def overdue(harness: AssistanceHarness) -> set[str]:
    found = harness.get("/duties", state="overdue")["items"]
    return {item["household_id"] for item in found if item["duties"]}


def open_about(harness: AssistanceHarness, pair: str) -> list[str]:
    """Acts that are open on a pair."""
    (found,) = harness.cadre.get("/assistance/acts", subject=f"/assistance{pair}").json()
    return [each["act"] for each in found["acts"]]


def helpers(harness: AssistanceHarness, household: UUID, who: Any = None, **asked: Any) -> list[dict[str, Any]]:
    """All the pairs that it ever had, in order of their numbers."""
    items = harness.get("/pairs", who, subject=str(household), current=False, **asked)["items"]
    return [dict(item) for item in items]


def told(harness: AssistanceHarness, household: UUID) -> list[tuple[str, str, str | None, str | None]]:
    """Helper, first day, first day without, and why."""
    return [(p["helper"], p["formed_on"], p["until"], p["reason"]) for p in helpers(harness, household)]


def enrolled(harness: AssistanceHarness, day: str = "2014-06-01") -> Family:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled(day))
    return family
