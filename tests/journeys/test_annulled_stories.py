"""Stories in which much was wrong, annulled, restored and told in another order, learned day by day: for every day as known
on every other the audit's figures are the register's, every statement balances, and every view is what a rebuild makes."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from contracts.roles import Role
from lika.house import BUILDS
from tests.journeys.rebuilt_history import wait_until_consumed
from tests.journeys.test_rebuild import run_rebuild, view_rows
from tests.registry.households.example_requests import (
    DEATH_CERTIFICATE,
    TOWNSHIP,
    member_body,
    member_ids,
    unused_resident_id,
)
from tests.registry.households.example_villages import TODAY, Village, act_of, annul, done, id_of, step
from tests.support.running import ApiClient, Lika, lika

DAYS_KNOWN = [f"2018-06-{day:02}" for day in range(1, 10)]
DAYS = ["2017-02-17", "2017-12-31", "2018-01-31", "2018-02-01", "2018-03-14", "2018-03-15", "2018-04-15", TODAY]


class Story:
    """Two villages; every chapter is learned on a day of its own."""

    def __init__(self, running: Lika) -> None:
        self._operator = running.client_for("operator-1", "", Role.OPERATOR)
        self.here, self.there = Village(running), Village(running)
        self.auditor = running.client_for("auditor-1", "", Role.AUDITOR)

    def next_day(self, day: str) -> None:
        done(self._operator.post("/registry/clock/steps", {"to": f"{day}T09:00:00+08:00"}))

    def registered(self, **more: Any) -> str:
        household = self.here.household("2017-01-10", **more)
        self.here.enrol(household, "2017-02-18")
        return household

    def undo(self, household: str, kind: str) -> None:
        done(annul(self.here.township, household, act_of(self.here.township, household, kind)))

    def move(self, household: str, on: str, former: Village, new: Village, **more: Any) -> None:
        body = {"effective_on": on, "from_division": former.code, "to_division": new.code, **more}
        done(self.here.township.post(f"{household}/moves", body))

    def tell(self) -> None:
        here, there, days = self.here, self.there, iter(DAYS_KNOWN[1:])
        splits, moves, ends = (self.registered() for _ in range(3))
        number = unused_resident_id()
        alone = self.registered(members=[member_body("head", id_number=number)])
        candidate = here.household("2017-01-10", members=[member_body("head")])
        void = here.household("2018-01-10", members=[member_body("head")])
        _, spouse, child = member_ids(here.cadre, splits)

        self.next_day(next(days))
        new = here.split(splits, "2018-02-01", spouse, child)
        birth = {"effective_on": "2017-12-31", "member": member_body("grandchild", 2017), "reason": "birth"}
        done(here.cadre.post(f"{ends}/members", birth))
        self.move(moves, "2018-03-15", there, here, earlier_move_missing=True)
        case = here.open_case(here.cadre, void, "identification", "2018-02-01")

        self.next_day(next(days))
        here.exit(splits, "2018-03-15")
        (head,) = member_ids(here.cadre, alone)
        done(
            here.cadre.post(
                f"{alone}/members/{head}/deaths", {"effective_on": "2018-02-01", "evidence": DEATH_CERTIFICATE}
            )
        )
        self.undo(void, "HouseholdRecorded")

        self.next_day(next(days))
        self.undo(splits, "HouseholdSplit")
        self.undo(ends, "MemberJoined")
        self.move(moves, "2017-12-31", here, there)

        self.next_day(next(days))
        self.undo(new, "FactsAnnulled")
        self.undo(alone, "MemberDied")
        step(here.cadre, case, "withdrawals", "2018-06-01")

        self.next_day(next(days))
        self.undo(ends, "FactsAnnulled")
        here.remove(moves, "2018-04-15")
        self.undo(void, "FactsAnnulled")

        self.next_day(next(days))
        persons = member_ids(here.cadre, candidate)
        members = [member_body("head", 1970, person_id=persons[0])]
        body = {"division": there.code, "effective_on": "2017-01-10", "members": members}
        done(here.township.post(f"{candidate}/recordings", body))
        body = {"effective_on": "2018-01-31", "person_ids": [child], "head": child, "corrects": id_of(new)}
        done(here.cadre.post(f"{splits}/splits", body))

        self.next_day(next(days))
        self.undo(alone, "FactsAnnulled")
        self.undo(void, "FactsAnnulled")
        self.undo(moves, "HouseholdMoved")

        self.next_day(next(days))
        self.undo(void, "FactsAnnulled")
        self.undo(moves, "FactsAnnulled")


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    begun = datetime.fromisoformat(f"{TODAY}T01:00:00+00:00").astimezone(UTC)
    with lika(BUILDS.values(), module_database, tmp_path_factory.mktemp("lika"), begun) as started:
        yield started


@pytest.fixture(scope="module")
def story(running: Lika) -> Story:
    told = Story(running)
    told.tell()
    wait_until_consumed(running)
    return told


def in_stock(client: ApiClient, division: str, as_of: str, known_at: str) -> tuple[int, int]:
    """Households and persons by the register."""
    found = client.get("/registry/totals", division=division, as_of=as_of, known_at=known_at).json()["by_status"]
    stock = [found[status] for status in ("registered", "returned") if status in found]
    return sum(f["households"] for f in stock), sum(f["persons"] for f in stock)


def test_the_audit_s_stock_is_the_register_s_on_every_day_as_known_on_every_other(story: Story) -> None:
    figures = set()
    for division, as_of, known_at in product((TOWNSHIP, story.here.code, story.there.code), DAYS, DAYS_KNOWN):
        asked = {"division": division, "as_of": as_of, "known_at": known_at}
        items = story.auditor.get("/audit/stock", **asked).json()["items"]
        audited = len(items), sum(item["persons"] for item in items)
        assert audited == in_stock(story.auditor, division, as_of, known_at), asked
        figures.add(audited)
    assert len(figures) > 10  # the story is no still life


def test_every_statement_balances_as_known_on_every_day(story: Story) -> None:
    for division, known_at in product((TOWNSHIP, story.here.code, story.there.code), DAYS_KNOWN):
        asked = {"division": division, "known_at": known_at, "from": 2016, "to": 2018}
        rows = story.auditor.get("/audit/statements", **asked).json()["rows"]
        assert [row["difference"] for row in rows] == [{"households": 0, "persons": 0}] * 3, asked
        closing = rows[1]["closing"]
        expected = in_stock(story.auditor, division, "2017-12-31", known_at)
        assert (closing["households"], closing["persons"]) == expected, asked


@pytest.mark.parametrize("service", BUILDS)
@pytest.mark.usefixtures("story")
def test_every_view_rebuilt_is_the_live_one(running: Lika, service: str) -> None:
    live = view_rows(running, service)
    for report in run_rebuild(running, service).reports:
        assert (report.compared, report.differences.rows, report.failed) == ("compared", 0, 0), report
    assert view_rows(running, service) == live
