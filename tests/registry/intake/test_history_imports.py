"""Status history of an older system is imported for a stated time, by the county's decision and two persons; another person
approves each file; afterwards it is closed for good."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import count
from uuid import uuid4

import pytest

from contracts.facts import Decision, Recorded
from contracts.registry.intake import HistoryImportOpened
from contracts.roles import Role
from services.registry.intake.history.domain import closed, fold
from tests.registry.intake.history_imports import (
    DECISION,
    IMPORTS,
    PERIOD,
    ApprovedImporter,
    approved,
    confirmed,
    open_history_import,
    proposed,
)
from tests.registry.intake.import_requests import (
    COUNTY,
    VILLAGE,
    cadre_of,
    head_line,
    household_line,
    import_workbook,
    post_workbook,
    registry_with_villages,
    row_errors,
    workbook_bytes,
)
from tests.support.running import ApiClient, Lika

_serials = count(301, 2)


@pytest.fixture
def running(database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(database, tmp_path_factory.mktemp("lika"), datetime(2018, 3, 1)) as started:  # noqa: DTZ001
        yield started


def history_of(number: str) -> bytes:
    """A workbook with one household that was identified in 2014."""
    event = {"household_no": number, "event": "识别", "effective_on": "2014", "source_recorded_on": "2017-12-30"}
    line = household_line(number, surveyed_on="2018-02-01")
    return workbook_bytes([line], [head_line(number, next(_serials))], [event])


def refused(client: ApiClient, workbook: bytes) -> list[str]:
    return [code for *_, code in row_errors(import_workbook(client, workbook))]


def step_to(running: Lika, day: str) -> None:
    operator = running.client_for("op-1", "", Role.OPERATOR)
    assert operator.post("/registry/clock/steps", {"to": f"{day}T09:00:00+08:00"}).status_code == 201


def test_a_county_cadre_alone_imports_no_history(running: Lika) -> None:
    """The register had a way by which one person made a household registered poor."""
    cadre, reviewer = cadre_of(running, COUNTY), running.client_for("r", COUNTY, Role.REVIEWER, Role.DECIDER)
    before = reviewer.get(f"{IMPORTS}/{COUNTY}").json()
    assert (before["open"], before["proposals"]) == (False, [])
    assert refused(cadre, history_of("A1")) == ["history_not_open"]
    assert approved(reviewer, history_of("A1")).json()["code"] == "intake_history_not_open"
    opening = proposed(reviewer)
    assert confirmed(reviewer, opening).json()["code"] == "approves_own_entry"
    assert refused(cadre, history_of("A1")) == ["history_not_open"]
    assert confirmed(running.client_for("d", COUNTY, Role.DECIDER), opening).status_code == 201
    file = history_of("A1")
    assert refused(cadre, file) == ["history_not_approved"]
    assert approved(running.client_for(f"cadre-{COUNTY}", COUNTY, Role.REVIEWER), file).status_code == 201
    assert refused(cadre, file) == ["history_not_approved"]
    assert approved(reviewer, file).status_code == 201
    assert refused(cadre, history_of("A2")) == ["history_not_approved"]
    assert import_workbook(cadre, file)["recorded"] == 1


def test_two_accounts_of_one_person_are_not_two_persons(running: Lika) -> None:
    province = running.client_for("p", "99", Role.OPERATOR)
    person = {"name": "张某", "accounts": ["zhang3", "z.san"], "effective_on": "2018-01-01"}
    assert province.post("/registry/staff", person).status_code == 201
    one, other = (running.client_for(a, COUNTY, Role.CADRE, Role.DECIDER) for a in ("zhang3", "z.san"))
    assert confirmed(other, proposed(one)).json()["code"] == "approves_own_entry"
    open_history_import(running)
    file = history_of("B1")
    assert approved(other, file).status_code == 201
    assert refused(one, file) == ["history_not_approved"]


def test_a_file_is_tried_out_before_it_is_approved(running: Lika) -> None:
    """The dry run names the digest that is approved, and says that it does not ask for the approval."""
    cadre, file = cadre_of(running, COUNTY), history_of("E1")
    assert [e["code"] for e in post_workbook(cadre, file, dry_run=True).json()["errors"]] == ["intake_history_not_open"]
    open_history_import(running)
    tried = post_workbook(cadre, file, dry_run=True).json()
    assert (tried["errors"], "intake_history_not_approved" in tried["not_asked"]) == ([], True)
    approval = {"file_sha256": tried["file_sha256"]}
    reviewer = running.client_for("r", COUNTY, Role.REVIEWER)
    assert reviewer.post(f"{IMPORTS}/{COUNTY}/batches", approval).status_code == 201
    assert import_workbook(cadre, file)["recorded"] == 1


def test_a_file_without_history_needs_no_opening(running: Lika) -> None:
    line = household_line("C1", surveyed_on="2018-02-01")
    workbook = workbook_bytes([line], [head_line("C1", next(_serials))])
    assert import_workbook(cadre_of(running), workbook)["recorded"] == 1


def test_after_its_last_day_it_is_closed_for_good(running: Lika) -> None:
    open_history_import(running, opens_on="2018-03-02", closes_on="2018-03-03")
    importer = ApprovedImporter(running)
    assert refused(importer, history_of("D1")) == ["history_not_open"]
    step_to(running, "2018-03-02")
    reviewer = running.client_for("r", COUNTY, Role.REVIEWER)
    assert reviewer.post(IMPORTS, {**PERIOD, **DECISION}).json()["code"] == "intake_history_opened_once"
    assert import_workbook(importer, history_of("D2"))["recorded"] == 1
    step_to(running, "2018-03-03")
    file = history_of("D3")
    assert approved(reviewer, file).status_code == 201
    assert import_workbook(importer, history_of("D4"))["recorded"] == 1
    step_to(running, "2018-03-04")
    assert refused(cadre_of(running, COUNTY), file) == ["history_closed"]
    assert approved(reviewer, history_of("D5")).json()["code"] == "intake_history_closed"
    assert reviewer.post(IMPORTS, {**PERIOD, **DECISION}).json()["code"] == "intake_history_closed"
    assert reviewer.get(f"{IMPORTS}/{COUNTY}").json()["open"] is False


def test_it_is_the_county_s_own_decision(running: Lika) -> None:
    for area in ("99", COUNTY[:4], VILLAGE[:9], VILLAGE):
        answer = running.client_for("d", area, Role.DECIDER).post(IMPORTS, {**PERIOD, **DECISION})
        assert (answer.status_code, answer.json()["code"]) == (403, "level_not_allowed")
    neighbour = running.client_for("d", "990002", Role.DECIDER)
    opening = proposed(running.client_for("r", COUNTY, Role.REVIEWER))
    assert confirmed(neighbour, opening).status_code == 404
    assert neighbour.get(f"{IMPORTS}/{COUNTY}").status_code == 404
    assert confirmed(running.client_for("d", COUNTY, Role.DECIDER), str(uuid4())).status_code == 404
    earlier = {**PERIOD, **DECISION, "closes_on": "2018-02-28"}
    assert running.client_for("r", COUNTY, Role.REVIEWER).post(IMPORTS, earlier).json()["code"] == (
        "intake_history_closes_before_opening"
    )


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2018, 5, 31), "intake_history_not_open"), (date(2018, 6, 1), None),
        (date(2018, 6, 30), None), (date(2018, 7, 1), "intake_history_closed"),
    ],
)  # fmt: skip
def test_both_days_named_are_included(day: date, code: str | None) -> None:
    opened = HistoryImportOpened(
        opening_id=uuid4(), county=COUNTY, opens_on=date(2018, 6, 1), closes_on=date(2018, 6, 30), proposed_by="r",
        decision=Decision(organ="县", decided_on=date(2018, 5, 1), document_no="1", signer="组长"),
        effective_on=date(2018, 5, 2), entered_by="d",
    )  # fmt: skip
    instant = datetime(2018, 5, 2)  # noqa: DTZ001
    refusal = closed(fold([Recorded("registry", 1, "s", 1, instant, uuid4(), "d", opened, b"")]), day)
    assert (refusal and refusal.code) == code
