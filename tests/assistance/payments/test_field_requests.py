"""What users of payment systems ask for (rows of the field's requests), each as a test over HTTP on one township."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from contracts.assistance.payments import PaymentsReturned, PaymentsSettled
from contracts.registry.codes import SchoolStage
from contracts.registry.corrections import DeathReported, ReportWithdrawn
from contracts.registry.divisions import Level
from contracts.roles import Role
from services.assistance.entitlements import due_queries
from services.assistance.payments import results
from services.casework.media_types import XLSX
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.unit import Unit
from tests.assistance.harness import fact
from tests.assistance.payments.lists_handed_over import BANK_DAY, codes, handed_over, sums, workbook
from tests.assistance.payments.paying import PERIODS, PayOffice


def test_a_file_with_every_fault_takes_its_good_rows_and_names_the_others(office: PayOffice) -> None:
    """Requests 1 to 3: unknown, doubled, early, late, over- and under-paid rows, another list, another file, no date, cut."""
    pay_list = handed_over(office, 6)
    head, *rows, foot = office.result(pay_list, BANK_DAY).decode().splitlines()
    cells = [row.split(",") for row in rows]

    def changed(row: int, column: int, text: str) -> str:
        return ",".join([*cells[row][:column], text, *cells[row][column + 1 :]])

    faulty = [
        head, changed(0, 2, "99"), rows[1], rows[1], changed(2, 5, "2016-10-01"), changed(2, 5, "2017-01-01"),
        changed(3, 3, "625.01"), changed(3, 3, "624.99"), changed(4, 0, str(uuid4())), changed(4, 1, "0" * 16),
        changed(5, 5, "昨天"), changed(5, 4, "失败"), rows[0][:40],
    ]  # fmt: skip
    taken = office.take(pay_list, "\n".join(faulty).encode())
    assert (taken["newly_settled"], taken["newly_returned"], taken["rows_seen"], taken["refused"]) == (1, 0, 12, 11)
    found = codes(taken)
    assert [code for _, code in found[:9]] == [
        "result_line_unknown", "result_line_twice", "result_early", "result_late", "result_too_much", "result_too_little",
        "result_of_another_list", "result_of_another_file", "day_unreadable",
    ]  # fmt: skip
    assert (12, "result_without_cause") in found
    assert "result_cut_short" in {code for _, code in found}
    sent = "\n".join([head, *rows, foot]).encode()
    whole = office.take(pay_list, sent)
    found = office.harness.get(f"/evidence/{whole['evidence_id']}", office.finance)
    assert (found["kind"], found["media_type"], found["size"]) == ("payment_result_file", "text/plain", len(sent))
    content = office.finance.get(f"/assistance/evidence/{whole['evidence_id']}/content", purpose="payment")
    assert content.content == sent
    assert (whole["newly_settled"], whole["known_already"], whole["errors"]) == (5, 1, [])
    again = office.take(pay_list, "\n".join([head, *rows, foot]).encode())
    assert (again["newly_settled"], again["known_already"]) == (0, 6)
    assert sums(office, pay_list) == ("3750.00", "3750.00", "0.00", 0)


def test_a_file_that_was_broken_off_is_sent_again_and_ends_in_the_same_facts(
    office: PayOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Request 2, and 1: the database goes away between two parts of the file; the identities hold meanwhile and after."""
    pay_list = handed_over(office, 4)
    content, key = office.result(pay_list, BANK_DAY, {3: "账户已销户"}), str(uuid4())
    monkeypatch.setattr(results, "CHUNK", 1)
    store, submit, parts = office.harness.assistance, office.harness.assistance.submit, list[Unit]()

    def away(unit: Unit) -> Any:
        parts.append(unit)
        if len(parts) > 3:  # the file itself, and two lines
            raise StoreUnavailable("away")
        return submit(unit)

    headers = {**office.finance._headers, "Idempotency-Key": key, "Content-Type": "text/csv"}
    with monkeypatch.context() as broken:
        broken.setattr(store, "submit", away)
        answer = office.finance._client.post(f"/assistance{pay_list}/results", content=content, headers=headers)
        assert answer.status_code == 503
    assert sums(office, pay_list) == ("2500.00", "1250.00", "0.00", 2)
    assert office.identities(**PERIODS)["hold"]
    taken = office.take(pay_list, content, key)
    assert (taken["newly_settled"], taken["newly_returned"], taken["known_already"], taken["errors"]) == (1, 1, 2, [])
    assert sums(office, pay_list) == ("2500.00", "1875.00", "625.00", 0)
    assert office.take(pay_list, content, key)["known_already"] == 4
    stream = store.stream(pay_list.strip("/").replace("pay-lists/", "pay-list-"))
    outcomes = [r.fact for r in stream if isinstance(r.fact, PaymentsSettled | PaymentsReturned)]
    assert sum(fact.total for fact in outcomes) == Decimal("2500.00")
    assert office.identities(**PERIODS)["hold"]


def test_who_is_granted_while_a_list_is_read_is_neither_skipped_nor_doubled(
    office: PayOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Request 13: by ranges of ids, as known when the reading began; whoever came meanwhile is on the next list."""
    office.township.post("/assistance/pay-lists", office.asked(BANK_DAY))  # what tests before left is on a list now
    before, coming = office.pupils(5), office.families(SchoolStage.JUNIOR, 2)
    late = [str(family.pupil.person_id) for family in coming]
    monkeypatch.setattr(due_queries, "CHUNK", 2)
    of_units = due_queries.EntitlementDue.of_units

    def meanwhile(self: Any, *asked: Any) -> Any:
        if coming:
            with ThreadPoolExecutor(1) as others:
                others.submit(office.grant, [coming.pop()], "2016-09-01").result()
        return of_units(self, *asked)

    with monkeypatch.context() as busy:
        busy.setattr(due_queries.EntitlementDue, "of_units", meanwhile)
        first = office.compile(BANK_DAY)
    listed = [line["unit"] for line in office.lines(first)]
    assert sorted(listed) == sorted(str(family.pupil.person_id) for family in before)
    again = [line["unit"] for line in office.lines(office.compile(BANK_DAY))]
    assert sorted(again) == sorted(late)


def test_call_backs_that_are_lost_or_doubled_end_in_the_same_state(office: PayOffice) -> None:
    """Request 8."""
    pay_list = handed_over(office, 3)
    control = office.read(pay_list)["control"]

    def call_back(line: int, **changes: Any) -> dict[str, Any]:
        told = {"control": control, "line": line, "amount": "625.00", "credited": True, "on": BANK_DAY, "source": "CB"}
        return {**told, **changes}

    for _ in range(2):
        office.harness.post(office.department, f"{pay_list}/outcomes", call_back(1))
    version = len(office.harness.assistance.stream(pay_list.strip("/").replace("pay-lists/", "pay-list-")))
    assert sums(office, pay_list) == ("1875.00", "625.00", "0.00", 2)
    office.take(pay_list, office.result(pay_list, BANK_DAY))  # the others' were lost
    assert sums(office, pay_list) == ("1875.00", "1875.00", "0.00", 0)
    returned = call_back(1, credited=False, cause="account_closed")
    office.harness.post(office.department, f"{pay_list}/outcomes", returned)
    wrong = office.harness.refused(office.department, f"{pay_list}/outcomes", call_back(1))
    assert wrong == (422, "payment_result_contradicts")
    assert sums(office, pay_list) == ("1875.00", "1250.00", "625.00", 0)
    outcome = f"assistance/{pay_list.strip('/').replace('pay-lists/', 'pay-list-')}"
    annulled = {"on": BANK_DAY, "outcome": f"{outcome}/{version}", "reason": "回盘行号记错"}
    refused = office.harness.refused(office.finance, f"{pay_list}/outcome-annulments", annulled)
    assert refused == (409, "payment_outcome_rested_on")
    last = len(office.harness.assistance.stream(outcome.removeprefix("assistance/")))
    offered = [each["id"] for each in office.read(pay_list)["outcomes"]]
    assert {f"{outcome}/{version}", f"{outcome}/{last}"} <= set(offered)
    office.harness.post(office.finance, f"{pay_list}/outcome-annulments", {**annulled, "outcome": f"{outcome}/{last}"})
    assert [each["id"] for each in office.read(pay_list)["outcomes"]] == [
        o for o in offered if o != f"{outcome}/{last}"
    ]
    assert sums(office, pay_list) == ("1875.00", "1875.00", "0.00", 0)
    assert office.identities(**PERIODS)["hold"]


def test_no_list_is_made_for_a_day_to_come_and_none_goes_on_after_its_end(office: PayOffice) -> None:
    """Requests 6 and 10."""
    refused = office.harness.refused
    assert refused(office.township, "/pay-lists", office.asked("2016-11-10")) == (409, "payment_due_ahead")
    office.pupils(1)
    pay_list = office.compile(BANK_DAY)
    office.harness.post(office.department, f"{pay_list}/withdrawals", {"on": BANK_DAY})
    for act in ("postings", "verifications", "withdrawals"):
        who = office.township if act == "postings" else office.department
        assert refused(who, f"{pay_list}/{act}", {"on": BANK_DAY}) == (409, "payment_step_not_due"), act
    strike = {"on": BANK_DAY, "lines": [1], "reason": "entered_wrongly"}
    assert refused(office.department, f"{pay_list}/strikes", strike) == (409, "payment_step_not_due")
    assert office.compile(BANK_DAY) != pay_list  # what it named is due still


def test_hands_and_quota(office: PayOffice) -> None:
    """Four eyes over persons; the quota is reserved before anything is paid."""
    office.pupils(1)
    both = office.harness.running.client_for("both", "990001", Role.CADRE, Role.REVIEWER, Role.DECIDER)
    pay_list = office.harness.post(both, "/pay-lists", office.asked(BANK_DAY))
    office.harness.post(both, f"{pay_list}/postings", {"on": "2016-10-31"})
    assert office.harness.refused(both, f"{pay_list}/verifications", {"on": BANK_DAY}) == (409, "payment_same_hands")
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": BANK_DAY})
    release = {"on": BANK_DAY, "fund_document": "示财农〔2016〕9号", "order_no": "1"}
    assert office.harness.refused(both, f"{pay_list}/releases", release) == (409, "payment_same_hands")
    early = {**release, "on": "2015-12-31"}
    assert office.harness.refused(office.finance, f"{pay_list}/releases", early) == (409, "payment_quota_missing")
    office.quota("10.00")
    assert office.harness.refused(office.finance, f"{pay_list}/releases", release) == (409, "payment_quota_exceeded")
    office.quota("900000.00")
    office.harness.post(office.finance, f"{pay_list}/releases", release)


def test_a_list_reproduces_and_shows_what_changed_since(office: PayOffice) -> None:
    """Request 9."""
    stays, goes = office.pupils(2)
    pay_list = office.compile(BANK_DAY)
    office.harness.record(goes.removed("2016-08-01"))
    found = office.harness.get(f"{pay_list}/reproduction", office.finance)
    assert found["same"]
    [changed] = [d for d in found["differences"] if d["unit"] == str(goes.pupil.person_id)]
    assert (changed["listed"], changed["found"]) == ("625.00", None)
    assert str(stays.pupil.person_id) not in {d["unit"] for d in found["differences"]}


def test_a_reported_death_holds_what_is_not_paid_until_the_report_comes_to_nothing(office: PayOffice) -> None:
    dead, _ = office.pupils(2)
    pay_list = office.compile(BANK_DAY)
    report = uuid4()
    died = fact(
        DeathReported, dead.household, "2016-11-05", person_id=dead.pupil.person_id, report_id=report, level=Level.TOWNSHIP,
        answer_by=date(2016, 12, 1),
    )  # fmt: skip
    office.harness.record(died)
    [line] = office.read(pay_list)["held"]
    lines = office.harness.get(f"{pay_list}/lines", office.finance)["items"]
    assert lines[line - 1]["unit"] == str(dead.pupil.person_id)
    office.harness.record(fact(ReportWithdrawn, dead.household, "2016-11-08", report_id=report))
    assert office.read(pay_list)["held"] == []


def test_what_waits_stands_in_the_inbox_with_its_act(office: PayOffice) -> None:
    office.pupils(1)
    pay_list = office.compile(BANK_DAY)
    entries = office.harness.get("/inbox", office.township, limit=200)["items"]
    [mine] = [e for e in entries if e["details"].get("list_id") == pay_list.rpartition("/")[2]]
    assert (mine["act"]["operation"], mine["act"]["path"], mine["may"]) == (
        "post_pay_list", f"/assistance{pay_list}/postings", True,
    )  # fmt: skip


def test_goods_are_settled_by_their_delivery_note(office: PayOffice) -> None:
    office.pupils(1)
    pay_list = office.compile(BANK_DAY, means="delivery")
    for who, act, form in (
        (office.township, "postings", {"on": "2016-10-31"}), (office.department, "verifications", {"on": BANK_DAY}),
        (office.finance, "releases", {"on": BANK_DAY, "fund_document": "示财农〔2016〕9号", "order_no": "1"}),
        (office.finance, "handovers", {"on": BANK_DAY, "voucher_no": "出库单7"}),
    ):  # fmt: skip
        office.harness.post(who, f"{pay_list}/{act}", form)
    for line in office.harness.get(f"{pay_list}/lines", office.finance)["items"]:
        note = {
            "control": line["control"], "line": line["line"], "amount": line["amount"], "credited": True, "on": BANK_DAY,
            "source": "发放单2016-7",
        }  # fmt: skip
        office.harness.post(office.department, f"{pay_list}/outcomes", note)
    state = office.read(pay_list)
    assert (state["means"], state["pending_lines"], state["settled"]) == ("delivery", 0, state["total"])


def test_the_account_holder_need_not_be_the_beneficiary(office: PayOffice) -> None:
    [pupil] = office.pupils(1)
    holder = str(pupil.head.person_id)
    named = {"on": BANK_DAY, "payee": holder, "paper": "委托书2016-8"}
    office.harness.post(office.department, f"/payments/units/{pupil.pupil.person_id}/payees", named)
    lines = office.harness.get(f"{office.compile(BANK_DAY)}/lines", office.finance)["items"]
    assert [line["payee"] for line in lines if line["unit"] == str(pupil.pupil.person_id)] == [holder]
    assert Decimal(lines[0]["amount"]) > 0


def test_a_workbook_with_bad_cells_takes_its_good_rows_and_names_the_cells(office: PayOffice) -> None:
    """Request 3: a future, an early and a text date, each by its row; the good rows land, and the mended file adds the rest."""
    pay_list = handed_over(office, 5)
    result = office.result(pay_list, BANK_DAY, {5: "户名不符"})

    def spoil(rows: list[list[Any]]) -> None:
        rows[0][5], rows[1][5], rows[2][5] = date(2017, 1, 1), date(2016, 10, 1), "昨天"

    taken = office.take(pay_list, workbook(result, spoil), media_type=XLSX)
    assert (taken["newly_settled"], taken["newly_returned"], taken["rows_seen"], taken["refused"]) == (1, 1, 5, 3)
    assert codes(taken) == [(2, "result_late"), (3, "result_early"), (4, "day_unreadable")]
    assert {error["column"] for error in taken["errors"]} == {"入账日期 / on"}
    again = office.take(pay_list, workbook(result, lambda _: None), media_type=XLSX)
    assert (again["newly_settled"], again["newly_returned"], again["known_already"], again["errors"]) == (3, 0, 2, [])
    assert sums(office, pay_list) == ("3125.00", "2500.00", "625.00", 0)
