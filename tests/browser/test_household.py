"""One household in two times: what was true when, as known when."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from lika.demo.officials import AUDITOR, COUNTY_DECIDER, OPERATOR, TOWNSHIP_REVIEWER, Official, village_cadre
from services.chassis.ground.clock import SystemClock
from services.chassis.security.tokens import SIGNING_KEY, LocalKey, issue_token
from tests.browser.conftest import SampleHouse
from tests.support.evidence import PDF

TODAY, DAY_BEFORE = "2018-01-02", "2018-01-01"
"""Of the sample's clock; whatever these tests record is learned today."""
DRAWN_IN = 0.3
"""Seconds of the page's thread for 300 rows at once, the test's own looking at them included; on a quiet machine a third."""
WHEN_LEARNED, WHEN_TRUE = "得知日期，在得知新情况的日子停留", "真实日期，在有变化的日子停留"


def asked(sample: SampleHouse, who: Official, path: str, body: dict[str, Any] | None = None, **sent: Any) -> Any:
    """A read, or, with a body or a file, a command of an official; its answer."""
    key = LocalKey.at(sample.folder / "keys" / SIGNING_KEY)
    token = issue_token(
        key,
        subject=who.subject,
        roles=[who.role],
        division=who.division,
        ttl=timedelta(hours=1),
        now=SystemClock().now(),
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
    order = {
        "approved": True,
        "organ": "样例县扶贫开发领导小组",
        "document_no": "样扶组更〔2018〕1号",
        "signer": "组长",
    }
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
    expect(page.locator("[data-part=provenance] code")).to_be_visible()
    printed = page.evaluate("document.adoptedStyleSheets.flatMap(s => [...s.cssRules].map(r => r.cssText)).join(' ')")
    for said in (f"known at the end of {DAY_BEFORE}", "registry ", "sha256:", "counter(pages)"):
        assert said in printed
    page.get_by_role("button", name="回到今天").click()
    expect(status(page)).to_have_text("建档立卡贫困户")
    assert page.url.endswith(household_id)


@pytest.mark.long_run
def test_the_slider_steps_by_key_to_where_something_was_learned_and_asks_the_services_nothing(
    sample: SampleHouse, page: Page
) -> None:
    household_id, _ = household(sample, "removed")
    sample.open(page, f"/households/{household_id}", AUDITOR)
    expect(page.locator("[data-part=provenance] code")).to_be_visible()
    answers: list[str] = []
    page.on("response", lambda response: answers.append(response.url) if "/periods" in response.url else None)
    slider = page.get_by_role("slider", name=WHEN_LEARNED)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^2017-08-22，"))
    expect(status(page)).to_have_text("已剔除")
    page.keyboard.press("ArrowLeft")
    expect(status(page)).to_have_text("建档立卡贫困户")
    expect(slider).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?known_at=2017-08-14$"))
    page.keyboard.press("End")
    expect(status(page)).to_have_text("已剔除")
    assert answers == []
    page.get_by_role("slider", name=WHEN_TRUE).focus()
    page.keyboard.press("Home")
    expect(status(page)).to_have_text("候选")


def test_a_comparison_says_what_was_believed_until_when_and_leads_to_the_fact(sample: SampleHouse, page: Page) -> None:
    household_id, _ = household(sample, "removed")
    sample.open(page, f"/households/{household_id}?compare=2017-08-01", AUDITOR)
    former = page.locator(".status .former")
    expect(former).to_contain_text("原为 建档立卡贫困户，2014-06-05 起，至得知 2017-08-22")
    expect(page.locator("[data-type=HouseholdRemoved] .tag.since")).to_be_visible()
    former.get_by_role("link").click()
    expect(page.locator("[data-type=HouseholdRemoved]")).to_be_focused()
    cause = page.locator("[data-type=HouseholdRemoved]").get_by_role("link", name="审定 2017-08-22")
    cause.click()
    expect(page.locator("[data-type=CaseDecided]:focus")).to_contain_text("样扶组〔2017〕6号")
    page.get_by_role("button", name="不再对照").click()
    expect(former).to_have_count(0)


@pytest.mark.long_run
def test_who_read_the_household_is_for_the_auditor_and_others_are_told_how(sample: SampleHouse, page: Page) -> None:
    household_id, village = household(sample, "returned")
    reading = {
        "household_ids": [household_id], "purpose": "access_request", "fields": ["name"],
        "order": {"organ": "样例县扶贫办", "document_no": "申请7号"},
    }  # fmt: skip
    cadre = village_cadre(village)
    asked(sample, TOWNSHIP_REVIEWER, "/registry/disclosures", reading)
    sample.open(page, f"/households/{household_id}", cadre)
    readings = page.locator("[data-part=readings]")
    expect(page.locator("[data-part=facts] h3").first).to_be_visible()
    readings.get_by_role("button", name="查询").click()
    expect(readings.locator("[data-code=needs_access_request]")).to_be_focused()
    expect(page.locator("[data-part=acts]").get_by_role("link", name="登记入户调查")).to_be_visible()
    page.context.clear_cookies()
    page = page.context.new_page()  # a tab keeps to the account it began with
    readings = page.locator("[data-part=readings]")
    sample.open(page, f"/households/{household_id}", AUDITOR)
    expect(readings.get_by_role("row", name=re.compile("township-reviewer.*申请7号"))).to_be_visible()
    sample.open(page, "/readings?view=all")
    expect(page.get_by_role("row", name=re.compile("township-reviewer.*申请7号")).first).to_be_visible()
    page.get_by_role("link", name="统计", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("township-reviewer"))).to_be_visible()


@pytest.mark.long_run
def test_whoever_may_not_read_households_is_told_who_may(sample: SampleHouse, page: Page) -> None:
    household_id, _ = household(sample, "exited", 0)
    sample.open(page, f"/households/{household_id}", OPERATOR)
    expect(page.locator("[data-code=role_not_allowed]")).to_be_focused()
    expect(page.locator("[data-part]")).to_have_count(0)


@pytest.mark.long_run
def test_without_the_audit_what_is_on_record_is_still_shown(sample: SampleHouse, page: Page) -> None:
    household_id, _ = household(sample, "exited", 0)

    def away(route: Route) -> None:
        route.fulfill(
            status=403,
            json={
                "code": "role_not_allowed",
                "title": "审",
                "title_en": "a",
                "status": 403,
                "detail": "审",
                "source": "",
            },
        )

    page.route("**/history*", away)
    sample.open(page, f"/households/{household_id}", AUDITOR)
    expect(status(page)).to_have_text("已脱贫")
    expect(page.locator("main")).to_contain_text("审计的记录没有读到")


@pytest.mark.long_run
@pytest.mark.parametrize("query", ["known_at=2017-02-30", "as_of=soon", "compare=2018-01-03", "known_at=2018-01-03"])
def test_a_wrong_day_in_the_address_is_said_and_nothing_is_shown_for_it(
    sample: SampleHouse, page: Page, query: str
) -> None:
    household_id, _ = household(sample, "exited", 0)
    sample.open(page, f"/households/{household_id}?{query}", AUDITOR)
    expect(page.locator("[data-code=wrong_day]")).to_contain_text(query)
    expect(page.locator("[data-part=state]")).to_have_count(0)
    page.get_by_role("button", name="回到今天").click()
    expect(status(page)).to_have_text("已脱贫")


@pytest.mark.long_run
@pytest.mark.parametrize(
    ("wrong", "code"), [("nobody", "malformed"), ("00000000-0000-4000-8000-00000000abcd", "not_found")]
)
def test_a_wrong_id_is_refused(sample: SampleHouse, page: Page, wrong: str, code: str) -> None:
    sample.open(page, f"/households/{wrong}", AUDITOR)
    expect(page.locator("main .refusal")).to_have_attribute("data-code", code)


@pytest.mark.long_run
def test_a_household_with_300_facts_steps_in_a_tenth_of_a_second(sample: SampleHouse, page: Page) -> None:
    household_id, _ = household(sample, "removed")

    def many(route: Route) -> None:
        answer = route.fetch()
        body = answer.json()
        copies = 300 // len(body["events"]) + 1
        body["events"] = [
            {**event, "id": f"{event['id']}{copy}"} for event in body["events"] for copy in range(copies)
        ][:300]
        route.fulfill(response=answer, json=body)

    page.route(re.compile(r"/history$"), many)
    sample.open(page, f"/households/{household_id}?known_at=2014-05-19", AUDITOR)
    expect(page.locator("[data-part=facts] .hint").last).to_contain_text("未列出")
    browser = page.context.new_cdp_session(page)
    browser.send("Performance.enable", {"timeDomain": "threadTicks"})  # of the page's own thread: others run beside it

    def spent() -> float:
        found = browser.send("Performance.getMetrics")["metrics"]
        return float(next(each["value"] for each in found if each["name"] == "TaskDuration"))

    before = spent()
    page.get_by_role("slider", name=WHEN_LEARNED).press("End")
    expect(page.locator(".fact")).to_have_count(300)
    taken = spent() - before
    assert taken < DRAWN_IN, taken
