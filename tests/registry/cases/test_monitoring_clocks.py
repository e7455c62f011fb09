"""The clocks of monitoring over HTTP, under a county's own count of days with a long holiday and weekends worked for it, and under
the national one: acceptance of a self-report, notice and term, each on the day before, the day and the day after."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.roles import Role
from services.chassis.law.content import canonical_text, content_of
from services.registry.document_kinds import FIRST_TEXTS
from services.registry.service import registry
from tests.registry.cases.monitored_households import compared, recorded_for
from tests.registry.clues.reported_clues import clue_of, report
from tests.registry.households.example_requests import TOWNSHIP, status_and_code
from tests.registry.households.example_villages import DOCUMENT, Village, day, done, id_of, step
from tests.support.running import Lika, lika

COUNTY, REPORTED = TOWNSHIP[:6], "2023-04-27"
"""A Thursday. 29 April to 3 May were days off; Saturday 6 May was worked."""
OFFSETS = (-1, 0, 1)


def in_working_days(shipped: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document, every clock of which counts working days."""

    def counting(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: "working_days" if name == "calendar" else counting(each) for name, each in value.items()}
        return tuple(map(counting, value)) if isinstance(value, list | tuple) else value

    return dict(counting(shipped)) | {"edition": "990001-working", "jurisdiction": COUNTY}


def adopt_working_days(running: Lika) -> None:
    for key in ("monitoring_inclusion", "monitoring_clues"):
        (shipped,) = [content_of(fact.content) for fact in FIRST_TEXTS.proposals if fact.key == key]
        first, second = (running.client_for(name, COUNTY, Role.OPERATOR) for name in ("op-a", "op-b"))
        proposed = done(first.post("/registry/documents", {"content": canonical_text(in_working_days(shipped))}))
        done(second.post(f"{proposed.headers['Location']}/confirmations"))


def flags(village: Village, case: str) -> list[str]:
    return list(village.cadre.get(case).json()["flags"])


def waiting(village: Village, clue: str) -> str | None:
    """The kind of the cadre's entry about it, while it waits for acceptance."""
    found = village.cadre.get("/registry/inbox").json()["items"]
    kinds = [e["kind"] for e in found if e["details"].get("clue_id") == id_of(clue)]
    return kinds[0] if kinds else None


@pytest.mark.parametrize(
    ("counted", "accept_by", "posted_on", "notice_until", "due_by"),
    [
        ("days", "2023-04-29", "2023-04-30", "2023-05-05", "2023-05-12"),
        # Accepted within Friday and Thursday; the 6th is a working Saturday; 28 April, 4 to 6, 8 to 12, 15 to 19 and 22 May.
        ("working_days", "2023-05-04", "2023-05-05", "2023-05-11", "2023-05-22"),
    ],
)
def test_each_clock_of_monitoring_has_two_sides_under_the_countys_count_of_days(
    counted: str, accept_by: str, posted_on: str, notice_until: str, due_by: str,
    database: Callable[[str], str], tmp_path: Path,
) -> None:  # fmt: skip
    with lika([registry], database, tmp_path, datetime(2023, 4, 27, 1, tzinfo=UTC)) as running:
        operator = running.client_for("operator-1", "", Role.OPERATOR)

        def advance(to: str) -> None:
            done(operator.post("/registry/clock/steps", {"to": f"{to}T09:00:00+08:00"}))

        declare = {"code": TOWNSHIP, "level": "township", "name": "某乡", "effective_on": "2014-01-01"}
        operator.post("/registry/divisions", declare)
        if counted == "working_days":
            adopt_working_days(running)
        village = Village(running)
        clues = [clue_of(village.cadre, report(village.cadre, village, REPORTED)) for _ in (*OFFSETS, None)]
        assert {village.cadre.get(clue).json()["accept_by"] for clue in clues} == {accept_by}

        # The two days of acceptance: due on the day itself, overdue and late on the next.
        for offset, clue, kind in zip(OFFSETS, clues, ("due", "due", "overdue"), strict=False):
            advance(day(accept_by, offset))
            assert waiting(village, clue) == kind
            done(village.cadre.post(f"{clue}/acceptances", {"on": day(accept_by, offset)}))
        # One that was accepted in time and is entered late is not late.
        done(village.cadre.post(f"{clues[3]}/acceptances", {"on": accept_by}))
        late = [village.cadre.get(clue).json()["late_acceptance"] for clue in clues]
        assert late == [False, False, True, False]

        # Five days of notice, the day of posting not counted.
        assert day(accept_by, 1) == posted_on
        cases = [
            compared(village, recorded_for(village, clue, posted_on), posted_on, clue_id=id_of(clue)) for clue in clues
        ]
        for case in cases:
            step(village.cadre, case, "notices", posted_on)
        shown = [village.cadre.get(case).json() for case in cases]
        # Fifteen days in all, from the clue and not from the opening.
        assert {(case["notice_ends"], case["due_by"]) for case in shown} == {(day(notice_until, 1), due_by)}
        for offset in (-1, 0):
            advance(day(notice_until, offset))
            review = {"on": day(notice_until, offset), "outcome": "passed"}
            refused = village.township_reviewer.post(f"{cases[0]}/reviews", review)
            assert status_and_code(refused) == (409, "notice_not_over")
        decided_on = day(notice_until, 1)
        advance(decided_on)
        for case in cases:
            step(village.township_reviewer, case, "reviews", decided_on, outcome="passed")
            step(village.decider, case, "decisions", decided_on, **DOCUMENT)

        # What the decision itself brought about is no change since the review. The announcement ends the term: on its last day still
        # in time, whenever it is entered.
        for offset, case in zip(OFFSETS, cases, strict=False):
            advance(day(due_by, offset))
            assert flags(village, case) == (["term_exceeded"] if offset == 1 else [])
            step(village.county_reviewer, case, "announcements", day(due_by, offset))
        assert flags(village, cases[3]) == ["term_exceeded"]
        step(village.county_reviewer, cases[3], "announcements", due_by)
        assert [flags(village, case) for case in cases] == [[], [], ["term_exceeded"], []]
