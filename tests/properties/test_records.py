"""The same work, told in any order and with any detours that end in the same, gives the same figures; and the view knows of every
moment what the facts known before it come to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.casework.records import SubjectKind, WorkRecorded
from contracts.facts import Fact
from contracts.personal import Personal
from contracts.roles import Role
from services.casework.records.commands import AnnulRecord, ConfirmRecord, RestoreRecord
from services.casework.records.domain import annul, confirm, restore
from services.casework.records.state import RecordStatus, periods, records
from services.chassis.ground.refusals import Refused
from tests.assistance.harness import TOWNSHIP, AssistanceHarness, Family, assistance_harness
from tests.casework.records.example_records import KIND, TODAY
from tests.casework.records.requests import correction_of, delivery, training, visit
from tests.support.long_run import LONG
from tests.support.recorded import recorded

FIRST = date(2016, 1, 4)
FAMILIES = 3


@dataclass(frozen=True)
class Work:
    """One piece of work, how it comes to be told, and whether it was done at all. ``who``: numbers of families."""

    kind: str
    day: date
    who: tuple[int, ...]
    unnamed: int
    detour: str

    @property
    def is_true(self) -> bool:
        return not self.detour.endswith("never_done")


DETOURS = ("none", "corrected", "annulled_and_restored", "corrected_twice", "never_done", "corrected_and_never_done")
WORK = st.builds(
    Work,
    kind=st.sampled_from(["home_visit", "goods_delivery", "training_session"]),
    day=st.integers(0, 90).map(lambda days: FIRST + timedelta(days)),
    who=st.sets(st.integers(0, FAMILIES - 1), min_size=1).map(lambda numbers: tuple(sorted(numbers))),
    unnamed=st.integers(0, 2),
    detour=st.sampled_from(DETOURS),
)


@st.composite
def told_twice(draw: st.DrawFn) -> tuple[list[Work], list[int], list[int]]:
    """A history, and two orders of telling it: whose next step comes next."""
    history = draw(st.lists(WORK, min_size=1, max_size=5))
    turns = [number for number, work in enumerate(history) for _ in steps_of(work)]
    return history, draw(st.permutations(turns)), draw(st.permutations(turns))


def steps_of(work: Work) -> list[str]:
    """What is sent, one after the other."""
    confirmed = ["confirmations"] if work.kind == "goods_delivery" else []
    return {
        "none": ["", *confirmed],
        "corrected": ["wrong", "corrections", *confirmed],
        "annulled_and_restored": ["", *confirmed, "annulments", "restorations"],
        "corrected_twice": ["", *confirmed, "wrong_corrections", "corrections", *confirmed],
        "never_done": ["", *confirmed, "annulments"],
        "corrected_and_never_done": ["wrong", *confirmed, "corrections", "annulments"],
    }[work.detour]


class Village:
    """A village of its own, in which one history is told."""

    def __init__(self, harness: AssistanceHarness, number: int) -> None:
        self.harness, self.division = harness, f"{TOWNSHIP}{number:03}"
        self.confirmer = harness.running.client_for("reviewer-2", TOWNSHIP, Role.REVIEWER)
        self.families = [Family.new() for _ in range(FAMILIES)]
        for family in self.families:
            family.division = self.division
        harness.record(*(fact for f in self.families for fact in (f.recorded("2014-01-05"), f.enrolled("2014-06-01"))))

    def tell(self, history: Sequence[Work], turns: Sequence[int]) -> None:
        left = [iter(steps_of(work)) for work in history]
        paths: dict[int, str] = {}
        for number in turns:
            step, work = next(left[number]), history[number]
            body = self.body(work, number, wrong=step.startswith("wrong"))
            who = self.confirmer if step == "confirmations" else self.harness.reviewer
            if step in ("", "wrong"):
                paths[number] = self.harness.post(who, "/records", body)
            elif step.endswith("corrections"):
                self.harness.post(who, f"{paths[number]}/corrections", correction_of(body))
            elif step == "confirmations":
                assert who.post(f"/assistance{paths[number]}/confirmations").status_code == 201
            else:
                self.harness.post(who, f"{paths[number]}/{step}", {"reason": "误填"})

    def body(self, work: Work, number: int, *, wrong: bool) -> dict[str, Any]:
        """Wrong: on another day and, of a session, with other people."""
        day = (work.day + timedelta(wrong)).isoformat()
        family = self.families[work.who[0]]
        by = {"done_by": f"staff-{number}"}
        if work.kind == "home_visit":
            return {**visit(family.household, day), **by}
        if work.kind == "goods_delivery":
            return {**delivery(family.household, day), **by}
        came = [f for n, f in enumerate(self.families) if wrong or n in work.who]
        persons, households = [f.head.person_id for f in came], [f.household for f in came[1:]]
        return {**training(self.division, day, persons, households, work.unnamed + wrong), **by}

    def figures(self) -> list[dict[str, Any]]:
        found = self.harness.get("/records/counts", division=self.division, since=FIRST.isoformat(), by="month")
        return [{name: value for name, value in c.items() if name != "division"} for c in found["counts"]]


def figures_of(history: Sequence[Work]) -> list[dict[str, Any]]:
    """What they must be, counted by hand."""
    figures = []
    for kind, month in sorted({(w.kind, f"{w.day:%Y-%m}") for w in history if w.is_true}):
        done = [w for w in history if w.is_true and (w.kind, f"{w.day:%Y-%m}") == (kind, month)]
        session = kind == "training_session"
        households = [n for w in done for n in (w.who[1:] if session else w.who[:1])]
        persons = [n for w in done for n in (w.who if session else ())]
        unnamed = sum(w.unnamed for w in done) if session else 0
        figures.append(
            {
                "kind": kind, "month": month, "records": len(done),
                "households": len(set(households)), "household_times": len(households),
                "persons": len(set(persons)), "person_times": len(persons) + unnamed, "unnamed": unnamed,
            }
        )  # fmt: skip
    return figures


@pytest.fixture(scope="module")
def villages(
    module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Village]]:
    with assistance_harness(module_database, tmp_path_factory.mktemp("records"), "2016-06-01") as started:
        numbers = count(300)
        yield lambda: Village(started, next(numbers))


@settings(max_examples=200 if LONG else 6)
@given(told=told_twice())
def test_in_whatever_order_and_with_whatever_detours_work_is_told_its_figures_are_the_same(
    villages: Callable[[], Village], told: tuple[list[Work], list[int], list[int]]
) -> None:
    history, *orders = told
    for order in orders:
        village = villages()
        village.tell(history, order)
        assert village.figures() == figures_of(history)


SUBJECT = uuid5(UUID(int=0), "household")
ACTS = st.lists(st.tuples(st.sampled_from(["tell", "correct", "confirm", "annul", "restore"]), st.integers(0, 3)))


@settings(max_examples=1000 if LONG else 100)
@given(acts=ACTS)
def test_the_view_knows_of_every_moment_what_the_facts_before_it_come_to(acts: list[tuple[str, int]]) -> None:
    told: list[Fact] = []
    for name, pick in acts:
        try:
            told.append(act(name, pick, told))
        except (Refused, IndexError):
            continue
    facts = recorded(*told, stream="records")
    kept = periods(facts)
    moments = [r.recorded_at + timedelta(microseconds=after) for r in facts for after in (0, 1)]
    for moment in moments:
        states = records([r for r in facts if r.recorded_at < moment]).values()
        in_force = {(s.told.id, s.is_awaiting) for s in states if s.status is not RecordStatus.ANNULLED}
        held = [p for p in kept if p.since < moment and (p.until is None or moment <= p.until)]
        assert sorted((p.told.id, p.awaiting) for p in held) == sorted(in_force)


def act(name: str, pick: int, told: list[Fact]) -> Fact:
    """Raises ``Refused`` and ``IndexError`` for what is not to be done now."""
    states = records(recorded(*told, stream="records"))
    if name == "tell":
        return telling(to_be_confirmed=pick % 2 == 0)
    state = list(states.values())[pick]
    match name:
        case "correct":
            if state.status is RecordStatus.ANNULLED:
                raise IndexError
            return telling(to_be_confirmed=pick % 2 == 0, corrects=state.number, annuls=(state.told.id,))
        case "confirm":
            return confirm(state, ConfirmRecord(state.number, "somebody-else"), (), TODAY)
        case "annul":
            return annul(state, AnnulRecord(state.number, "cadre-1", Personal.sealed("A256GCM.1.AAAA")), TODAY)
        case _:
            again = RestoreRecord(state.number, "cadre-1", Personal.sealed("A256GCM.1.AAAA"))
            return restore(state, (), again, KIND, TODAY)


def telling(**more: Any) -> WorkRecorded:
    return WorkRecorded(
        effective_on=FIRST, entered_by="cadre-1", subject=SUBJECT, kind="home_visit", edition="2014",
        about=SubjectKind.HOUSEHOLD, done_by="cadre-1", **more,
    )  # fmt: skip
