"""How the sample's officials take a case from its opening to its announcement, step by step, over HTTP."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import starmap
from typing import Any

from lika.demo.client import OfficialsClient
from lika.demo.evidence import upload
from lika.demo.officials import (
    COUNTY_DECIDER,
    COUNTY_REVIEWER,
    TOWNSHIP_CADRE,
    TOWNSHIP_REVIEWER,
    Official,
    village_cadre,
)

VOTES = {"entitled": 30, "present": 24, "in_favour": 21, "against": 2, "abstained": 1}
DEPARTMENTS = ["公安局", "民政局", "不动产登记中心", "市场监管局"]


@dataclass(frozen=True, slots=True)
class Step:
    """``resource``: what the step creates below the case; ``official``: who takes it, ``None`` for the village's cadre;
    ``fields``: what the request says besides the day; ``meeting``: whose minutes go with it."""

    resource: str
    official: Official | None
    fields: Mapping[str, Any]
    meeting: str | None = None


Phases = tuple[tuple[Step, ...], ...]
"""The steps of a procedure, divided where a public notice must run out."""


def decision(document_no: str) -> dict[str, Any]:
    return {"approved": True, "organ": "样例县扶贫开发领导小组", "document_no": document_no, "signer": "组长"}


def appraisal(meeting: str) -> Step:
    return Step("appraisals", None, VOTES, meeting)


VISIT = Step("visits", None, {"confirmed": True})
NOTICE = Step("notices", None, {})
REVIEW = Step("reviews", TOWNSHIP_REVIEWER, {"outcome": "passed"})
TOWNSHIP_NOTICE = Step("notices", TOWNSHIP_CADRE, {})
COMPARISON = Step("comparisons", COUNTY_REVIEWER, {"clean": True, "departments": DEPARTMENTS})
ANNOUNCEMENT = Step("announcements", COUNTY_REVIEWER, {})


def entry_phases(meeting: str, document_no: str) -> Phases:
    """Identification and return: before, between and after the two notices."""
    return (
        (VISIT, appraisal(meeting), NOTICE),
        (REVIEW, TOWNSHIP_NOTICE),
        (COMPARISON, Step("decisions", COUNTY_DECIDER, decision(document_no)), ANNOUNCEMENT),
    )


def exit_phases(meeting: str, document_no: str) -> Phases:
    """Exit: before and after its notice."""
    return (
        (appraisal(meeting), VISIT, Step("consents", None, {"agreed": True}), NOTICE),
        (REVIEW, Step("decisions", COUNTY_DECIDER, decision(document_no)), ANNOUNCEMENT),
    )


def removal_phases(meeting: str, document_no: str) -> Phases:
    """Look-back removal: before and after its notice."""
    return (
        (Step("visits", TOWNSHIP_CADRE, {"confirmed": True}), appraisal(meeting), NOTICE),
        (Step("decisions", COUNTY_DECIDER, decision(document_no)),),
    )


@dataclass(frozen=True, slots=True)
class Case:
    """The path of an open case, and the village it belongs to."""

    path: str
    village: str

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def service(self) -> str:
        return self.path.split("/")[1]


def aid_phases(meeting: str, document_no: str) -> Phases:
    """Education aid: before and after its notice."""
    return (appraisal(meeting), NOTICE), (REVIEW, Step("decisions", COUNTY_DECIDER, decision(document_no)))


async def open_case(
    client: OfficialsClient, opener: Official, village: str, body: Mapping[str, Any], service: str = "registry"
) -> Case:
    created = await client.post(opener, f"/{service}/cases", body)
    return Case(str(created["location"]), village)


async def perform_phase(client: OfficialsClient, cases: Sequence[Case], steps: Sequence[Step], day: date) -> None:
    """The steps one after the other, all on one day; of a village's cases each step is one batch. A village's meeting has one
    record for all its cases."""
    villages = {case.village: [each for each in cases if each.village == case.village] for case in cases}
    meeting = next((step.meeting for step in steps if step.meeting is not None), None)

    async def perform(village: str, of_village: Sequence[Case]) -> None:
        cadre, service, ids = village_cadre(village), of_village[0].service, [case.id for case in of_village]
        minutes = await upload(client, cadre, service, "minutes", meeting, ids) if meeting is not None else []
        for step in steps:
            evidence = {"evidence": minutes} if step.meeting else {}
            form = {"on": day.isoformat(), **step.fields, **evidence}
            batch = {"act": step.resource, "form": form, "cases": [{"case_id": case} for case in ids]}
            await client.post_batch(step.official or cadre, f"/{service}/cases/batches", batch)

    await asyncio.gather(*starmap(perform, villages.items()))
