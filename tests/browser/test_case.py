"""A case and its notice."""

from playwright.sync_api import BrowserContext, Page, expect

from lika.demo.officials import TOWNSHIP_REVIEWER, Official
from tests.browser.cases import CADRE, Clerk
from tests.browser.conftest import SampleHouse
from tests.support.eventually import eventually


def page_of(case: str) -> str:
    return f"/console/cases{case.replace('/cases', '')}"


def test_a_running_notice_says_its_last_day_and_its_sheet_has_no_number_of_a_person(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    case = Clerk(sample, CADRE).posted_notice("钱一", "2017-12-30")
    sample.sign_in(context, CADRE)
    page.goto(f"{sample.url}{page_of(case)}")
    expect(page.locator("[data-step=village_notice]")).to_contain_text("公示至2018-01-06当日结束")
    page.get_by_role("link", name="打印公示单").click()
    sheet = page.locator("article")
    expect(sheet).to_contain_text("公示至2018-01-06当日结束")
    text = sheet.inner_text()
    members = Clerk(sample, CADRE).asked("GET", f"/registry/households/{subject_of(sample, case)}")["members"]
    for member in members:
        assert str(member["id_number"]) not in text
        assert member["person_id"] not in text
    assert "钱一" not in text
    for said in ("张贴于村务公开栏", "公示期满后撤下", "Public notice", "Whoever objects"):
        assert said in text
    page.get_by_role("button", name="填入户主姓名").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="姓名", exact=True).check()
    dialog.get_by_role("checkbox", name="证件号码", exact=True).check()
    dialog.get_by_role("combobox").select_option("case")
    dialog.get_by_role("button", name="查看", exact=True).click()
    expect(sheet).to_contain_text("钱一")
    expect(sheet.locator("tr")).to_have_count(3)  # a number that was opened with it stands nowhere
    page.goto(f"{sample.url}/console/notices")
    expect(page.get_by_role("row", name="贫困户识别").first).to_contain_text("2018-01-06")


def subject_of(sample: SampleHouse, case: str) -> str:
    found: str = Clerk(sample, CADRE).asked("GET", case)["household_id"]
    return found


def test_who_entered_a_case_may_not_review_it_and_is_told_the_rule(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    case = Clerk(sample, CADRE).posted_notice("钱二", "2017-12-10")
    eventually(lambda: Clerk(sample, CADRE).asked("GET", case)["due"] == "township_review")
    same_person = Official(CADRE.subject, TOWNSHIP_REVIEWER.role, TOWNSHIP_REVIEWER.division)
    sample.sign_in(context, same_person)
    page.goto(f"{sample.url}{page_of(case)}")
    review = page.locator("[data-act=give_review]")
    expect(review.get_by_role("button")).to_be_disabled()
    expect(review).to_contain_text("own_entry")


def test_an_objection_is_raised_and_resolved(sample: SampleHouse, context: BrowserContext, page: Page) -> None:
    case = Clerk(sample, CADRE).posted_notice("钱三", "2017-12-30")
    sample.sign_in(context, CADRE)
    page.goto(f"{sample.url}{page_of(case)}")
    page.get_by_role("link", name="登记异议").click()
    page.get_by_label("办理日期").fill("2018-01-01")
    page.get_by_label("内容").fill("群众反映收入不实")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="确认提交").click()
    page.get_by_role("navigation", name="接下来").get_by_role("link", name="查看案件").click()
    expect(page.locator("[data-step=village_notice]")).to_contain_text("第 1 号")
    expect(page.locator("[data-act=resolve_objection], a[href*=resolve_objection]").first).to_be_visible()
