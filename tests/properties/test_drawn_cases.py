"""Whatever procedure a document describes and whoever stands in for whom, through a real store: a dry run and the command that
follows it agree, and nobody approves what they entered, under whichever account or post; every case can end."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.casework import cases as f
from contracts.facts import Recorded
from contracts.registry.divisions import DIGITS
from contracts.roles import Role
from contracts.selection import surviving, timeline
from services.casework.directory.store import accounts_of
from services.casework.documents.editions import STREAM
from services.casework.documents.first_texts import adoption_facts
from services.casework.documents.kinds import checked, proposal_of
from services.casework.documents.reading import Documents
from services.casework.procedures import commands as c
from services.casework.procedures.competent_office import CompetentOffice
from services.casework.procedures.document import Procedure
from services.casework.procedures.offices import offices_of
from services.casework.procedures.repository import ProcedureRepository
from services.casework.procedures.state import CaseState, due_notice_end, fold
from services.casework.procedures.store import CaseCommands, stream_of
from services.chassis.ground.clock import SimulatedClock
from services.chassis.log.command_record import CommandRef, Outcome
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import KEY_BYTES, DataKey
from tests.casework.procedures import works_projects as works
from tests.casework.procedures.example_cases import TEXT
from tests.properties.case_attempts import ACTS, OFFICIALS, attempt, command_next
from tests.properties.drawn_staff import OFFICES, DrawnStaff, Staff, drawn_staff
from tests.properties.procedure_documents import documents
from tests.properties.trying_store import TryingStore
from tests.support.long_run import LONG

NAMESPACE = UUID("c8d2b7a4-64e4-4f0b-a6a5-0b6d53f4a903")
OPENED = date(2015, 3, 2)
APPROVERS = (f.ReviewGiven, f.OpinionGiven, f.SignatureGiven, f.InspectionMade, f.ComparisonMade, f.CaseDecided)
DOCUMENTS = documents("drawn", works.APPROVAL, "proposed", works.ProjectApproved.type_name)


class Installation:
    """A log with a staff directory, in which works projects are approved by one drawn procedure after another."""

    def __init__(self, conninfo: str) -> None:
        self.store = TryingStore(works.NAME, conninfo, SimulatedClock(datetime(2019, 6, 1, tzinfo=UTC)))
        works.TEXTS.adopt(self.store)
        self.procedures = ProcedureRepository(Documents(self.store, works.KINDS))
        matters = {works.APPROVAL: works.ProjectApproval()}
        self.commands = CaseCommands(works.NAME, self.procedures, matters, accounts_of)
        self.numbers = count(1)

    def case(self, document: dict[str, Any], drawn: DrawnStaff) -> "DrawnCase":
        name = f"drawn_{next(self.numbers)}"
        self.store.transact(lambda tx: self._adopt(tx, {**document, "procedure": name}))
        return DrawnCase(self, name, Staff(self.store, name, works.VILLAGE, drawn))

    def _adopt(self, tx: Tx, document: dict[str, Any]) -> None:
        proposed = proposal_of(checked(document, works.KINDS), "drafter")
        tx.append(STREAM, *adoption_facts(tx.log, [proposed], len(tx.load(STREAM))))


class DrawnCase:
    """One project's case."""

    def __init__(self, installation: Installation, name: str, staff: Staff) -> None:
        self._at, self._name, self.staff = installation, name, staff
        self.case_id, self.project = uuid5(NAMESPACE, f"case {name}"), uuid5(NAMESPACE, f"project {name}")
        self._keys = {self.case_id: DataKey(self.case_id, 1, b"k" * KEY_BYTES)}
        self._sent = count()
        proposed = works.ProjectProposed(
            effective_on=date(2015, 2, 1), entered_by=staff.account(0), project_id=self.project, division=works.VILLAGE
        )
        installation.store.transact(lambda tx: tx.append(works.stream_of(self.project), proposed))
        opening = c.OpenCase(
            case_id=self.case_id, subject=self.project, on=OPENED, today=OPENED, by="", grounds=TEXT
        )  # fmt: skip
        actor = self._actor(self._edition.opening.office, 0)
        handler = installation.commands.open_handler(replace(opening, by=actor.subject), name, actor, self._keys)
        self._submit(handler)

    @property
    def _edition(self) -> Procedure:
        return self._at.procedures.edition(self._name, "1")

    @property
    def facts(self) -> list[Recorded]:
        return timeline(self._at.store.stream(stream_of(self.case_id)))

    @property
    def state(self) -> CaseState:
        state = fold(self.facts)
        assert state is not None
        return state

    def attempt(self, name: str, official: int, pick: int, days: int, *, fresh: bool = False) -> bool:
        """Whether it was accepted. By somebody who may act for the office; now and then by whoever may not; with ``fresh`` by
        somebody who did nothing before."""
        tried = attempt(self._edition, self.state, name, official, pick, days)
        if isinstance(tried, c.CloseNotice):
            self._at.store.transact(
                lambda tx: self._at.commands.execute_when_due(tx, replace(tried, case_id=self.case_id))
            )
            return True
        office = offices_of(tried, self.state, self._edition)[0]
        if fresh:
            actor = Actor(f"{self._name}-relief-{next(self._sent)}", frozenset({office.role}), _area(office))
        else:
            actor = self._actor(office if pick != 8 else OFFICES[official], official + pick)
        command = replace(tried, case_id=self.case_id, by=actor.subject)
        return self._submit(self._at.commands.handler(command, actor, self._keys))

    def follow(self, picks: list[int]) -> None:
        """Somebody without an office wants to announce; from then on only what refusals say is next is done, by the office
        that they name."""
        outcome: Outcome | None = None
        for number in range(6 * len(self._edition.steps) + 8):
            state = self.state
            if not state.is_open:
                return
            given_by: dict[str, Any] = {"case_id": self.case_id, "today": OPENED}
            if outcome is None or outcome.code is None:
                actor = Actor(f"{self._name}-bystander", frozenset({Role.CADRE}), works.VILLAGE)
                tried: c.Command = c.AnnounceCase(**given_by, on=state.latest_on, by=actor.subject)
            elif outcome.next:
                step = outcome.next[picks[number % len(picks)] % len(outcome.next)]
                areas = [works.VILLAGE[: DIGITS[level]] for level in step.office.levels]
                account, area = f"{self._name}-relief-{next(self._sent)}", areas[picks[0] % len(areas)]
                actor = Actor(account, frozenset(step.office.roles), area)
                given_by |= {"on": max(step.first_day or state.latest_on, state.latest_on), "by": account}
                tried = command_next(self._edition, state, step, given_by)
            else:
                assert self.attempt("timer", 0, 0, 0), outcome
                continue
            outcome = self._outcome(self._at.commands.handler(tried, actor, self._keys))
        assert not self.state.is_open, outcome

    def finish(self) -> None:
        for _ in range(4 * len(self._edition.steps) + 8):
            state = self.state
            if not state.is_open:
                return
            name = "dismiss" if state.open_objections else "timer" if due_notice_end(state) else "due"
            accepted = any(self.attempt(name, 0, 0, 0, fresh=True) for name in (name, "refuse"))
            assert accepted, (name, state)
        assert not self.state.is_open

    def require_four_eyes(self) -> None:
        """Whoever approved entered nothing before: no other step, and not the project."""
        entered: dict[object, set[str | None]] = {self.staff.person(self.staff.account(0)): {"the project"}}
        for recorded in self.facts:
            fact = recorded.fact
            steps = entered.setdefault(self.staff.person(fact.entered_by), set())
            if isinstance(fact, APPROVERS):
                assert steps <= {fact.step}
            if not isinstance(fact, f.CaseReturned | f.CaseEnded):
                steps.add(getattr(fact, "step", None))

    def require_effect(self) -> None:
        """What the case brings about stands exactly where it was approved and not undone."""
        standing = surviving(self._at.store.stream(works.stream_of(self.project)))
        approvals = [r for r in standing if isinstance(r.fact, works.ProjectApproved) and not r.fact.annuls]
        assert len(approvals) == (self.state.outcome is f.CaseOutcome.COMPLETED)

    def _actor(self, office: CompetentOffice, pick: int) -> Actor:
        able = self.staff.able(office, self._at.store.now().date())
        return able[pick % len(able)]

    def _submit(self, work: Callable[[Tx], Any]) -> bool:
        return self._outcome(work).code is None

    def _outcome(self, work: Callable[[Tx], Any]) -> Outcome:
        ref = CommandRef.of("official", "POST", f"{self.case_id}/{next(self._sent)}", b"")
        outcome: Outcome = self._at.store.submit(Unit(ref, work)).result()
        return outcome


def _area(office: CompetentOffice) -> str:
    return works.VILLAGE[: DIGITS[office.level]]


@pytest.fixture(scope="module")
def installation(module_database: Callable[[str], str]) -> Iterator[Installation]:
    opened = Installation(module_database("registry"))
    yield opened
    opened.store.close()


@settings(derandomize=not LONG, print_blob=True, deadline=timedelta(seconds=20), max_examples=300 if LONG else 8)
@given(
    document=DOCUMENTS, staff=drawn_staff(OFFICIALS + 1), acts=st.lists(ACTS, min_size=5, max_size=20),
    picks=st.lists(st.integers(0, 5), min_size=1, max_size=8), follows=st.booleans(),
)  # fmt: skip
def test_any_document_any_staff_any_acts(
    installation: Installation, document: dict[str, Any], staff: DrawnStaff, acts: list[tuple[str, int, int, int]],
    picks: list[int], follows: bool,
) -> None:  # fmt: skip
    case = installation.case(document, staff)
    for act in acts:
        if case.state.is_open:
            case.attempt(*act)
    if follows:
        case.follow(picks)
    else:
        case.finish()
    case.require_four_eyes()
    case.require_effect()
