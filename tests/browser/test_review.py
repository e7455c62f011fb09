"""Cases in a batch: exceptions first and never among the others, one form for all, refused ones stay with their reasons."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from lika.demo.divisions import VILLAGES
from lika.demo.officials import TOWNSHIP_REVIEWER, Official, village_cadre
from services.chassis.ground.clock import SystemClock
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token
from tests.browser.conftest import SampleHouse
from tests.support.eventually import eventually

TODAY, BEGUN = "2018-01-02", "2017-12-20"
SIZE, FLAGGED = 6, 2
VOTE = {
    "entitled": 30, "present": 25, "in_favour": 24, "against": 1, "abstained": 0,
    "evidence": [{"kind": "minutes", "held_on_paper": True}],
}  # fmt: skip
_villages = iter(VILLAGES[2:9])
"""Each test's cases are in a village of their own, so that a tick takes no other test's."""
_numbers = count(1)


@dataclass
class Due:
    """Cases of one village that wait for the township's review, some of whose households are implausible."""

    sample: SampleHouse
    village: str = field(default_factory=lambda: next(_villages).code)
    cases: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        cadre = self.client(village_cadre(self.village))
        for place in range(SIZE):
            head = {"name": "陈某", "sex": "male", "birth_year": 2013 if place < FLAGGED else 1970, "relation": "head"}
            number = f"X{self.village}{next(_numbers):05}"
            body = {"division": self.village, "effective_on": BEGUN, "national_no": number, "members": [head]}
            household = self._post(cadre, "/registry/households", body).headers["Location"].rpartition("/")[2]
            opening = {"subject": household, "procedure": "identification", "on": BEGUN, "grounds": "收入低"}
            opened = self._post(cadre, "/registry/cases", opening)
            self.cases.append(opened.headers["Location"].rpartition("/")[2])
        for act, form in (("visits", {"confirmed": True}), ("appraisals", VOTE), ("notices", {})):
            named = [{"case_id": case} for case in self.cases]
            batch: dict[str, object] = {"act": act, "form": {"on": BEGUN, **form}, "cases": named}
            assert self._post(cadre, "/registry/cases/batches", batch).json()["refused"] == 0
        # The notices' ends passed long ago, and a timer finds that: what the page lists has to be there.
        eventually(lambda: self.waiting_for("township_review") == SIZE)

    def client(self, official: Official) -> httpx.Client:
        key, now = LocalKey.at(self.sample.folder / "keys" / SIGNING_KEY), SystemClock().now()
        token = issue_token(
            key, subject=official.subject, roles=[official.role], division=official.division, ttl=timedelta(hours=1), now=now,
        )  # fmt: skip
        return httpx.Client(base_url=self.sample.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def _post(self, client: httpx.Client, path: str, body: dict[str, Any]) -> httpx.Response:
        answer = client.post(path, json=body, headers={"Idempotency-Key": uuid4().hex})
        assert answer.status_code == 201, answer.text
        return answer

    def waiting_for(self, step: str) -> int:
        cases = self.client(TOWNSHIP_REVIEWER).get("/registry/cases", params={"division": self.village, "open": "true"})
        return sum(case["due"] == step for case in cases.json()["items"])

    def reviewed(self) -> int:
        """Cases whose review is recorded."""
        return self.waiting_for("township_notice")

    def open(self, page: Page) -> None:
        self.sample.open(page, f"/review?division={self.village}", TOWNSHIP_REVIEWER)
        expect(page.locator("tbody tr[id]")).to_have_count(SIZE)


@pytest.fixture
def due(sample: SampleHouse) -> Due:
    return Due(sample)


def fill(page: Page, on: str = TODAY) -> None:
    """One click, for the outcome."""
    page.get_by_label("办理日期").fill(on)
    page.get_by_role("radio", name="通过", exact=True).check()


def test_the_clean_ones_are_approved_in_five_clicks_and_the_flagged_ones_remain(due: Due, page: Page) -> None:
    due.sample.open(page, "/", TOWNSHIP_REVIEWER)
    clicks = 0

    def click(name: str, role: Any = "button") -> None:
        nonlocal clicks
        clicks += 1
        page.get_by_role(role, name=name).first.click()

    click("批量审批", "link")
    expect(page.get_by_role("heading", level=1)).to_have_text("批量审批")
    page.locator(".head select").select_option(due.village)
    expect(page.locator("[data-part=exceptions] tr[id]")).to_have_count(FLAGGED)
    expect(page.get_by_role("button", name="请先选入案件")).to_be_disabled()
    click("选入全部无例外的", "checkbox")
    fill(page)
    clicks += 1
    click(f"核对后提交 {SIZE - FLAGGED} 件")
    click(f"确认办理 {SIZE - FLAGGED} 件")
    expect(page.locator(".done")).to_contain_text(f"已办理 {SIZE - FLAGGED} 件")
    expect(page.locator("tbody tr[id]")).to_have_count(FLAGGED)
    assert clicks <= 5
    assert due.reviewed() == SIZE - FLAGGED


@pytest.mark.long_run
def test_by_keyboard_alone_one_is_left_out_and_the_others_are_sent(due: Due, page: Page) -> None:
    due.open(page)
    press: Callable[[str], None] = page.keyboard.press
    page.get_by_role("checkbox", name="选入全部无例外的").focus()
    press("Space")
    for _ in range(FLAGGED + 1):
        press("j")
    press("x")
    expect(page.get_by_text(f"已选入 {SIZE - FLAGGED - 1} 件")).to_be_visible()
    fill(page)
    page.locator("form.batch button[type=submit]").focus()
    press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    press("Enter")
    expect(page.locator(".done")).to_contain_text(f"已办理 {SIZE - FLAGGED - 1} 件")
    assert due.reviewed() == SIZE - FLAGGED - 1


@pytest.mark.long_run
def test_after_a_lost_answer_it_is_sent_again_under_the_same_key(due: Due, page: Page) -> None:
    due.open(page)
    keys: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort()

    page.route("**/cases/batches", lose_the_first)
    page.get_by_role("checkbox", name="选入全部无例外的").check()
    fill(page)
    page.locator("form.batch button[type=submit]").click()
    page.get_by_role("button", name="确认办理").click()
    expect(page.locator(".refusal")).to_have_attribute("data-code", "no_connection")
    page.locator(".refusal").get_by_role("button").click()
    page.get_by_role("button", name="确认办理").click()
    expect(page.locator(".done")).to_contain_text(f"已办理 {SIZE - FLAGGED} 件")
    assert keys[0] == keys[1]
    assert due.reviewed() == SIZE - FLAGGED


@pytest.mark.long_run
def test_what_a_rule_refuses_stays_with_its_reason(due: Due, page: Page) -> None:
    due.open(page)
    page.get_by_role("checkbox", name="选入全部无例外的").check()
    fill(page, BEGUN)
    page.locator("form.batch button[type=submit]").click()
    page.get_by_role("button", name="确认办理").click()
    expect(page.locator("tr.why")).to_have_count(SIZE - FLAGGED)
    expect(page.locator("tr.why").first).to_contain_text("日期早于上一步骤的日期")
    expect(page.locator("tbody tr[id]")).to_have_count(SIZE)
    assert due.reviewed() == 0
