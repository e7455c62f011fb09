"""Targets of several years: parts that add up to the whole with a printed remainder, exits year by year from the register, and where the
pace so far leads."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from contracts.monitoring.targets import Basis, RateOf
from contracts.roles import Role
from services.monitoring.service import monitoring
from services.monitoring.targets.forecasts import forecast
from services.monitoring.targets.state import Target
from tests.monitoring.projects.road import COUNTY, Handlers, done, refused
from tests.monitoring.registry_stub import exited_household, record_facts, registry_stub
from tests.monitoring.targets.test_yearly_rates import TARGETS, TODAY, line, rate, report, target
from tests.monitoring.work_list import target_set
from tests.support.running import ApiClient, Lika, lika

FIRST, SECOND, TOWNSHIP = "990001101201", "990001101202", "990001101"


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    folder = tmp_path_factory.mktemp("cascades")
    with lika([registry_stub, monitoring], module_database, folder, datetime(2016, 2, 1, 2, tzinfo=UTC)) as started:
        yield started


@pytest.fixture(scope="module")
def planner(running: Lika) -> ApiClient:
    return running.client_for("planner", COUNTY, Role.REVIEWER)


def yearly(*amounts: str, since: int = 2016) -> dict[str, Any]:
    return {"yearly": [{"year": year, "amount": amount} for year, amount in enumerate(amounts, start=since)]}


def rows(planner: ApiClient, path: str, number: int = 0, **asked: str) -> list[tuple[str | None, str, str]]:
    found = planner.get(f"{path}/cascade", **asked).json()["lines"][number]
    amounts, reached = (sum(Decimal(part[name]) for part in found["parts"]) for name in ("amount", "done"))
    assert (amounts, reached) == (Decimal(found["amount"]), Decimal(found["done"]))
    return [(part["division"], part["amount"], part["done"]) for part in found["parts"]]


def test_parts_and_the_remainder_add_up_to_the_whole(planner: ApiClient) -> None:
    lines = line("12", "km"), line("40", "household")
    whole = done(planner, TARGETS, target("C1", "道路和改厕", *lines, deadline="2017-12-31"))
    assert rows(planner, whole) == [(None, "12", "0")]
    id_ = whole.rpartition("/")[2]

    def part(village: str, km: str, households: str, **changed: Any) -> dict[str, Any]:
        of_village = line(km, "km"), line(households, "household")
        body = target("C1", "道路和改厕", *of_village, deadline="2017-12-31")
        return {**body, "division": village, "part_of": id_, **changed}

    first = done(planner, TARGETS, part(FIRST, "5", "10"))
    assert rows(planner, whole) == [(FIRST, "5", "0"), (None, "7", "0")]
    second = done(planner, TARGETS, part(SECOND, "7.5", "30"))
    # Parts that come to more than the whole are kept: the remainder says so.
    assert rows(planner, whole) == [(FIRST, "5", "0"), (SECOND, "7.5", "0"), (None, "-0.5", "0")]
    assert rows(planner, whole, 1) == [(FIRST, "10", "0"), (SECOND, "30", "0"), (None, "0", "0")]
    done(planner, f"{first}/progress", report("4", "km", TODAY))
    done(planner, f"{whole}/progress", report("6", "km", TODAY))
    assert rows(planner, whole)[-1] == (None, "-0.5", "2")
    assert planner.get(f"{whole}/cascade", known_at="2016-01-31").status_code == 404
    done(planner, f"{second}/withdrawal", {"effective_on": TODAY, "reason": "任务调整"})
    assert rows(planner, whole) == [(FIRST, "5", "4"), (None, "7", "2")]

    one = {"lines": [line("5", "km")]}
    for changed, code in (
        ({"division": TOWNSHIP}, "target_whole_unknown"), ({"part_of": "00000000-0000-4000-8000-000000000001"}, "target_whole_unknown"),
        (one, "target_part_differs"), ({"lines": [line("5", "m"), line("1", "household")]}, "target_part_differs"),
        ({"deadline": "2018-01-01"}, "target_part_differs"),
        ({"lines": [line("5", "km", direction="at_most"), line("1", "household")]}, "target_part_differs"),
    ):  # fmt: skip
        assert refused(planner, TARGETS, part(FIRST, "5", "10", item="C2", **changed)) == code, changed
    share = done(planner, TARGETS, target("C3", "培训", line("85", "percent"), deadline="2017-12-31"))
    of_share = {**target("C3", "培训", line("85", "percent"), deadline="2017-12-31"), "division": FIRST}
    shares = {**of_share, "part_of": share.rpartition("/")[2]}
    assert refused(planner, TARGETS, shares) == "target_shares_do_not_add"


def test_three_years_of_full_coverage_are_said_year_by_year(planner: ApiClient) -> None:
    """Three years, three full coverages, three assurances: aid, weak schools, teachers; and nobody leaves school for poverty."""
    lines = (
        line("100", "percent", "应助尽助", **yearly("80", "90", "100")),
        line("91", "school", "薄弱学校", **yearly("30", "60", "91")),
        line("36", "person", "教师培训", **yearly("12", "24", "36")),
        line("0", "person", "因贫失学", direction="at_most", **yearly("2", "1", "0")),
    )
    wanted = target("C4", "三个三工程", *lines, deadline="2018-12-31")
    for number, astray in (
        (1, yearly("30", "60", "90")), (1, yearly("30", "91")), (1, yearly("60", "30", "91")),
        (1, yearly("30", "60", "91", since=2015)), (1, {**yearly("30", "60", "91"), "basis": rate("91", 2015, "30", "rest")}),
    ):  # fmt: skip
        wrong = [{**each, **astray} if n == number else each for n, each in enumerate(lines)]
        body = {**wanted, "lines": wrong}
        assert refused(planner, TARGETS, body) == "target_years_do_not_lead_there", astray
    assert planner.post(TARGETS, {**wanted, "lines": [line("0", "person")]}).status_code == 422  # at least nothing
    path = done(planner, TARGETS, wanted)
    for number, amount, unit in ((1, "80", "percent"), (2, "29", "school"), (3, "12", "person"), (4, "3", "person")):
        done(planner, f"{path}/progress", report(amount, unit, TODAY, number))
    found = planner.get(f"{path}/forecast", as_of="2016-12-31").json()["years"]
    assert {each["done"] for each in found} == {None}  # the year is not over
    found = planner.get(f"{path}/forecast", as_of="2017-01-01").json()["years"]
    ended = [(e["line"], e["planned"], e["done"], e["short"]) for e in found if e["year"] == 2016]
    assert ended == [(1, "80", "80", "0"), (2, "30", "29", "1"), (3, "12", "12", "0"), (4, "2", "3", "1")]


def test_exits_of_thirty_per_cent_a_year_come_from_the_register(running: Lika, planner: ApiClient) -> None:
    """121 households and 247 persons; 30 % of the number at the start each year, the rest in the last one."""
    lines = (
        line("121", "household", basis=rate("121", 2016, "30", "original")),
        line("247", "person", basis=rate("247", 2016, "30", "original")),
    )
    plan = {**target("C5", "脱贫", *lines), "kind": "exit", "year": 2017}
    bare = {**plan, "lines": [line("121", "household"), line("247", "person")]}
    assert refused(planner, TARGETS, bare) == "exit_target_deadline_outside_year"
    path = done(planner, TARGETS, plan)
    exits = [f for n in range(35) for f in exited_household(n, 2, date(2017, 12, 31))]
    record_facts(running, [*exits, *exited_household(35, 3, date(2017, 12, 31))])
    record_facts(running, list(exited_household(36, 4, date(2018, 1, 1))))
    Handlers(running).advance("2018-02-01")
    found = planner.get(f"{path}/forecast", as_of="2018-02-01").json()
    assert found["formula_source"].startswith("Lika")
    assert "as_of - since" in found["formula"]
    ends = [(e["line"], e["planned"], e["done"], e["short"]) for e in found["years"] if e["year"] == 2017]
    assert ends == [(1, "36", "36", "0"), (2, "74", "73", "1")]
    assert [e["done"] for e in found["years"] if e["year"] == 2018] == [None, None]
    # 37 in 397 days; 1,064 days are left.
    (households, persons) = found["lines"]
    assert (households["done"], households["at_deadline"], households["missing_then"]) == ("37", "136", "0")
    assert (persons["done"], persons["at_deadline"], persons["since"]) == ("77", "283", "2016-12-31")
    assert planner.get(path).json()["progress"]["persons"] == {"target": 247, "done": 77, "missing": 170}
    before = planner.get(f"{path}/forecast", as_of="2017-12-30").json()["lines"][0]
    assert (before["done"], before["at_deadline"], before["reached_on"]) == ("0", "0", None)


def test_the_pace_so_far_is_linear_and_taken_from_where_the_target_starts() -> None:
    def at(of: Target, amount: str, day: str) -> tuple[str | None, date | None]:
        found = forecast(of, of.lines[0], Decimal(amount), date.fromisoformat(day))
        return None if found.at_deadline is None else f"{found.at_deadline:f}", found.reached_on

    roads = Target.from_fact(target_set("W1", deadline=date(2016, 5, 29)))  # set on 20 January: 130 days
    assert at(roads, "1", "2016-01-20") == (None, None)
    assert at(roads, "1", "2016-01-21") == ("130.000", date(2016, 1, 23))
    assert at(roads, "1", "2016-03-25") == ("2.000", date(2016, 8, 2))
    assert at(roads, "0", "2016-03-25") == ("0.000", None)
    assert at(roads, "3", "2016-06-30") == ("3.000", None)
    assert at(roads, "2.999", "9999-12-31") == ("2.999", None)  # no day comes after the calendar
    (of_line, *_) = roads.lines
    grows = Basis(line=1, base=Decimal("2"), base_year=2015, rate=Decimal(12), rate_of=RateOf.GROWTH)
    growing = Target.from_fact(target_set("W1", deadline=date(2016, 12, 31)))
    found = forecast(
        growing.__class__(**{**_fields(growing), "bases": (grows,)}), of_line, Decimal("2.5"), date(2016, 7, 1)
    )
    assert (found.since, found.start, f"{found.at_deadline:f}") == (date(2015, 12, 31), Decimal("2"), "3.000")


def _fields(of: Target) -> dict[str, Any]:
    return {name: getattr(of, name) for name in Target.__slots__}
