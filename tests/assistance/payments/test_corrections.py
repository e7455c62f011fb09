"""What goes wrong at the counter: files that were cut, papers that are entered twice, what is told late or was wrong, acts out of order."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.facts import HouseholdFact
from contracts.registry.corrections import DeathReported, ReportWithdrawn
from contracts.registry.divisions import Level
from contracts.registry.members import MemberDied
from tests.assistance.harness import COUNTY, VILLAGE, Family, assistance_harness, fact
from tests.assistance.payments.paying import PERIODS, PayOffice

TODAY, LATER, POSTED, HANDED = "2016-11-15", "2016-11-17", "2016-10-20", "2016-11-01"
DECIDED = {"organ": "县财政局", "document_no": "示财〔2016〕31号", "signer": "局长"}


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayOffice]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), TODAY) as running:
        made = PayOffice.with_calendars(running)
        made.quota("900000.00")
        yield made


def handed_over(office: PayOffice) -> str:
    pay_list = office.compile(TODAY)
    office.harness.post(office.township, f"{pay_list}/postings", {"on": POSTED})
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": POSTED})
    office.release(pay_list, HANDED)
    office.harness.post(office.finance, f"{pay_list}/handovers", {"on": HANDED, "voucher_no": "V1"})
    return pay_list


def test_of_a_file_that_was_cut_no_line_is_taken_whose_end_is_missing(office: PayOffice) -> None:
    """The day 15 that was cut to 1 is a day, and the wrong one; a character that was cut hides none of the lines before it."""
    office.pupils(3)
    pay_list = handed_over(office)
    whole = office.result(pay_list, TODAY)
    head, *rows, foot = whole.decode().splitlines()
    assert rows[0].endswith("2016-11-15,")
    for lines, encoding in (([head, rows[0]], "utf-8"), ([head, *rows[:2]], "gb18030")):
        sent = "\n".join(lines)[:-2].encode(encoding)
        taken = office.take(pay_list, sent, dry_run=True)
        codes = [error["code"] for error in taken["errors"]]
        assert (taken["newly_settled"], codes) == (
            len(sent.decode(encoding).splitlines()) - 2,
            ["payment_result_cut_short"],
        )
        assert taken["rows_seen"] == taken["newly_settled"] + taken["refused"]
    amid = whole.index("成功".encode(), whole.index(rows[2].encode())) + 1
    taken = office.take(pay_list, whole[:amid])
    assert (taken["newly_settled"], taken["refused"]) == (2, 1)
    assert [(e["row"], e["code"]) for e in taken["errors"]] == [(4, "payment_result_cut_short")]
    # A quotation mark that somebody typed hides no line behind it, be there so many.
    for stray, good, behind in (
        (f'"{rows[0]}', 2, rows[1:]),
        (f'{rows[0]}"', 3, rows[1:]),
        (f'"{rows[0]}', 1, rows[1:2] * 3000),
    ):
        taken = office.take(pay_list, "\n".join([head, stray, *behind, foot, ""]).encode(), dry_run=True)
        assert (taken["newly_settled"] + taken["known_already"], taken["rows_seen"]) == (good, 1 + len(behind))
        assert {error["row"] for error in taken["errors"] if error["code"] == "workbook_required"} <= {2}
    taken = office.take(pay_list, "\n".join([head, *rows, foot]).encode())
    assert (taken["newly_settled"], taken["known_already"], taken["errors"]) == (1, 2, [])


def test_no_act_is_of_a_day_before_the_one_it_goes_on_from(office: PayOffice) -> None:
    office.pupils(1)
    pay_list, refused = office.compile(TODAY), office.harness.refused
    office.harness.post(office.township, f"{pay_list}/postings", {"on": POSTED})
    before = (409, "payment_before_last_act")
    assert refused(office.department, f"{pay_list}/verifications", {"on": "2016-10-19"}) == before
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": POSTED})
    release = {"fund_document": "示财农〔2016〕9号", "order_no": "1"}
    assert refused(office.finance, f"{pay_list}/releases", {**release, "on": "2016-10-19"}) == before
    office.harness.post(office.finance, f"{pay_list}/releases", {**release, "on": "2016-11-02"})
    hand_over = f"{pay_list}/handovers"
    assert refused(office.finance, hand_over, {"on": "2016-11-01", "voucher_no": "V"}) == before
    office.harness.post(office.finance, hand_over, {"on": "2016-11-02", "voucher_no": "V"})


def test_who_takes_the_money_is_whom_the_latest_paper_names_whatever_was_told_last(office: PayOffice) -> None:
    [pupil] = office.pupils(1)
    path, later, earlier = f"/payments/units/{pupil.pupil.person_id}/payees", str(uuid4()), str(uuid4())
    for on, payee in (("2016-10-02", later), ("2016-10-01", earlier)):
        office.harness.post(office.department, path, {"on": on, "payee": payee, "paper": on})
    lines = office.harness.get(f"{office.compile(TODAY)}/lines", office.finance)["items"]
    assert [line["payee"] for line in lines if line["unit"] == str(pupil.pupil.person_id)] == [later]
    office.harness.post(office.department, path, {"on": "2016-10-02", "payee": earlier, "paper": "corrected"})
    assert str(payee_of(office, pupil)) == earlier
    office.harness.post(office.department, path, {"on": "2016-10-03", "payee": None, "paper": "own account again"})
    assert payee_of(office, pupil) is None


def payee_of(office: PayOffice, pupil: Family) -> object:
    with office.harness.assistance.reading() as conn:
        row = conn.execute(b"SELECT payee FROM unit_payees WHERE unit = %s", (pupil.pupil.person_id,)).fetchone()
    return row[0] if row else "nobody"


def test_a_paper_is_entered_once_and_what_was_wrong_is_annulled_and_entered_anew(office: PayOffice) -> None:
    """A double click with another key, a waiver of the wrong person, a recovery that a refund rests on."""
    [pupil] = office.pupils(1)
    path, due = (
        f"/payments/units/{pupil.pupil.person_id}",
        {"on": TODAY, "programme": "education_aid", "component": "junior"},
    )
    due |= PERIODS | {"period_from": "2016-09-01"}
    harness, post, refused = office.harness, office.harness.post, office.harness.refused

    def account(**asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = harness.get(path, office.finance, programme="education_aid", **asked)
        return found

    [found] = account()["accounts"]
    due |= {name: found[name] for name in ("component", "period_from", "period_to", "occasion")}
    waiver = {**due, "amount": "300.00", **DECIDED}
    post(office.finance, f"{path}/waivers", waiver)
    assert refused(office.finance, f"{path}/waivers", {**waiver, "amount": "25.00"}) == (409, "payment_paper_used")
    assert account()["accounts"][0]["waived"] == "300.00"
    [entry] = account()["entries"]
    [standing] = harness.get(f"{path}/facts", office.finance)
    assert (standing["id"], standing["type"], standing["effective_on"]) == (entry["fact"], "DueWaived", TODAY)
    void = {"on": TODAY, "facts": [entry["fact"]], "reason": "弄错了人"}
    assert refused(office.finance, f"{path}/annulments", {**void, "facts": [entry["fact"][:-1] + "9"]}) == (
        409, "payment_unit_entry_unknown",
    )  # fmt: skip
    post(office.finance, f"{path}/annulments", void)
    assert refused(office.finance, f"{path}/annulments", void) == (409, "payment_unit_entry_unknown")
    assert (account()["accounts"][0]["waived"], account()["entries"][0]["annulled"]) == ("0.00", True)
    assert (
        harness.get(f"{path}/facts", office.finance) == []
    )  # an annulment is not annulled: what is right is entered anew
    harness.advance_to("2016-11-16")
    due["on"] = "2016-11-16"
    pay_list = handed_over(office)
    mine = next(row["line"] for row in office.lines(pay_list) if row["unit"] == str(pupil.pupil.person_id))
    assert office.lines(pay_list)[mine - 1]["amount"] == "625.00"  # all of it is due again
    office.take(pay_list, office.result(pay_list, "2016-11-16"))
    harness.record(pupil.removed("2016-08-01"))
    assert account()["accounts"][0]["owed"] == "625.00"

    recovery = {**due, "amount": "100.00", "receipt_no": "R 1"}
    post(office.department, f"{path}/recoveries", recovery)
    assert refused(office.department, f"{path}/recoveries", {**recovery, "receipt_no": "r1"}) == (
        409,
        "payment_paper_used",
    )
    post(office.department, f"{path}/recoveries", {**recovery, "receipt_no": "R2"})
    then = account()["accounts"][0]
    assert (then["recovered"], then["owed"]) == ("200.00", "425.00")
    wrong = account()["entries"][-1]["fact"]
    post(office.finance, f"{path}/annulments", {"on": due["on"], "facts": [wrong], "reason": "收据重复"})
    now = account()["accounts"][0]
    assert (now["recovered"], now["owed"], now["overpaid"]) == ("100.00", "525.00", "625.00")
    post(office.department, f"{path}/recoveries", {**recovery, "receipt_no": "R2"})  # right after all
    assert account()["accounts"][0]["owed"] == "425.00"
    assert office.identities(**PERIODS)["hold"]


def held(office: PayOffice, pay_list: str) -> set[str]:
    lines = {row["line"]: row["unit"] for row in office.lines(pay_list)}
    return {lines[line] for line in office.read(pay_list)["held"]}


def test_who_is_reported_dead_before_a_list_is_made_is_held_on_it_as_after_and_freed_with_the_report(
    office: PayOffice,
) -> None:
    """And so is what goes to the account of somebody dead; a death that was annulled holds nothing."""
    before, after, other = office.pupils(3)
    reports = {family.household: uuid4() for family in (before, after, other)}

    def reported(family: Family, person: UUID) -> HouseholdFact:
        told: HouseholdFact = fact(
            DeathReported, family.household, "2016-11-05", person_id=person, report_id=reports[family.household],
            level=Level.TOWNSHIP, answer_by=date(2016, 12, 1),
        )  # fmt: skip
        return told

    holder = other.head.person_id
    named = {"on": POSTED, "payee": str(holder), "paper": "委托书2016-9"}
    office.harness.post(office.department, f"/payments/units/{other.pupil.person_id}/payees", named)
    office.harness.record(reported(before, before.pupil.person_id))
    pay_list = office.compile(TODAY)
    mine = {
        name: str(family.pupil.person_id) for name, family in (("before", before), ("after", after), ("other", other))
    }
    assert held(office, pay_list) & set(mine.values()) == {mine["before"]}
    office.harness.record(reported(after, after.pupil.person_id), reported(other, holder))
    assert held(office, pay_list) >= set(mine.values())
    office.harness.record(fact(ReportWithdrawn, before.household, "2016-11-08", report_id=reports[before.household]))
    assert held(office, pay_list) & set(mine.values()) == {mine["after"], mine["other"]}
    died, *_ = office.harness.record(fact(MemberDied, after.household, "2016-11-05", person_id=after.pupil.person_id))
    office.harness.record(fact(ReportWithdrawn, after.household, "2016-11-09", report_id=reports[after.household]))
    assert mine["after"] in held(office, pay_list)  # entered meanwhile
    office.harness.record(after.annulled("2016-11-10", died))
    assert held(office, pay_list) & set(mine.values()) == {mine["other"]}


def test_a_line_that_is_held_blocks_the_year_with_the_act_that_frees_it_and_not_as_unpaid(office: PayOffice) -> None:
    """No other list can pay it: it is on one."""
    office.harness.advance_to(LATER)
    [family] = office.pupils(1)
    unit, report = str(family.pupil.person_id), uuid4()
    office.harness.record(
        fact(
            DeathReported, family.household, "2016-11-05", person_id=family.pupil.person_id, report_id=report,
            level=Level.TOWNSHIP, answer_by=date(2016, 12, 1),
        )
    )  # fmt: skip
    office.pupils(1)

    def blocks() -> list[tuple[str, str]]:
        found = office.harness.get(
            "/payments/year-end-blocks", office.finance, programme="education_aid", year=2016, limit=200
        )
        return [(b["kind"], b["act"]) for b in found["items"] if b["list_id"] == list_id or b["unit"] == unit]

    list_id = ""
    assert blocks() == [("due_unpaid", "compile_pay_list")]
    pay_list = handed_over(office)
    list_id, first = pay_list.rpartition("/")[2], office.read(pay_list)["control"]
    office.take(pay_list, office.result(pay_list, LATER))
    assert blocks() == [("lines_held", "free_payment_lines")]
    entries = office.harness.get("/inbox", office.department, limit=200)["items"]
    [mine] = [e for e in entries if e["details"].get("list_id") == list_id]
    assert (mine["act"]["operation"], mine["may"]) == ("free_payment_lines", True)
    office.harness.record(fact(ReportWithdrawn, family.household, "2016-11-08", report_id=report))
    assert blocks() == [("list_unfinished", "hand_over_payments")]
    office.harness.post(office.finance, f"{pay_list}/handovers", {"on": LATER, "voucher_no": "V2"})
    assert blocks() == [("lines_pending", "import_payment_results")]
    result = office.result(pay_list, LATER)
    other = result.replace(office.read(pay_list)["control"].encode(), first.encode())
    (wrong,) = office.take(pay_list, other, dry_run=True)["errors"]
    assert (wrong["column"], wrong["code"]) == ("控制码 / control code", "payment_result_of_another_file")
    office.take(pay_list, office.result(pay_list, LATER))
    assert blocks() == []


def test_a_death_that_is_restored_or_told_again_holds_again_and_nothing_else_does(office: PayOffice) -> None:
    """An annulment that was wrong is annulled; a report that was declined is made anew; what was freed by hand stays free."""
    entered, reported = office.pupils(2)
    pay_list = office.compile(TODAY)
    mine = {str(family.pupil.person_id) for family in (entered, reported)}

    def tell(report: UUID) -> None:
        office.harness.record(
            fact(
                DeathReported, reported.household, "2016-11-05", person_id=reported.pupil.person_id, report_id=report,
                level=Level.TOWNSHIP, answer_by=date(2016, 12, 1),
            )
        )  # fmt: skip

    first, second = uuid4(), uuid4()
    tell(first)
    died, *_ = office.harness.record(entered.pupil_died("2016-11-05"))
    assert held(office, pay_list) >= mine
    annulled, *_ = office.harness.record(entered.annulled("2016-11-10", died))
    office.harness.record(fact(ReportWithdrawn, reported.household, "2016-11-08", report_id=first))
    assert not held(office, pay_list) & mine
    restored, *_ = office.harness.record(entered.annulled("2016-11-11", annulled))
    tell(second)
    assert held(office, pay_list) >= mine
    lines = [line["line"] for line in office.lines(pay_list) if line["unit"] == str(entered.pupil.person_id)]
    office.harness.post(office.department, f"{pay_list}/frees", {"on": TODAY, "lines": lines})
    moved, *_ = office.harness.record(entered.moved("2016-11-12"))
    office.harness.record(entered.annulled("2016-11-12", moved))
    assert held(office, pay_list) & mine == {str(reported.pupil.person_id)}
    office.harness.record(entered.annulled("2016-11-13", restored))
    office.harness.record(entered.annulled("2016-11-14", died))  # nothing new: it is void already
    assert held(office, pay_list) & mine == {str(reported.pupil.person_id)}


def test_what_is_asked_of_a_programme_that_was_never_adopted_is_no_list_of_nothing(office: PayOffice) -> None:
    """A key that was mistyped pays nobody, balances nothing and closes no year."""
    refused, never = office.harness.refused, (422, "programme_never_adopted")
    assert refused(office.township, "/pay-lists", office.asked(TODAY, programme="education_aids")) == never
    year = {"programme": "education_aids", "division": COUNTY, "year": 2016}
    assert refused(office.finance, "/payments/closing-proposals", year) == never
    asked = office.finance.get("/assistance/payments/identities", programme="education_aids")
    assert (asked.status_code, asked.json()["code"]) == never
    proposed = {
        "programme": "education_aids", "procedure": "education_aid", "division": VILLAGE, "on": TODAY, "grounds": "名单",
    }  # fmt: skip
    assert refused(office.harness.cadre, "/entitlements/proposals", proposed) == never
