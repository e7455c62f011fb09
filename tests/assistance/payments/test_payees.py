"""Whose account money goes to: what holds no longer is said before the next file fails, and the numbers are read for the file alone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID, uuid4

import pytest

from contracts.personal import Personal
from contracts.registry.access import PersonalDataRead
from contracts.registry.corrections import DeathReported, ReportWithdrawn
from contracts.registry.divisions import Level
from contracts.registry.members import MemberLeft
from contracts.registry.reasons import LeaveReason
from contracts.registry.surveys import HouseholdSurveyed
from services.chassis.security.sealing import seal
from tests.assistance.harness import Family, assistance_harness, fact
from tests.assistance.payments.paying import PayOffice

TODAY, NEXT_DAY, NAMED = "2016-11-15", "2016-11-16", "2016-10-08"
ACCOUNT = "6228480000000000017"


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayOffice]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), TODAY) as running:
        made = PayOffice.with_calendars(running)
        made.quota("900000.00")
        yield made


def name(office: PayOffice, family: Family, payee: UUID | None, on: str = NAMED, paper: str = "委托书2016-8") -> None:
    named = {"on": on, "payee": None if payee is None else str(payee), "paper": paper}
    office.harness.post(office.department, f"/payments/units/{family.pupil.person_id}/payees", named)


def checks(office: PayOffice, *families: Family) -> list[tuple[str, str]]:
    """(reason, since) of these."""
    found = office.harness.get("/payments/payee-checks", office.department, limit=200)["items"]
    mine = {str(family.pupil.person_id) for family in families}
    return [(each["reason"], each["since"]) for each in found if each["unit"] in mine]


def inbox(office: PayOffice, family: Family) -> list[tuple[str, bool]]:
    entries = office.harness.get("/inbox", office.department, limit=200)["items"]
    unit = str(family.pupil.person_id)
    return [(e["act"]["path"], e["may"]) for e in entries if e["details"].get("unit") == unit]


def handed_over(office: PayOffice, on: str = TODAY) -> str:
    pay_list = office.compile(on)
    office.harness.post(office.township, f"{pay_list}/postings", {"on": "2016-10-31"})
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": on})
    office.release(pay_list, on)
    office.harness.post(office.finance, f"{pay_list}/handovers", {"on": on, "voucher_no": "V1"})
    return pay_list


def test_a_payee_who_died_is_said_until_the_report_comes_to_nothing_or_another_is_named(office: PayOffice) -> None:
    [family] = office.pupils(1)
    report, holder = uuid4(), family.head.person_id
    assert checks(office, family) == []
    name(office, family, holder)
    assert checks(office, family) == []
    died = fact(
        DeathReported, family.household, "2016-11-05", person_id=holder, report_id=report, level=Level.TOWNSHIP,
        answer_by=date(2016, 12, 1),
    )  # fmt: skip
    office.harness.record(died)
    assert checks(office, family) == [("holder_died", "2016-11-05")]
    path = f"/assistance/payments/units/{family.pupil.person_id}/payees"
    assert inbox(office, family) == [(path, True)]
    office.harness.record(fact(ReportWithdrawn, family.household, "2016-11-08", report_id=report))
    assert checks(office, family) == []
    office.harness.record(replaced(died, uuid4()))
    name(office, family, None, on=TODAY, paper="本人账户")
    assert (checks(office, family), inbox(office, family)) == ([], [])


def replaced(died: DeathReported, report: UUID) -> DeathReported:
    return DeathReported(
        household_id=died.household_id, effective_on=died.effective_on, entered_by=died.entered_by, person_id=died.person_id,
        report_id=report, level=died.level, answer_by=died.answer_by,
    )  # fmt: skip


def test_a_payee_who_left_is_said_and_one_who_never_lived_there_was_meant(office: PayOffice) -> None:
    """On the day before, on the day, and back again; a guardian elsewhere is named by a paper that says so."""
    family, other, late = office.pupils(3)
    name(office, family, family.head.person_id)
    name(office, other, family.head.person_id)
    left, *_ = office.harness.record(
        fact(MemberLeft, family.household, "2016-10-09", person_id=family.head.person_id, reason=LeaveReason.DIVORCE)
    )
    name(office, late, late.head.person_id, on="2016-10-10")
    office.harness.record(
        fact(MemberLeft, late.household, "2016-10-10", person_id=late.head.person_id, reason=LeaveReason.DIVORCE)
    )
    assert checks(office, family, other, late) == [("holder_left", "2016-10-09")]
    name(office, late, uuid4(), on="2016-10-11")
    assert checks(office, late) == [("holder_unknown", "2016-10-11")]
    office.harness.record(family.annulled("2016-11-01", left))
    assert checks(office, family) == []


def returned(office: PayOffice, family: Family, pay_list: str, cause: str, on: str = TODAY) -> None:
    lines = {row["unit"]: row["line"] for row in office.lines(pay_list)}
    office.take(pay_list, office.result(pay_list, on, {lines[str(family.pupil.person_id)]: cause}))


def test_an_account_that_was_refused_twice_is_said_until_another_is_told(office: PayOffice) -> None:
    """Field request 12: mend it and the flag goes; what was returned stays on the bench until it is paid again."""
    [family] = office.pupils(1)
    first = handed_over(office)
    returned(office, family, first, "账户已销户")
    assert checks(office, family) == []
    again = office.harness.post(office.township, f"{first}/reissues", {"on": TODAY})
    office.hand_over(again, TODAY, voucher_no="V2")
    returned(office, family, again, "户名不符")
    assert checks(office, family) == [("refused_twice", TODAY)]
    bench = office.harness.get("/payments/bench", office.department, limit=200)["items"]
    [row] = [r for r in bench if r["unit"] == str(family.pupil.person_id)]  # the due is one, however often it came back
    assert row["list_id"] in again
    assert (row["cause"], row["cut_off"]) == ("name_differs", "2016-11-25")
    office.harness.advance_to(NEXT_DAY)
    told(office, family)
    assert checks(office, family) == []
    bench = office.harness.get("/payments/bench", office.department, limit=200)["items"]
    assert [r["cause"] for r in bench if r["unit"] == str(family.pupil.person_id)] == ["name_differs"]


def test_what_came_back_is_paid_again_as_far_as_it_is_due_and_no_further(office: PayOffice) -> None:
    """One whose due was given up, one who is entitled no longer, one who is: only the last is paid again, and keeps the year open."""
    _, removed, _ = families = office.pupils(3)
    pay_list = handed_over(office, TODAY)
    list_id = pay_list.rpartition("/")[2]
    lines = {row["unit"]: row["line"] for row in office.lines(pay_list)}
    units = [str(family.pupil.person_id) for family in families]
    office.take(pay_list, office.result(pay_list, TODAY, {lines[unit]: "账户休眠" for unit in units}))

    def bench() -> set[str]:
        found = office.harness.get("/payments/bench", office.department, limit=200)["items"]
        return {row["unit"] for row in found if row["list_id"] == list_id}

    def blocks() -> list[tuple[str, str | None]]:
        asked = {"programme": "education_aid", "year": 2016, "limit": 200}
        found = office.harness.get("/payments/year-end-blocks", office.finance, **asked)["items"]
        return [(b["kind"], b["unit"]) for b in found if b["list_id"] == list_id]

    def inbox_acts() -> list[str]:
        entries = office.harness.get("/inbox", office.department, limit=200)["items"]
        return [e["act"]["operation"] for e in entries if e["details"].get("list_id") == list_id]

    assert (bench(), inbox_acts()) == (set(units), ["reissue_payments"])
    due = {
        "on": TODAY, "programme": "education_aid", "component": "junior", "period_from": "2016-09-01", "period_to": "2017-01-31",
    }  # fmt: skip
    waiver = {**due, "amount": "625.00", "organ": "县教育局", "document_no": "教〔2016〕5号", "signer": "局长"}
    office.harness.post(office.finance, f"/payments/units/{units[0]}/waivers", waiver)
    office.harness.record(removed.removed("2016-08-01"))
    assert (bench(), blocks()) == ({units[2]}, [("return_not_paid_again", units[2])])
    with ThreadPoolExecutor(2) as clicks:
        path = f"/assistance{pay_list}/reissues"
        answers = list(clicks.map(lambda _: office.township.post(path, {"on": TODAY}), range(2)))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    [again] = [a.json()["location"].removeprefix("/assistance") for a in answers if a.status_code == 201]
    assert [(row["unit"], row["amount"]) for row in office.lines(again)] == [(units[2], "625.00")]
    assert (bench(), blocks(), inbox_acts()) == (set(), [], [])
    assert office.harness.refused(office.township, f"{pay_list}/reissues", {"on": TODAY}) == (
        409,
        "payment_nothing_returned",
    )


def told(office: PayOffice, family: Family, account: str = ACCOUNT) -> str:
    """By a visit, sealed as the register seals it."""
    keys = office.harness.running.services["registry"].environment.open_data_keys()
    survey = fact(HouseholdSurveyed, family.household, TODAY, account=Personal(account))
    sealed = seal(survey, keys.keys_for([family.household], ()))
    (told_by,) = office.harness.record(sealed)
    return told_by


def readings(office: PayOffice) -> list[PersonalDataRead]:
    day = office.harness.assistance.now().date().isoformat()
    stream = office.harness.assistance.stream(f"access-{day}-finance-1")
    return [r.fact for r in stream if isinstance(r.fact, PersonalDataRead)]


def test_account_numbers_are_read_for_the_file_alone_and_each_reading_is_on_record(office: PayOffice) -> None:
    has_one, guarded, without = office.pupils(3)
    [elsewhere] = office.families(guarded.pupil.school_stage, 1)
    told(office, has_one)
    wrong = told(office, has_one, "6228480000000000099")
    office.harness.record(has_one.annulled(NEXT_DAY, wrong))
    told(office, elsewhere, "6228480000000000025")
    name(office, guarded, elsewhere.head.person_id)
    pay_list, asked = office.compile(NEXT_DAY), {"organ": "县财政局"}
    path, before = f"{pay_list}/account-readings", len(readings(office))
    assert office.harness.refused(office.finance, path, asked) == (409, "payment_accounts_not_needed")
    office.harness.post(office.township, f"{pay_list}/postings", {"on": "2016-10-31"})
    office.harness.post(office.department, f"{pay_list}/verifications", {"on": NEXT_DAY})
    office.release(pay_list, NEXT_DAY)
    assert office.harness.refused(office.finance, path, asked) == (409, "payment_accounts_not_needed")
    office.harness.post(office.finance, f"{pay_list}/handovers", {"on": NEXT_DAY, "voucher_no": "V1"})
    assert office.harness.refused(office.department, path, asked)[0] == 403
    assert office.finance.post(f"/assistance{path}", asked, params={"dry_run": "true"}).status_code == 200
    assert len(readings(office)) == before
    key = str(uuid4())
    answer = office.finance.post(f"/assistance{path}", asked, key=key)
    found = answer.json()
    assert (answer.status_code, answer.headers["cache-control"], found["next_line"]) == (201, "no-store", None)
    accounts = {line["unit"]: line["account"] for line in found["lines"]}
    units = [str(family.pupil.person_id) for family in (has_one, guarded, without)]
    assert [accounts[unit] for unit in units] == [ACCOUNT, "6228480000000000025", None]
    [reading] = readings(office)[before:]
    assert (reading.purpose, reading.fields) == ("payment", ("account",))
    assert reading.order is not None
    assert (reading.order.organ, reading.order.document_no) == ("县财政局", "20161108-1")
    read = {each.household_id for each in reading.households}
    assert read >= {has_one.household, elsewhere.household}
    assert len(read) == len([account for account in accounts.values() if account is not None])
    again = office.finance.post(f"/assistance{path}", asked, key=key).json()
    assert (again["replayed"], again["lines"], len(readings(office))) == (True, [], before + 1)
    office.take(pay_list, office.result(pay_list, NEXT_DAY))
    assert office.harness.refused(office.finance, path, asked) == (409, "payment_accounts_not_needed")
    masked = {line["unit"]: line["account"] for line in office.lines(pay_list)}
    assert (masked[units[0]], masked[units[2]]) == ("***", None)
