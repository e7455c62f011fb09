"""A county is cut over by two persons, once: what the older system says stands beside what the register holds, line by line and household
by household, whichever was entered first; a wrong balance is annulled by two persons."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from contracts.roles import Role
from services.casework.workbooks.writing.workbook_writer import write_form
from services.chassis.web import cli_client
from services.registry import cli
from services.registry.intake.layout import HISTORY, HOUSEHOLDS, MEMBERS
from tests.registry.intake.history_imports import ApprovedImporter, open_history_import
from tests.registry.intake.import_requests import (
    COUNTY,
    VILLAGE,
    cadre_of,
    head_line,
    household_line,
    import_workbook,
    registry_with_villages,
    workbook_bytes,
)
from tests.registry.national_register.generated_households import FORM
from tests.support.running import ApiClient, Lika, all_items

PATH = "/registry/opening-balances"
DAY = "2023-03-31"
DECISION = {"organ": "样例县", "decided_on": "2023-04-01", "document_no": "农组〔2023〕4号", "signer": "组长"}
POOR = [
    {"status": "registered", "households": 2, "persons": 3},
    {"status": "exited", "households": 1, "persons": 1},
]  # fmt: skip
BALANCE: dict[str, Any] = {
    "opening_on": DAY, "source_recorded_on": "2023-04-02", "kept_in": "national_system", "poverty": POOR,
    "monitoring": [{"status": "monitored", "kind": "marginal", "households": 0, "persons": 0}], "decision": DECISION,
}  # fmt: skip


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika"), datetime(2023, 4, 3)) as started:  # noqa: DTZ001
        open_history_import(started)
        yield started


def clerk(running: Lika) -> ApiClient:
    return running.client_for("county-clerk", COUNTY, Role.REVIEWER, Role.DECIDER)


def decider(running: Lika) -> ApiClient:
    return running.client_for("county-head", COUNTY, Role.DECIDER)


def imported(running: Lika, numbers: Sequence[str], *events: str) -> None:
    history = [
        {"household_no": n, "event": event, "effective_on": day, "source_recorded_on": "2023-03-01"}
        for n in numbers
        for event, day in zip(events, ("2014", "2019"), strict=False)
    ]
    lines = [household_line(n, surveyed_on="2023-03-20") for n in numbers]
    book = workbook_bytes(lines, [head_line(n, 101 + 2 * (ord(n[1]) % 40)) for n in numbers], history)
    answer = import_workbook(ApprovedImporter(running), book)
    assert answer["recorded"] == len(numbers), answer


def their_list() -> bytes:
    """Of the national system: E1 and E2 are poor, the latter with two persons there; E3 has left poverty."""
    said = {"E1": ("未脱贫", 1), "E2": ("未脱贫", 2), "E3": ("已脱贫", 1)}
    households = [
        {"national_no": n, "division": VILLAGE, "surveyed_on": DAY, "poverty_status": status, "size": size}
        for n, (status, size) in said.items()
    ]
    members = [head_line(n, 101 + 2 * (ord(n[1]) % 40)) for n in said]
    return write_form(FORM, {HOUSEHOLDS: households, MEMBERS: members, HISTORY: []})  # type: ignore[dict-item]


def compared(running: Lika) -> str:
    who = clerk(running)
    assert who.get("/registry/households", limit=1).status_code == 200  # the view knows what was recorded
    answer = who.post("/registry/reconciliations", content=their_list(), params={"compared_on": DAY})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["batch_id"])


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def proposed(running: Lika, **more: Any) -> str:
    answer = clerk(running).post(PATH, {**BALANCE, **more})
    assert answer.status_code == 201, answer.text
    return str(clerk(running).get(answer.headers["Location"]).json()["proposals"][-1]["balance_id"])


def told(person: ApiClient) -> list[tuple[str, str]]:
    """What of opening balances stands in somebody's inbox: kind and act."""
    items = person.get("/registry/inbox").json()["items"]
    return [(each["kind"], each["act"]["operation"]) for each in items if each["id"].startswith("opening-balance-")]


def approved(person: ApiClient, balance: str) -> httpx.Response:
    return person.post(f"{PATH}/{COUNTY}/approvals", {"balance_id": balance})


def annulled(running: Lika) -> None:
    standing = clerk(running).get(f"{PATH}/{COUNTY}").json()["approved"]["balance_id"]
    proposal = {"balance_id": standing, "decision": DECISION}
    assert clerk(running).post(f"{PATH}/{COUNTY}/annulments", proposal).status_code == 201
    (waiting,) = clerk(running).get(f"{PATH}/{COUNTY}").json()["annulments"]
    assert told(decider(running)) == [("due", "approve_opening_annulment")]
    approval = {"annulment_id": waiting["annulment_id"]}
    assert refused(clerk(running).post(f"{PATH}/{COUNTY}/annulment-approvals", approval)) == (409, "approves_own_entry")
    assert decider(running).post(f"{PATH}/{COUNTY}/annulment-approvals", approval).status_code == 201


def lines_of(person: ApiClient) -> dict[str, tuple[Any, ...]]:
    """Line → asserted, held, difference, and what no household explains of it."""
    lines = person.get(f"{PATH}/{COUNTY}").json()["lines"]
    return {
        line["status"]: tuple(pair(line[name]) for name in ("asserted", "held", "difference", "unexplained"))
        for line in lines
    }


def pair(figures: dict[str, int] | None) -> tuple[int, int] | None:
    return None if figures is None else (figures["households"], figures["persons"])


def differing(person: ApiClient) -> dict[str, tuple[Any, Any]]:
    """Number → as the list, and as the register has it."""
    found = all_items(person, f"{PATH}/{COUNTY}/households")
    return {each["national_no"]: (standing(each["asserted"]), standing(each["held"])) for each in found}


def standing(side: dict[str, Any] | None) -> tuple[str, int] | None:
    return None if side is None else (side["status"], side["persons"])


def test_what_cannot_be_so_is_not_even_proposed(running: Lika) -> None:
    who = clerk(running)
    wrong = {**BALANCE, "poverty": [{"status": "exited", "households": 3, "persons": 2}]}
    assert refused(who.post(PATH, wrong)) == (422, "opening_balance_figures")
    assert refused(who.post(PATH, {**BALANCE, "poverty": [POOR[0], POOR[0]]})) == (422, "opening_balance_line_twice")
    early = {**BALANCE, "source_recorded_on": "2023-03-30"}
    assert refused(who.post(PATH, early)) == (422, "opening_balance_said_before_its_day")
    assert refused(who.post(PATH, {**BALANCE, "opening_on": "2023-04-04", "source_recorded_on": "2023-04-04"}))[1] == (
        "future_day"
    )
    unknown = {**BALANCE, "monitoring": [{"status": "monitored", "kind": "poorest", "households": 1, "persons": 1}]}
    assert refused(who.post(PATH, unknown))[1] == "unknown_monitoring_kind"
    township = running.client_for("t", VILLAGE[:9], Role.REVIEWER)
    assert refused(township.post(PATH, BALANCE)) == (403, "level_not_allowed")
    assert who.get(f"{PATH}/{COUNTY}").status_code == 404


def test_a_county_is_cut_over_by_two_persons_once_and_the_difference_is_told_whatever_came_first(running: Lika) -> None:
    who, head = clerk(running), decider(running)
    imported(running, ["E1"], "识别")
    list_before = compared(running)
    other_day = who.post(PATH, {**BALANCE, "opening_on": "2023-03-30", "reconciliation_id": list_before})
    assert refused(other_day) == (422, "opening_balance_other_comparison")

    balance = proposed(running, reconciliation_id=list_before)
    assert who.get(f"{PATH}/{COUNTY}").json()["approved"] is None
    assert (told(who), told(head)) == ([("waiting", "approve_opening_balance")], [("due", "approve_opening_balance")])
    assert told(cadre_of(running)) == told(running.client_for("h", COUNTY[:4], Role.DECIDER)) == []
    assert refused(approved(who, balance)) == (409, "approves_own_entry")
    assert approved(head, balance).status_code == 201
    assert told(head) == []
    stands = who.post(PATH, BALANCE)
    assert refused(stands) == (409, "opening_balance_stands")
    assert [step["act"] for step in stands.json()["next"]] == ["propose_opening_annulment"]
    assert refused(approved(head, balance)) == (409, "opening_balance_stands")

    assert lines_of(who) == {
        "registered": ((2, 3), (1, 1), (-1, -2), (0, 0)),
        "exited": ((1, 1), (0, 0), (-1, -1), (0, 0)),
        "monitored": ((0, 0), (0, 0), (0, 0), (0, 0)),
    }  # fmt: skip
    assert differing(who) == {"E2": (("registered", 2), None), "E3": (("exited", 1), None)}

    imported(running, ["E2"], "识别")
    imported(running, ["E3", "E4"], "识别", "脱贫")
    after = {
        "registered": ((2, 3), (2, 2), (0, -1), (0, 0)),
        "exited": ((1, 1), (2, 2), (1, 1), (0, 0)),
        "monitored": ((0, 0), (0, 0), (0, 0), (0, 0)),
    }  # fmt: skip
    households = {"E2": (("registered", 2), ("registered", 1)), "E4": (None, ("exited", 1))}
    assert (lines_of(who), differing(who)) == (after, households)
    assert who.get(f"{PATH}/{COUNTY}", known_at="2023-04-02").status_code == 404, "nothing was known of it"
    cadre = cadre_of(running)
    assert differing(cadre) == households
    assert running.client_for("r", "990002", Role.REVIEWER).get(f"{PATH}/{COUNTY}").status_code == 404

    annulled(running)
    assert who.get(f"{PATH}/{COUNTY}").json()["approved"] is None
    assert refused(approved(head, balance)) == (404, "not_found"), "what was annulled is not approved again"
    nothing = who.post(f"{PATH}/{COUNTY}/annulments", {"balance_id": balance, "decision": DECISION})
    assert refused(nothing) == (409, "opening_balance_none")
    assert approved(head, proposed(running, reconciliation_id=compared(running))).status_code == 201
    assert (lines_of(who), differing(who)) == (after, households), "as if the list had been compared first"

    annulled(running)
    assert approved(head, proposed(running)).status_code == 201
    assert lines_of(who)["exited"] == ((1, 1), (2, 2), (1, 1), (1, 1)), "no list: explained by no household"
    assert differing(who) == {}


def test_the_command_line_does_the_same(running: Lika, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(_: str, token: str, __: float) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(transport=running.client._transport, base_url="http://testserver", headers=headers)

    def run(person: ApiClient, *words: str) -> Result:
        return CliRunner().invoke(cli.app, ["opening", *words], env={"LIKA_TOKEN": person.token, "COLUMNS": "200"})

    monkeypatch.setattr(cli_client, "connect", connect)
    who, head = clerk(running), decider(running)
    form, decision = tmp_path / "balance.yaml", tmp_path / "decision.yaml"
    form.write_text(json.dumps({**BALANCE, "reconciliation_id": compared(running)}), encoding="utf-8")
    decision.write_text(json.dumps({"decision": DECISION}), encoding="utf-8")
    if who.get(f"{PATH}/{COUNTY}").status_code == 200:
        annulment = run(who, "annul", COUNTY, str(decision)).stdout.split()[-1]
        assert run(head, "approve-annulment", COUNTY, annulment).exit_code == 0
        assert "尚未切换" in run(who, "annul", COUNTY, str(decision)).output
    else:
        imported(running, ["E1", "E2"], "识别")
        imported(running, ["E3", "E4"], "识别", "脱贫")
    balance = run(who, "propose", str(form)).stdout.split()[-1]
    assert run(head, "approve", COUNTY, balance).exit_code == 0
    shown = run(who, "show", COUNTY)
    assert shown.exit_code == 0, shown.output
    for text in (DAY, "E2", "E4", "脱贫", "2 / 3"):
        assert text in shown.stdout, shown.stdout
    told = json.loads(run(who, "show", COUNTY, "--json").stdout)
    assert {each["national_no"] for each in told["households"]} == {"E2", "E4"}
    exported = run(who, "show", COUNTY, "--export", str(tmp_path / "differences.csv"))
    assert exported.exit_code == 0, exported.output
    assert "E4" in (tmp_path / "differences.csv").read_text(encoding="utf-8-sig")
