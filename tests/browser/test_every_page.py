"""What holds for every page of routes.ts: accessible (axe), in both languages, wide and on a phone; nothing fails behind its
back; it says what it is. A page that lands later is in it by itself, and must be found by a link."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from lika.demo.officials import AUDITOR, HATS
from lika.demo.township import sample_township
from tests.browser.cases import CADRE, Clerk
from tests.browser.conftest import SampleHouse
from tests.browser.walk import ENLARGED, SEATS, Walk, walking

DISCLOSE = """async ({account, fields}) => {
  const headers = { "Lika-Account": account, "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }
  const households = await (await fetch("/console/api/registry/households?limit=20", { headers })).json()
  const body = { household_ids: households.items.map(each => each.household_id), fields, purpose: "audit",
    order: { organ: "县审计局", document_no: "审通〔2018〕1号" } }
  const answer = await fetch("/console/api/registry/disclosures", { method: "POST", headers, body: JSON.stringify(body) })
  return await answer.text()
}"""


@pytest.fixture(scope="module")
def notice(sample: SampleHouse) -> None:
    """One hangs, so that there is its sheet."""
    Clerk(sample, CADRE).posted_notice("陈走遍", "2018-01-01")


@pytest.fixture(scope="module")
def walked(sample: SampleHouse, browser: Browser, notice: None) -> Iterator[Walk]:
    """Each page at one of the four seats; all of them in the long run."""
    with walking(sample, browser) as walk:
        walk.over_every_page()
        yield walk


def test_every_page_is_found_and_nothing_is_wrong_with_it(walked: Walk) -> None:
    assert walked.wrong == []


def test_no_personal_value_is_kept_beside_the_pages_and_no_answer_is_cached(sample: SampleHouse, walked: Walk) -> None:
    """Not in an address, a title, the history, what a browser stores, the server's log or the security log; when they are
    opened, too."""
    opened = walked.page.evaluate(
        DISCLOSE, {"account": AUDITOR.subject, "fields": ["name", "id_number", "phone", "account", "address"]}
    )
    values = personal_values()
    assert any(value in opened for value in values)
    walked.traces.look()
    logs = [sample.folder / "security.log", sample.folder.with_name("house.log")]
    assert AUDITOR.subject in logs[0].read_text("utf-8")
    assert walked.traces.found(values, logs) == []
    assert walked.traces.cached == []


def personal_values() -> list[str]:
    """Of everybody in the sample; and as an address would have them. A name of two signs stands in other words, too."""
    plain = {
        value
        for household in sample_township().households
        for member in household.members
        for value in (member.name, member.id_number, household.circumstances.phone, household.circumstances.account)
        if len(value) > 2
    }
    assert len(plain) > 4000
    return [*plain, *(quote(value) for value in plain if not value.isascii())]


@pytest.mark.long_run
@pytest.mark.usefixtures("notice")
def test_every_page_holds_for_every_hat_that_may_read_it_at_every_seat(sample: SampleHouse, browser: Browser) -> None:
    with walking(sample, browser) as walk:
        walk.over_every_page()
        for path, _ in list(walk.seen.values()):
            for hat in HATS:
                for seat in SEATS:
                    if walk.open(path, hat, seat):
                        walk.check()
                if walk.open(path, hat, ENLARGED):
                    walk.check_width()
    assert walk.wrong == []


@pytest.mark.long_run
def test_a_list_can_be_read_at_400_percent(sample: SampleHouse, browser: Browser) -> None:
    with walking(sample, browser) as walk:
        assert walk.open("/", AUDITOR, ENLARGED)
        walk.check_width()
    assert walk.wrong == []


@pytest.mark.long_run
def test_the_keyboard_skips_to_the_content_and_follows_to_the_next_page(sample: SampleHouse, page: Page) -> None:
    sample.open(page, "/", AUDITOR)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.get_by_role("link", name="农户", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("农户")
    expect(page.locator("#main")).to_be_focused()
    expect(page).to_have_title("农户 · 立卡 Lika")


def test_on_a_phone_all_pages_are_behind_one_button_and_every_target_fits_a_finger(
    sample: SampleHouse, phone: Page
) -> None:
    sample.open(phone, "/", *HATS)
    phone.get_by_role("button", name="我").tap()
    own = phone.get_by_role("dialog")
    expect(own.get_by_role("link", name="农户", exact=True)).to_be_visible()
    expect(own.get_by_label("以何身份办理")).to_be_visible()
    for target in [*own.locator("a, button, select").all(), *phone.locator(".bottom-bar > *").all()]:
        box = target.bounding_box()
        assert box is not None
        assert (box["height"] >= 44, box["width"] >= 44) == (True, True), target.inner_text()
    own.get_by_role("link", name="农户", exact=True).tap()
    expect(own).to_be_hidden()
    expect(phone.locator("h1")).to_have_text("农户")
