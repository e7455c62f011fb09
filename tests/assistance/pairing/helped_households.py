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


def open_about(harness: AssistanceHarness, household: UUID, helper: str) -> list[tuple[str, str]]:
    """Acts on somebody who helps, with whom their forms name."""
    subject = f"/assistance/pairings/{household}/helpers/{helper}"
    (found,) = harness.cadre.get("/assistance/acts", subject=subject).json()
    return [(each["act"], each["form"]["former_helper"]) for each in found["acts"]]


def assignment(household: UUID, day: str, helper: str = "staff-1") -> dict[str, Any]:
    return {"household_id": str(household), "helper": helper, "unit": "县农业局", "effective_on": day}


def enrolled(harness: AssistanceHarness, day: str = "2014-06-01") -> Family:
    family = Family.new()
    harness.record(family.recorded("2014-01-05"), family.enrolled(day))
    return family
