"""How the sample's officials take a case from its opening to its announcement, step by step, over HTTP."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lika.demo.officials import (
    COUNTY_DECIDER,
    COUNTY_REVIEWER,
    TOWNSHIP_CADRE,
    TOWNSHIP_REVIEWER,
    Official,
    Officials,
    village_cadre,
)

VOTE = {"entitled": 30, "present": 24, "in_favour": 21, "against": 2, "abstained": 1}
DEPARTMENTS = ["公安局", "民政局", "不动产登记中心", "市场监管局"]


@dataclass(frozen=True, slots=True)
class Step:
    """Which resource of the case a step creates, who takes it, and what the form says besides the day."""

    path: str
    who: Official | None  # the village's cadre
    form: Mapping[str, Any]


def minutes(meeting: str) -> list[dict[str, str]]:
    """A stand-in for the scanned minutes: the sample has none, so the hash is of the meeting's name."""
    return [{"sha256": hashlib.sha256(meeting.encode()).hexdigest(), "kind": "minutes", "name": meeting}]


def decision(document_no: str) -> dict[str, Any]:
    return {"approved": True, "organ": "样例县扶贫开发领导小组", "document_no": document_no, "signer": "组长"}


def appraisal(meeting: str) -> Step:
    return Step("appraisals", None, {**VOTE, "evidence": minutes(meeting)})


VISIT = Step("visits", None, {"confirmed": True})
NOTICE = Step("notices", None, {})
REVIEW = Step("reviews", TOWNSHIP_REVIEWER, {"outcome": "passed"})
TOWNSHIP_NOTICE = Step("notices", TOWNSHIP_CADRE, {})
COMPARISON = Step("comparisons", COUNTY_REVIEWER, {"clean": True, "departments": DEPARTMENTS})
ANNOUNCEMENT = Step("announcements", COUNTY_REVIEWER, {})


def entry(meeting: str, document_no: str) -> tuple[tuple[Step, ...], ...]:
    """Identification and return: what happens before, between and after the two notices."""
    return (
        (VISIT, appraisal(meeting), NOTICE),
        (REVIEW, TOWNSHIP_NOTICE),
        (COMPARISON, Step("decisions", COUNTY_DECIDER, decision(document_no)), ANNOUNCEMENT),
    )


def leaving(meeting: str, document_no: str) -> tuple[tuple[Step, ...], ...]:
    """Exit: before and after its notice."""
    return (
        (appraisal(meeting), VISIT, Step("consents", None, {"agreed": True}), NOTICE),
        (REVIEW, Step("decisions", COUNTY_DECIDER, decision(document_no)), ANNOUNCEMENT),
    )


def removal(meeting: str, document_no: str) -> tuple[tuple[Step, ...], ...]:
    """Look-back removal: before and after its notice."""
    return (
        (Step("visits", TOWNSHIP_CADRE, {"confirmed": True}), appraisal(meeting), NOTICE),
        (Step("decisions", COUNTY_DECIDER, decision(document_no)),),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """An open case and the village it belongs to."""

    where: str
    village: str


async def open_case(officials: Officials, who: Official, village: str, body: Mapping[str, Any]) -> Case:
    """Open a procedure for a household."""
    told = await officials.post(who, "/registry/cases", body)
    return Case(str(told["location"]), village)


async def take(officials: Officials, case: Case, steps: Sequence[Step], on: date) -> None:
    """Take steps one after the other, all on one day."""
    for step in steps:
        who = step.who or village_cadre(case.village)
        await officials.post(who, f"{case.where}/{step.path}", {"on": on.isoformat(), **step.form})
