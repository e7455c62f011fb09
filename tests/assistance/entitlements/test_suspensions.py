"""What was granted is suspended and resumed: what is due in between, who may, and that nothing else ends a suspension."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.registry.codes import SchoolStage
from contracts.roles import Role
from tests.assistance.harness import (
    NEXT_VILLAGE,
    AssistanceHarness,
    Family,
    application,
    assistance_harness,
    terms,
)
from tests.assistance.payments.paying import PayOffice

TODAY = "2016-11-09"
AUTUMN, SPRING, NOW = ("2015-09", "625.00"), ("2016-02", "625.00"), ("2016-09", "625.00")
PAPER = {"paper": "停发通知2016-1"}


@pytest.fixture(scope="module")
def office(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[PayOffice]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("lika"), TODAY) as started:
        yield PayOffice(started)


@pytest.fixture
def harness_without_calendars(database: Callable[[str], str], tmp_path: Path) -> Iterator[AssistanceHarness]:
    with assistance_harness(database, tmp_path, TODAY, calendars=None) as started:
        yield started


def granted(office: PayOffice, since: str = "2015-09-01") -> tuple[Family, str]:
    """A pupil of junior school; where what it was granted is."""
    (family,) = office.families(SchoolStage.JUNIOR, 1)
    office.grant([family], since)
    (entitlement,) = office.harness.entitlements(family)
    return family, f"/entitlements/{entitlement['case_id']}"


def due(office: PayOffice, family: Family) -> list[tuple[str, str]]:
    return terms(office.harness.entitlements(family)[0]["due"])


def suspension(on: str) -> dict[str, Any]:
    return {"on": on, "reason": "not_reached", **PAPER}


def resumption(on: str, *, back_pay: bool) -> dict[str, Any]:
    return {"on": on, "back_pay": back_pay, **PAPER}


def test_a_suspension_outlives_every_re_evaluation_and_ends_by_a_resumption(office: PayOffice) -> None:
    """Field request 11."""
    harness, (family, granted_at) = office.harness, granted(office)
    assert due(office, family) == [AUTUMN, SPRING, NOW]
    harness.post(office.department, f"{granted_at}/suspensions", suspension("2016-02-01"))
    for day in ("2016-03-01", "2016-04-01", "2016-05-01"):
        harness.record(family.pupil_surveyed(day, SchoolStage.JUNIOR, boarder=True))
        assert due(office, family) == [AUTUMN], day
    assert harness.entitlements(family)[0]["suspended_from"] == "2016-02-01"
    harness.post(office.department, f"{granted_at}/resumptions", resumption("2016-09-01", back_pay=False))
    assert due(office, family) == [AUTUMN, NOW]
    (said,) = harness.get(f"{granted_at}/suspensions")
    assert (said["since"], said["until"], said["reason"], said["back_pay"]) == (
        "2016-02-01", "2016-09-01", "not_reached", False,
    )  # fmt: skip
    assert harness.entitlements(family)[0]["suspended_from"] is None


def test_with_back_pay_what_fell_into_it_is_due_on_an_occasion_of_its_own_and_is_paid(office: PayOffice) -> None:
    harness, (family, granted_at) = office.harness, granted(office)
    harness.post(office.department, f"{granted_at}/suspensions", suspension("2016-02-01"))
    harness.post(office.department, f"{granted_at}/resumptions", resumption("2016-09-01", back_pay=True))
    assert due(office, family) == [AUTUMN, SPRING, NOW]
    lines = harness.entitlements(family)[0]["due"]
    assert [line["occasion"] == "regular" for line in lines] == [True, False, True]
    resumed = harness.stream(family)[-1]
    assert (lines[1]["occasion"], lines[1]["cause"]) == (resumed.id, resumed.id)
    pay_list = office.compile(TODAY, period_from="2016-02-01", period_to="2016-08-31")
    listed = [line for line in office.lines(pay_list) if line["unit"] == str(family.pupil.person_id)]
    assert [line["amount"] for line in listed] == ["625.00"]


def test_what_is_annulled_never_was(office: PayOffice) -> None:
    harness, (family, granted_at) = office.harness, granted(office)
    harness.post(office.department, f"{granted_at}/suspensions", suspension("2015-09-01"))
    assert due(office, family) == []
    (said,) = harness.get(f"{granted_at}/suspensions")
    annulments = f"{granted_at}/suspensions/{said['number']}/annulments"
    harness.post(office.department, annulments, PAPER)
    assert (due(office, family), harness.get(f"{granted_at}/suspensions")) == ([AUTUMN, SPRING, NOW], [])
    assert harness.refused(office.department, annulments, PAPER) == (409, "suspension_annulled_already")
    grant = f"{granted_at}/suspensions/2/annulments"
    assert harness.refused(office.department, grant, PAPER) == (404, "not_found")


@pytest.mark.parametrize(
    ("day", "code"), [("2016-02-14", "entitlement_not_running"), ("2016-02-15", None), ("2016-02-16", None)]
)
def test_only_what_runs_is_suspended(office: PayOffice, day: str, code: str | None) -> None:
    harness, (_, granted_at) = office.harness, granted(office, "2016-02-15")
    answer = office.department.post(f"/assistance{granted_at}/suspensions", suspension(day))
    assert (answer.status_code, answer.json().get("code")) == ((201, None) if code is None else (409, code))
    assert len(harness.get(f"{granted_at}/suspensions")) == (code is None)


@pytest.mark.parametrize(("day", "taken"), [("2016-10-19", True), ("2016-10-20", False), ("2016-10-21", False)])
def test_of_who_died_nothing_is_entered_any_more(office: PayOffice, day: str, taken: bool) -> None:
    """Field request 6: on a subject that ended every command is refused, and what was true before can still be told."""
    harness, (family, granted_at) = office.harness, granted(office)
    harness.record(family.pupil_died("2016-10-20"))
    asked = (
        (office.department, f"{granted_at}/suspensions", suspension(day), "entitlement_not_running"),
        (office.department, f"{granted_at}/resumptions", resumption(day, back_pay=True), "entitlement_not_suspended"),
    )
    for who, path, body, code in asked:
        answer = who.post(f"/assistance{path}", body)
        assert (answer.status_code, answer.json().get("code")) == ((201, None) if taken else (409, code)), path
    again = harness.refused(harness.cadre, "/cases", application(family, day))
    assert again == (409, "status_does_not_allow_procedure" if taken else "not_eligible")
    # What was due before is paid, to whom the family's paper names.
    heir = {"on": day, "payee": str(family.head.person_id), "paper": "继承证明"}
    harness.post(office.department, f"/payments/units/{family.pupil.person_id}/payees", heir)
    assert due(office, family)[0] == AUTUMN


def test_what_cannot_be_is_refused_and_others_do_not_reach_it(office: PayOffice) -> None:
    harness, (_, granted_at) = office.harness, granted(office)
    refused, who = harness.refused, office.department
    suspensions, resumptions = f"{granted_at}/suspensions", f"{granted_at}/resumptions"
    assert refused(who, resumptions, resumption(TODAY, back_pay=True)) == (409, "entitlement_not_suspended")
    assert refused(who, suspensions, suspension("2016-11-10")) == (409, "future_day")
    harness.post(who, suspensions, suspension("2016-03-01"))
    assert refused(who, suspensions, suspension("2016-03-02")) == (409, "entitlement_suspended_already")
    assert refused(who, suspensions, suspension("2016-02-28")) == (409, "suspension_before_last_change")
    harness.post(who, resumptions, resumption("2016-04-01", back_pay=False))
    assert refused(who, resumptions, resumption("2016-04-02", back_pay=False)) == (409, "entitlement_not_suspended")
    assert refused(who, suspensions, suspension("2016-03-31")) == (409, "entitlement_suspended_already")
    harness.post(who, suspensions, suspension("2016-04-01"))
    elsewhere = harness.running.client_for("reviewer-7", f"{NEXT_VILLAGE[:8]}9", Role.REVIEWER)
    assert refused(elsewhere, resumptions, resumption("2016-05-01", back_pay=True)) == (404, "not_found")
    assert elsewhere.get(f"/assistance{suspensions}").status_code == 404
    assert refused(harness.cadre, suspensions, suspension("2016-05-01"))[0] == 403


def test_where_no_calendar_is_in_force_what_is_due_by_term_is_refused(
    harness_without_calendars: AssistanceHarness,
) -> None:
    """Never answered short of what no calendar says."""
    harness = harness_without_calendars
    family = Family.new(SchoolStage.JUNIOR)
    harness.record(family.recorded("2015-01-05"), family.enrolled("2015-03-01"))
    PayOffice(harness).grant([family], "2016-09-01")
    answer = harness.decider.get("/assistance/entitlements", person_id=str(family.pupil.person_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "school_terms_missing")
