"""``lika demo --json``: the whole story without user input, checked against the township's published figures (M001–M006,
P03–P05, table 4.1) and against the sequel's arithmetic."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lika.cli import program
from lika.house import BUILDS
from services.chassis.ground.settings import database_name
from services.chassis.postgres.embedded import EmbeddedPostgres
from tests.support.doctor import findings_of, not_ok, run_doctor
from tests.support.sample import ToldSample
from tests.support.silent_edits import edit_silently

INFLOWS = ("identified", "returned", "moved_in", "transferred_in", "size_change")
OUTFLOWS = ("exited", "removed", "cancelled", "moved_out", "transferred_out")
UNITS = ("households", "persons")


@pytest.fixture(scope="module")
def output(told: ToldSample) -> dict[str, Any]:
    return told.printed


@pytest.fixture(scope="module")
def folder(told: ToldSample) -> Iterator[Path]:
    """A copy of what the demonstration kept. Short, for sockets; the database's own account passes through."""
    with tempfile.TemporaryDirectory(prefix="lika-demo-") as made:
        Path(made).chmod(0o711)
        told.copy_to(Path(made) / "data")
        yield Path(made) / "data"


def rows(output: dict[str, Any], known_at: str) -> dict[str, dict[str, Any]]:
    statement = next(s for s in output["statements"] if s["known_at"] == known_at)
    assert (statement["provisional"], statement["incomplete"]) == (False, 0)
    return {row["period"]: row for row in statement["rows"]}


def pair(figures: dict[str, int]) -> tuple[int, int]:
    return figures["households"], figures["persons"]


def test_the_published_figures_stand_as_known_at_the_end_of_2016(output: dict[str, Any]) -> None:
    years = rows(output, "2016-12-31")
    assert pair(years["2014"]["identified"]) == (746, 2073)  # M001, P03
    assert [pair(years[y]["exited"]) for y in ("2014", "2015", "2016")] == [(160, 462), (118, 419), (97, 389)]  # P04
    assert [pair(years[y]["closing"]) for y in ("2014", "2015")] == [(586, 1611), (468, 1192)]
    assert pair(years["2016"]["returned"]) == (1, 3)
    assert pair(years["2014"]["removed"]) == (0, 0)


def test_five_poor_villages_stand_on_the_list_before_their_households_are_filed(output: dict[str, Any]) -> None:
    listed = [village["designated_on"] for village in output["poor_villages"]]
    assert listed == ["2014-04-15"] * 5  # M001


def test_what_the_look_back_found_changes_2014_only_for_those_who_ask_later(output: dict[str, Any]) -> None:
    years = rows(output, "2018-01-01")
    households, persons = pair(years["2014"]["removed"])
    assert households == 1
    assert pair(years["2014"]["closing"]) == (585, 1611 - persons)
    assert pair(years["2015"]["closing"]) == (467, 1192 - persons)
    assert pair(years["2017"]["size_change"]) == (1, -1)  # one split, one death


def test_of_two_hundred_talks_of_a_school_term_one_had_no_topic(output: dict[str, Any]) -> None:
    """M086, R44, R46: forty teachers, five months; whoever left handed over."""
    assert output["school_term"] == {"met": 199, "missed": 1}


@pytest.mark.parametrize("known_at", ["2016-12-31", "2018-01-01"])
def test_every_row_balances_and_each_closing_is_the_next_opening(output: dict[str, Any], known_at: str) -> None:
    years = list(rows(output, known_at).values())
    for row in years:
        for unit in UNITS:
            flow = sum(row[c][unit] for c in INFLOWS) - sum(row[c][unit] for c in OUTFLOWS)
            assert row["opening"][unit] + flow == row["closing"][unit], row
            assert row["difference"][unit] == 0
    assert [pair(y["opening"]) for y in years[1:]] == [pair(y["closing"]) for y in years[:-1]]


def test_the_history_says_who_decided_when_it_was_true_and_what_caused_it(output: dict[str, Any]) -> None:
    events = output["history"]["events"]
    kinds = [e["type"] for e in events]
    enrolled, exited, returned, decided = (
        next(e for e in events if e["type"] == kind)
        for kind in ("HouseholdEnrolled", "HouseholdExited", "HouseholdReturned", "CaseDecided")
    )
    assert enrolled["decision"]["document_no"] == "样扶组〔2014〕1号"
    assert enrolled["entered_by"] != enrolled["decision"]["signer"]
    assert [(post["name"], post["title"]) for post in decided["entered_by_posts"]] == [("***", "县扶贫办主任")]
    assert all(e["entered_by_posts"] for e in events if e["entered_by"] not in ("lika", "timer"))
    assert returned["fields"]["former_exit"] == exited["id"]
    assert all(e["learned"]["basis"] == "proved" for e in events)
    assert {e["caused_by"].partition("/")[0] for e in events if e["caused_by"]} >= {"registry", "assistance"}
    assert "PairFormed" in kinds
    assert "EntitlementGranted" in kinds
    assert "EntitlementContinued" in kinds  # M119: the same school stage goes on after the exit
    assert "***" in json.dumps(output["history"], ensure_ascii=False)


def test_the_exit_target_shows_what_is_missing(output: dict[str, Any]) -> None:
    items = {t["item"]: t for t in output["targets"]}
    assert sorted(items) == [f"W{n}" for n in range(1, 10)]  # table 4.1
    progress = items["W8"]["progress"]
    assert progress["households"] == {"target": 105, "done": 97, "missing": 8}  # P05
    assert progress["persons"] == {"target": 421, "done": 389, "missing": 32}
    assert items["W8"]["overdue"]["since"] == "2017-01-01"
    assert {t["state"] for t in output["targets"]} >= {"struck_off", "overdue"}


def test_a_course_leads_to_a_job_a_house_is_moved_from_and_a_plan_lacks_a_measure(output: dict[str, Any]) -> None:
    (job,) = output["work"]
    assert (job["post_kind"], job["persons"], job["women"], job["kept_six_months"], job["earned"]) == (
        "job",
        1,
        1,
        1,
        "2400",
    )
    (moved,) = output["measures"]
    assert (moved["measure_kind"], moved["completed_households"]) == ("relocation", 1)
    (plan,) = output["plans_with_a_cause_unanswered"]
    assert (plan["unplanned"], plan["not_begun"]) == (["illness"], ["no_skill"])


def test_one_woman_of_two_is_lent_to_and_an_instalment_is_late_for_a_week(output: dict[str, Any]) -> None:
    """The payment that was taken back leaves the first instalment overdue on the days between."""
    late, now = ({loan["product"]: loan for loan in loans} for loans in output["loans"])
    assert (late["poverty_micro_credit"]["overdue_since"], late["poverty_micro_credit"]["principal"]) == (
        "2016-09-20",
        "20000.00",
    )
    micro, womens = now["poverty_micro_credit"], now["womens_micro_loan"]
    assert (micro["principal"], micro["arrears"], micro["overdue_since"]) == ("0.00", "0.00", None)
    assert (womens["principal"], womens["overdue_since"]) == ("80000.00", None)
    assert [len(loans) for loans in output["loans"]] == [1, 2]


@pytest.mark.long_run
def test_the_doctor_finds_nothing_wrong_with_the_house_it_leaves(folder: Path) -> None:
    findings = findings_of(run_doctor(folder, "--json", "--thorough"))
    assert not_ok(findings) == {}
    assert findings["registry.index_keys"]["code"] == "index_keys_complete"
    assert findings["audit.integrity"]["code"] == "integrity_compared_all"


FORGE = """
UPDATE log AS forged SET state = convert_to(replace(convert_from(log.state, 'UTF8'), '2016-', '2015-'), 'UTF8')
FROM log WHERE log.notification_id = forged.notification_id
    AND forged.notification_id = (SELECT max(notification_id) FROM log WHERE topic LIKE 'HouseholdExited/%')
RETURNING forged.notification_id, log.state
"""


def in_registry(folder: Path, statement: str) -> list[tuple[Any, ...]]:
    with EmbeddedPostgres(folder / "postgres") as server:
        return edit_silently(server.uri(database_name("registry")), statement)


def test_an_entry_forged_behind_everybody_s_back_is_named_and_nothing_is_rebuilt_from_it(
    folder: Path,
) -> None:
    """Trigger off, update, trigger on: of the newest exit, and back again."""
    ((position, original),) = in_registry(folder, FORGE)
    findings = findings_of(run_doctor(folder, "--json", "--thorough"))
    assert not_ok(findings) == {f"{name}.integrity": "broken" for name in BUILDS}
    assert f"registry {position:,} (altered: the log)" in findings["audit.integrity"]["en"]
    rebuilt = CliRunner().invoke(program(), ["rebuild", "registry", "--all"], env={"LIKA_DATA_DIR": str(folder)})
    assert (rebuilt.exit_code, str(position) in rebuilt.stderr) == (1, True)
    in_registry(folder, f"UPDATE log SET state = '\\x{original.hex()}' WHERE notification_id = {position}")
    assert not_ok(findings_of(run_doctor(folder, "--json", "--thorough"))) == {}


def test_a_folder_that_holds_something_is_left_alone(folder: Path) -> None:
    command = [sys.executable, "-m", "lika.cli", "demo", "--json", "--keep", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "is not empty" in " ".join(ran.stderr.replace("│", " ").split())
