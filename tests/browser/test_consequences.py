"""Who decides sees beforehand what would follow in all services, and afterwards it stands beside the decision."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from lika.demo.officials import TOWNSHIP_REVIEWER
from tests.browser.cases import CADRE, VILLAGE, Clerk
from tests.browser.conftest import SampleHouse

CERTIFICATE = {"kind": "certificate", "held_on_paper": True}


def test_what_would_follow_is_shown_before_it_is_signed_and_kept_on_the_case(sample: SampleHouse, page: Page) -> None:
    clerk = Clerk(sample, CADRE)
    member = {"name": "孙远", "sex": "male", "birth_year": 1970, "relation": "head"}
    household = {"effective_on": "2017-12-01", "division": VILLAGE.code, "members": [member]}
    subject = clerk.asked("POST", "/registry/households", household)["location"].rpartition("/")[2]
    terms = {"effective_on": "2017-12-05", "reason": "abroad"}
    opening = {
        "on": "2017-12-06",
        "subject": subject,
        "procedure": "household_end",
        "grounds": "举家出国",
        "terms": terms,
    }
    case = clerk.asked("POST", "/registry/cases", opening)["location"]
    clerk.asked("POST", f"{case}/visits", {"on": "2017-12-07", "confirmed": True, "evidence": [CERTIFICATE]})
    sample.open(page, f"/acts/registry/decide_case?path={quote(f'{case}/decisions')}", TOWNSHIP_REVIEWER)
    page.get_by_label("办理日期").fill("2017-12-08")
    page.get_by_role("radiogroup", name="批准").get_by_label("是", exact=True).check()
    page.get_by_label("决定机关").fill("样例乡人民政府")
    page.get_by_label("文号").fill("样政〔2017〕8号")
    page.get_by_label("签发人").fill("乡长")
    page.get_by_role("button", name="下一步：核对").click()
    foreseen = page.locator(".foreseen")
    expect(foreseen).to_contain_text("停止")
    expect(foreseen).to_contain_text("自 2017-12-05")
    expect(foreseen).to_contain_text("登记")
    expect(foreseen.locator(".incomplete")).to_have_count(0)
    checksum = foreseen.get_by_text("校验码").inner_text()
    page.get_by_role("button", name="确认提交").click()
    page.get_by_role("navigation", name="接下来").get_by_role("link", name="查看案件").click()
    kept = page.locator("section").filter(has=page.get_by_role("heading", name="决定前所示的办理后果"))
    expect(kept).to_contain_text(checksum)
    expect(kept).to_contain_text(TOWNSHIP_REVIEWER.subject)


@pytest.mark.long_run
def test_the_sheet_for_a_visit_is_reached_from_the_household_and_fits_paper(sample: SampleHouse, page: Page) -> None:
    clerk = Clerk(sample, CADRE)
    member = {"name": "孙近", "sex": "male", "birth_year": 1970, "relation": "head"}
    household = {"effective_on": "2017-12-01", "division": VILLAGE.code, "housing_m2": "80", "members": [member]}
    subject = clerk.asked("POST", "/registry/households", household)["location"].rpartition("/")[2]
    sample.open(page, f"/households/{subject}", CADRE)
    page.get_by_role("link", name="入户走访单").click()
    sheet = page.locator("article")
    expect(sheet.get_by_role("row", name="住房面积(㎡)")).to_contain_text("80")
    expect(sheet.get_by_role("columnheader", name="现在情况（有变化才填）").first).to_be_visible()
    expect(sheet).to_contain_text("没有到期的职责")
    expect(sheet).not_to_contain_text("孙近")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    assert len(page.pdf(format="A4")) > 1000
