"""Acts, drawn from what the services publish."""

import re

import pytest
from playwright.sync_api import BrowserContext, Dialog, FilePayload, Locator, Page, Request, Route, expect

from lika.demo.divisions import VILLAGES
from tests.browser.cases import CADRE, VOTES, Clerk
from tests.browser.conftest import PHONE, SampleHouse

PDF: FilePayload = {
    "name": "minutes.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF",
}
LABELS = {
    "entitled": "应到人数", "present": "实到人数", "in_favour": "赞成人数", "against": "反对人数", "abstained": "弃权人数",
}  # fmt: skip


def appraisal_filled_in(page: Page, sample: SampleHouse, case: str) -> None:
    page.goto(f"{sample.url}/console/acts/registry/hold_appraisal?path={case}/appraisals")
    page.get_by_label("办理日期").fill("2017-12-08")
    for name, label in LABELS.items():
        page.get_by_label(label).fill(str(VOTES[name]))


def member_filled_in(member: Locator, name: str, sex: str, year: str, relation: str) -> None:
    member.get_by_label("姓名").fill(name)
    member.get_by_label(sex).check()
    member.get_by_label("出生年份").fill(year)
    member.get_by_label("与户主关系").select_option(label=relation)


def test_a_household_is_recorded_by_hand_on_a_phone_and_a_double_click_sends_it_once(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, CADRE)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    sent: list[Request] = []
    page.on("request", lambda each: sent.append(each) if each.url.endswith("/registry/households") else None)
    page.goto(f"{sample.url}/console/households")
    page.get_by_role("link", name="登记农户", exact=True).click()
    page.get_by_label("生效日期").fill("2017-12-20")
    expect(page.get_by_label("行政区划")).to_have_value(VILLAGES[0].code)
    member_filled_in(page.get_by_role("group", name="成员 1"), "郑大山", "男", "1970", "户主")
    page.get_by_role("button", name="添加成员").click()
    member_filled_in(page.get_by_role("group", name="成员 2"), "郑小山", "男", "二零零五", "子女")
    page.get_by_role("button", name="下一步：核对").click()
    wrong = page.get_by_role("group", name="成员 2").get_by_label("出生年份")
    expect(wrong).to_be_focused()
    wrong.fill("2005")
    page.get_by_role("button", name="下一步：核对").click()
    expect(page.locator("main")).to_contain_text("郑小山")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.get_by_role("button", name="确认提交").dblclick()
    expect(page.get_by_role("heading", name="已记录：登记农户")).to_be_focused()
    assert len([each for each in sent if each.method == "POST"]) == 1
    expect(page.get_by_role("link", name="查看农户")).to_have_attribute(
        "href", re.compile("/console/households/[0-9a-f-]{36}$")
    )


def test_an_appraisal_without_minutes_is_refused_in_both_languages_and_focus_goes_to_the_upload(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    case = Clerk(sample, CADRE).opened_case("吴一")
    sample.sign_in(context, CADRE)
    appraisal_filled_in(page, sample, case)
    page.get_by_label("弃权人数").press("Enter")  # by keyboard alone
    page.get_by_role("button", name="确认提交").press("Enter")
    refusal = page.locator("[data-code=paper_missing]")
    expect(refusal).to_contain_text("缺少必须附上的材料")
    expect(refusal).to_contain_text("A paper that must be attached is missing")
    expect(page.get_by_label("选择文件")).to_be_focused()
    expect(page.get_by_label("赞成人数")).to_have_value("40")


@pytest.mark.long_run
def test_an_upload_that_breaks_off_keeps_the_form_and_is_kept_once_when_tried_again(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    case = Clerk(sample, CADRE).opened_case("吴二")
    sample.sign_in(context, CADRE)
    appraisal_filled_in(page, sample, case)
    keys: list[str] = []

    def broken_once(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/registry/evidence", broken_once)
    page.get_by_role("button", name="添加依据材料").click()
    page.get_by_label("材料类别").select_option(label="会议记录")
    page.get_by_label("选择文件").set_input_files(PDF)
    expect(page.get_by_text("上传中断")).to_be_visible()
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_text("已上传，提交后才算附上")).to_be_visible()
    assert len(keys) == 2
    assert keys[0] == keys[1]
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("heading", name="已记录")).to_be_focused()
    taken = Clerk(sample, CADRE).asked("GET", f"{case}/steps")["steps"][1]["taken"]
    assert [paper["kind"] for paper in taken["papers"] if paper["file"]] == ["minutes"]


@pytest.mark.long_run
def test_back_after_an_act_shows_the_case_as_it_is_now(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    case = Clerk(sample, CADRE).opened_case("吴三")
    sample.sign_in(context, CADRE)
    page.goto(f"{sample.url}/console/cases{case.replace('/cases', '')}")
    page.get_by_role("link", name="撤回").click()
    page.get_by_label("办理日期").fill("2017-12-09")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_role("heading", name="已记录：撤回")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("已结案，不再办理")).to_be_visible()


@pytest.mark.long_run
def test_who_leaves_with_something_typed_is_asked(sample: SampleHouse, context: BrowserContext, page: Page) -> None:
    sample.sign_in(context, CADRE)
    page.goto(f"{sample.url}/console/households/new")
    page.get_by_label("姓名").fill("郑三")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="立卡").click()
    expect(page.get_by_label("姓名")).to_have_value("郑三")
    assert "还没有提交" in asked[0]


@pytest.mark.long_run
def test_an_address_that_belongs_to_another_act_is_refused(
    sample: SampleHouse, context: BrowserContext, page: Page
) -> None:
    sample.sign_in(context, CADRE)
    page.goto(f"{sample.url}/console/acts/registry/hold_appraisal?path=/registry/households")
    expect(page.get_by_role("alert")).to_contain_text("地址与这一操作不符")
    page.goto(f"{sample.url}/console/acts/registry/nothing")
    expect(page.locator("[data-code=no_form_of_act]")).to_contain_text("There is no such act")
    page.goto(f"{sample.url}/console/acts/registry/declare_division")
    expect(page.locator("main [data-code=role_not_allowed]")).to_contain_text("以您的岗位不能办理")
    expect(page.locator("main form")).to_have_count(0)  # nothing to be filled in for nothing


def test_a_visit_is_one_form_and_only_what_changed_is_entered(sample: SampleHouse, page: Page) -> None:
    """From the sheet that was carried along; seen, what has changed, and a risk are told at once."""
    clerk = Clerk(sample, CADRE)
    household = clerk.asked("GET", clerk.opened_case("周走访"))["household_id"]
    sample.open(page, f"/households/{household}/visit-sheet", CADRE)
    expect(page.locator("article.visit")).to_contain_text("到期职责")
    page.get_by_role("link", name="登记一次走访").click()
    page.get_by_label("生效日期").fill("2018-01-02")
    page.get_by_label("走访事由").select_option(index=1)
    page.get_by_label("了解到的情况").fill("屋顶漏雨，已联系维修")
    page.get_by_text("选填内容").first.click()
    changed = opened(page, "家庭情况")
    changed.get_by_text("选填内容").click()
    changed.get_by_label("耕地").fill("3.5")
    opened(page, "风险线索").get_by_label("反映情况").fill("家中有人住院")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").click()
    expect(page.locator(".result")).to_be_visible()
    assert clerk.asked("GET", f"/registry/households/{household}")["arable_mu"] == "3.500"
    told = clerk.asked("GET", f"/registry/clues?household_id={household}")["items"]
    visits = clerk.asked("GET", f"/registry/records?subject={household}")["items"]
    assert (len(told), [each["kind"] for each in visits]) == (1, ["home_visit"])


def opened(page: Page, part: str) -> Locator:
    """A part of a form that may be left out."""
    page.get_by_role("button", name=part).click()
    return page.get_by_role("group", name=part)
