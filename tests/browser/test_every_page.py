"""What holds for every page of routes.ts: accessible (axe), in both languages, wide and on a phone; nothing fails behind its
back; it says what it is. A page that lands later is in it by itself, and must be found by a link."""

import pytest
from playwright.sync_api import Browser, Page, expect

from lika.demo.officials import AUDITOR, HATS
from tests.browser.conftest import SampleHouse
from tests.browser.walk import ENLARGED, SEATS, walking


def test_every_page_is_found_and_nothing_is_wrong_with_it(sample: SampleHouse, browser: Browser) -> None:
    """Each at one of the four seats; all of them in the long run."""
    with walking(sample, browser) as walk:
        walk.over_every_page()
    assert walk.wrong == []


@pytest.mark.long_run
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


def test_a_list_can_be_read_at_400_percent(sample: SampleHouse, browser: Browser) -> None:
    with walking(sample, browser) as walk:
        assert walk.open("/", AUDITOR, ENLARGED)
        walk.check_width()
    assert walk.wrong == []


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
