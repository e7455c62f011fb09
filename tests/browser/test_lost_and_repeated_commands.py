"""A command whose answer is lost, whose button is pressed twice, whose page is left and come back to, whose household changed
meanwhile: recorded once, or refused with a reason, and what was typed stays."""

import json
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, Route, expect

from lika.demo.divisions import VILLAGES
from lika.demo.officials import OPERATOR, Official, village_cadre
from services.console.cookies import PATH
from tests.browser.cases import Clerk
from tests.browser.conftest import SampleHouse, settled
from tests.browser.test_resilience import no_answer, refusal
from tests.support.eventually import eventually

VILLAGE = VILLAGES[-1].code
CADRE = village_cadre(VILLAGE)
SEND = "确认提交"


def asked(page: Page, sample: SampleHouse, official: Official, path: str) -> Any:
    """What a service answers, asked beside the pages."""
    answer = page.request.get(f"{sample.url}{PATH}/api{path}", headers={"Lika-Account": official.subject})
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def code() -> str:
    """Of a village that nobody declared yet."""
    return f"990001101{400 + secrets.randbelow(600)}"


def form_of_division(code: str) -> str:
    """All is settled but the name."""
    form = {"code": code, "level": "village", "effective_on": "2018-01-02"}
    return f"/acts/registry/declare_division?{urlencode({'path': '/registry/divisions', 'form': json.dumps(form)})}"


def filled(sample: SampleHouse, page: Page, code: str) -> list[str]:
    """Up to the last button; keys of the orders that leave the page from now on."""
    keys: list[str] = []
    page.on(
        "request", lambda request: keys.append(request.headers["idempotency-key"]) if request.method == "POST" else None
    )
    sample.open(page, form_of_division(code), OPERATOR)
    page.get_by_label("区划名称").fill(f"新设{code[-3:]}村")
    page.get_by_role("button", name="下一步").click()
    return keys


def is_declared(page: Page, sample: SampleHouse, code: str) -> bool:
    return any(each["code"] == code for each in asked(page, sample, OPERATOR, "/registry/divisions?limit=200")["items"])


def test_an_answer_lost_after_recording_is_asked_for_again_and_there_is_one_fact(
    sample: SampleHouse, page: Page, code: str
) -> None:
    positions = []

    def lose(route: Route) -> None:
        positions.append(route.fetch().json()["position"])
        route.abort("connectionreset")

    keys = filled(sample, page, code)
    page.route(re.compile("/registry/divisions$"), lose, times=1)
    page.get_by_role("button", name=SEND).click()
    panel = refusal(page, "no_connection")
    expect(panel).to_be_focused()
    panel.get_by_role("button").click()
    result = page.locator(".result")
    expect(result).to_contain_text("没有重复记录")
    expect(result).to_contain_text(str(positions[0]["registry"]))
    assert len(set(keys)) == 1
    eventually(lambda: is_declared(page, sample, code))


def test_a_command_that_never_arrived_is_recorded_when_sent_again(sample: SampleHouse, page: Page, code: str) -> None:
    filled(sample, page, code)
    page.route(re.compile("/registry/divisions$"), no_answer, times=1)
    page.get_by_role("button", name=SEND).click()
    expect(refusal(page, "no_connection")).to_contain_text("重试不会重复提交")
    page.get_by_role("button", name=SEND).click()
    expect(page.locator(".result")).to_be_visible()
    eventually(lambda: is_declared(page, sample, code))


@pytest.mark.long_run
def test_a_button_pressed_twice_sends_once_and_going_back_sends_nothing(
    sample: SampleHouse, page: Page, code: str
) -> None:
    keys = filled(sample, page, code)
    page.get_by_role("button", name=SEND).dblclick()
    expect(page.locator(".result")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="待办").first.click()
    page.wait_for_url(f"**{PATH}/")
    page.go_back()
    settled(page)
    expect(page.get_by_label("区划名称")).to_have_value("")
    page.go_back()
    page.go_forward()
    settled(page)
    assert len(keys) == 1
    eventually(lambda: is_declared(page, sample, code))


def test_the_same_form_in_a_second_tab_is_refused_there_and_there_is_one_fact(
    sample: SampleHouse, page: Page, code: str
) -> None:
    filled(sample, page, code)
    second = page.context.new_page()
    filled(sample, second, code)
    page.get_by_role("button", name=SEND).click()
    expect(page.locator(".result")).to_be_visible()
    second.get_by_role("button", name=SEND).click()
    refused = second.locator(".refusal[data-code]")
    expect(refused).to_be_focused()
    expect(refused).not_to_have_attribute("data-code", "no_connection")
    expect(second.locator(".result")).to_have_count(0)
    listed = asked(page, sample, OPERATOR, "/registry/divisions?limit=200")["items"]
    assert [each["code"] for each in listed].count(code) == 1


@pytest.mark.long_run
def test_a_session_that_ends_before_the_command_keeps_the_form_and_the_command_goes_on_after_signing_in(
    sample: SampleHouse, page: Page, code: str
) -> None:
    filled(sample, page, code)
    page.context.clear_cookies()
    page.get_by_role("button", name=SEND).click()
    panel = refusal(page, "session_ended")
    expect(panel).to_be_focused()
    sample.sign_in(page.context, OPERATOR)
    panel.get_by_role("button").click()
    expect(page.locator(".result")).to_be_visible()


@pytest.fixture
def conditions(sample: SampleHouse, page: Page) -> str:
    """The form of a household's conditions, which every household had decided on before."""
    sample.sign_in(page.context, CADRE)
    households = asked(page, sample, CADRE, "/registry/households?" + urlencode({"division": VILLAGE, "limit": 1}))
    return f"/registry/households/{households['items'][0]['household_id']}/conditions"


def act_on(conditions: str, papers: int = 1) -> str:
    form = dict.fromkeys(("food", "clothing", "education", "medical", "housing", "water"), True)
    settled_fields = {**form, "effective_on": "2018-01-02", "evidence": [{"kind": "photo"}] * papers}
    return f"/acts/registry/survey_conditions?{urlencode({'path': conditions, 'form': json.dumps(settled_fields)})}"


def test_a_household_that_changed_meanwhile_is_decided_on_only_once_that_was_read(
    sample: SampleHouse, page: Page, conditions: str
) -> None:
    sample.open(page, act_on(conditions, papers=0), CADRE)
    page.get_by_role("radio", name="否").first.check()
    survey = {"effective_on": "2018-01-02", "address": "三组 7 号"}
    Clerk(sample, CADRE).asked("POST", conditions.replace("conditions", "surveys"), survey)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name=SEND).click()
    expect(refusal(page, "changed_since")).to_be_focused()
    changed = page.locator("[data-part=changed-since]")
    expect(changed.get_by_role("listitem")).to_have_count(1)
    expect(changed).to_contain_text("2018-01-02")
    changed.get_by_role("button").click()
    expect(page.get_by_role("radio", name="否").first).to_be_checked()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator(".result")).to_be_visible()


@pytest.mark.long_run
def test_an_upload_that_breaks_off_is_taken_up_again_and_the_form_is_as_it_was(
    sample: SampleHouse, page: Page, conditions: str, tmp_path: Path
) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-1.4\n")
    sample.open(page, act_on(conditions), CADRE)
    page.route(re.compile("/registry/evidence"), no_answer, times=1)
    papers = page.get_by_role("group", name="依据材料 1")
    papers.locator("input[type=file]").first.set_input_files(scan)
    expect(papers).to_contain_text("重试不会重复上传")
    expect(page.get_by_role("radio", name="是").first).to_be_checked()
    papers.get_by_role("button", name="重试").click()
    expect(papers).to_contain_text("scan.pdf")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator(".result")).to_be_visible()
