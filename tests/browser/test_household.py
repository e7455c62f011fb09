"""One household in two times: what was true when, as known when."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from contracts.roles import Role
from lika.demo.officials import AUDITOR, COUNTY_DECIDER, OPERATOR, TOWNSHIP_REVIEWER, Official, village_cadre
from services.chassis.ground.clock import SystemClock
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token
from tests.browser.conftest import SampleHouse
from tests.support.evidence import PDF

TODAY, DAY_BEFORE = "2018-01-02", "2018-01-01"
"""Of the sample's clock; whatever these tests record is learned today."""
WHEN_LEARNED, WHEN_TRUE = "得知日期，在得知新情况的日子停留", "真实日期，在有变化的日子停留"


def asked(sample: SampleHouse, who: Official, path: str, body: dict[str, Any] | None = None, **sent: Any) -> Any:
    """A read, or, with a body or a file, a command of an official; its answer."""
    key = LocalKey.at(sample.folder / "keys" / SIGNING_KEY)
    token = issue_token(
        key, subject=who.subject, roles=[who.role], division=who.division, ttl=timedelta(hours=1), now=SystemClock().now()
    )
    method = "GET" if body is None and not sent else "POST"
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    answer = httpx.request(method, f"{sample.url}{path}", headers=headers, json=body, timeout=60, **sent)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else answer.headers


def household(sample: SampleHouse, status: str, place: int = -1) -> tuple[str, str]:
    """Id and village of one of the sample's households."""
    found = asked(sample, AUDITOR, f"/registry/households?status={status}&limit=200")["items"]
    chosen = found[place]
    return chosen["household_id"], chosen["division"]


def annul_exit(sample: SampleHouse, household_id: str, village: str) -> None:
    """By a correction that is proposed, checked and decided today."""
    cadre, facts = village_cadre(village), asked(sample, AUDITOR, f"/registry/households/{household_id}/facts")
    (exited,) = [fact["id"] for fact in facts if fact["type"] == "HouseholdExited"]
    form = {"kind": "correction_basis", "subjects": [household_id]}
    file = {"file": ("a.pdf", PDF, "application/pdf")}
    basis = asked(sample, cadre, "/registry/evidence", data=form, files=file)["evidence"]
    case = {
        "on": TODAY, "subject": household_id, "procedure": "correction", "grounds": "脱贫认定有误", "evidence": [basis],
        "terms": {"facts": [exited]},
    }  # fmt: skip
    opened = asked(sample, cadre, "/registry/cases", case)["location"]
    asked(sample, TOWNSHIP_REVIEWER, f"{opened}/reviews", {"on": TODAY, "outcome": "passed"})
    order = {"approved": True, "organ": "样例县扶贫开发领导小组", "document_no": "样扶组更〔2018〕1号", "signer": "组长"}
    asked(sample, COUNTY_DECIDER, f"{opened}/decisions", {"on": TODAY, **order})


def status(page: Page) -> Any:
    return page.locator(".status .badge")


def test_an_annulled_exit_counts_until_it_was_learned_and_is_struck_through_from_then_on(
    sample: SampleHouse, page: Page
) -> None:
    household_id, village = household(sample, "exited")
    annul_exit(sample, household_id, village)
    sample.open(page, f"/households/{household_id}", AUDITOR)
    expect(status(page)).to_have_text("建档立卡贫困户")
    exit_ = page.locator("[data-type=HouseholdExited]")
    expect(exit_.locator(".tag.danger")).to_have_text("已作废")
    expect(exit_.locator(".name")).to_have_css("text-decoration-line", "line-through")
    exit_.get_by_role("link", name=re.compile("作废或更正|更正|作废")).first.click()
    expect(page.locator("[data-type=FactsAnnulled]")).to_be_focused()
    page.get_by_label("得知日期", exact=True).fill(DAY_BEFORE)
    page.get_by_label("得知日期", exact=True).press("Enter")
    expect(status(page)).to_have_text("已脱贫")
    expect(exit_.locator(".tag.danger")).to_have_count(0)
    expect(page.locator("[data-type=FactsAnnulled]")).to_have_count(0)
    expect(page.locator(".past")).to_contain_text(f"按 {DAY_BEFORE} 所知")
    page.get_by_role("button", name="回到今天").click()
    expect(status(page)).to_have_text("建档立卡贫困户")
    assert page.url.endswith(household_id)
