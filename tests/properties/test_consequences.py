"""What a service foretells of facts that the register would record is what it then does because of them; and foretelling leaves
nothing behind. Stories of a household whose pupil is aided and that has a helper, in any order of days."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from contracts.consequences import ConsequenceEffect, ConsequenceLine
from contracts.facts import HouseholdFact
from contracts.registry.codes import SchoolStage
from services.assistance.consequences import EFFECTS
from services.assistance.service import assistance
from services.chassis.following.foresight import Reactions, line_of, question
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.dry_run import DryRun
from services.chassis.log.entries import decode_entry
from services.chassis.log.unit import Tx, Unit
from services.chassis.service import Service
from services.monitoring.service import monitoring
from services.registry.households.store import save
from tests.assistance.harness import CALENDARS, TOWNSHIP, AssistanceHarness, Family, registry_stub
from tests.monitoring.work_list import request_body
from tests.support.eventually import eventually
from tests.support.evidence import on_paper
from tests.support.helper_forms import helper_form
from tests.support.long_run import LONG
from tests.support.running import lika

LAST_DAY = date(2016, 12, 1)
KINDS = ("exit", "return", "remove", "move", "stage", "day_pupil", "die", "split", "annul")


@dataclass(frozen=True)
class Step:
    """``pick``: of several facts the one that is annulled."""

    kind: str
    days_ago: int
    pick: int


STORIES = st.lists(
    st.builds(Step, kind=st.sampled_from(KINDS), days_ago=st.integers(0, 120), pick=st.integers(0, 9)), min_size=3, max_size=6
)  # fmt: skip


class Followers:
    """Assistance and monitoring beside a register that records what it is given."""

    def __init__(self, harness: AssistanceHarness) -> None:
        self.harness, self.services = harness, [harness.running.services[name] for name in ("assistance", "monitoring")]

    def aided(self) -> Family:
        """Enrolled in 2014, aided and helped since 2016; the last day is reached with the first."""
        family = Family.new()
        self.harness.record(family.recorded("2014-03-01"), family.enrolled("2014-05-20"))
        self.harness.post(self.harness.cadre, "/pairs", helper_form(family.household, "2016-09-01"))
        case = self.harness.apply(family, "2016-09-01")
        self.harness.post(self.harness.reviewer, f"{case}/reviews", {"on": "2016-09-10", "outcome": "passed"})
        self.harness.post(
            self.harness.decider, f"{case}/decisions",
            {"on": "2016-09-10", "approved": True, "organ": "县教育局", "document_no": "1号", "signer": "局长"},
        )  # fmt: skip
        return family

    def try_out(self, facts: Sequence[HouseholdFact]) -> DryRun:
        def work(tx: Tx) -> Reply:
            save(tx, {fact.household_id: [fact] for fact in facts})
            return Reply()

        return self.harness.registry.dry_run(Unit(CommandRef.of("cadre", "POST", str(uuid4()), b""), work))

    def require_foretold(self, facts: Sequence[HouseholdFact]) -> Sequence[str]:
        """The register records these, and every service does what it had foretold. The facts' ids; none where they are refused."""
        tried = self.try_out(facts)
        event("refused" if tried.refused else "recorded")
        if tried.refused:
            return ()
        households = [*dict.fromkeys(fact.household_id for fact in facts)]
        asked = question("registry", tried.position, tried.would_record)
        before = [self.state(service.foresight, households) for service in self.services]
        foretold = [service.foresight.foretell(asked) for service in self.services if service.foresight]
        assert [self.state(service.foresight, households) for service in self.services] == before
        ids = self.harness.record(*facts)
        for service, told, (head, _, stood) in zip(self.services, foretold, before, strict=True):
            assert isinstance(service.foresight, Reactions)
            eventually(partial(self._has_read, service))
            recorded = [decode_entry(service.name, entry).fact for entry in service.store.page(head, 100)[0]]
            stands = self.state(service.foresight, households)[2]
            expected = [
                *(line_of(service.name, fact, EFFECTS) for fact in recorded),
                *(line for key, line in stood.items() if key not in stands),
                *(started(line) for key, line in stands.items() if key not in stood),
            ]
            assert told.position == tried.position
            assert sorted(map(repr, told.lines)) == sorted(map(repr, expected))
            event(f"{service.name}: {min(len(expected), 3)}")
        return ids

    def _has_read(self, service: Service) -> bool:
        return service.consumers["registry"].position >= self.harness.running.positions["registry"]

    def state(self, foresight: Any, households: Sequence[UUID]) -> tuple[int, object, dict[Any, ConsequenceLine]]:
        """Head, what is copied, and what stands without a fact of its own."""
        store = foresight.store
        with store.reading() as conn:
            copies = conn.execute("SELECT count(*), max(notification_id) FROM copies").fetchone()

        def standing(tx: Tx) -> dict[Any, ConsequenceLine]:
            return {
                key: line
                for each in foresight.standings
                for key, line in each.lines(tx, households, ConsequenceEffect.STOPS).items()
            }

        return store.position(), copies, store.on_snapshot(standing)


def started(line: ConsequenceLine) -> ConsequenceLine:
    fields = {name: getattr(line, name) for name in line.__struct_fields__}
    return ConsequenceLine(**{**fields, "effect": ConsequenceEffect.STARTS})


def facts_of(step: Step, family: Family, told: list[str]) -> Sequence[HouseholdFact]:
    day = (LAST_DAY - timedelta(step.days_ago)).isoformat()
    match step.kind:
        case "exit":
            return (family.exited(day, enjoys_policies=step.pick != 0),)
        case "return":
            return (family.returned(day),)
        case "remove":
            return (family.removed(day),)
        case "move":
            return (family.moved(day),)
        case "stage":
            return (family.pupil_surveyed(day, SchoolStage.JUNIOR, boarder=True),)
        case "day_pupil":
            return (family.pupil_surveyed(day, SchoolStage.PRIMARY, boarder=False),)
        case "die":
            return (family.pupil_died(day),)
        case "split":
            return family.split(day, uuid4())
        case _:
            mine = [each for each in told if str(family.household) in each]
            return (family.annulled(day, mine[step.pick % len(mine)]),) if mine else ()


@pytest.fixture(scope="module")
def followers(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followers]:
    starts = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 1, tzinfo=UTC)
    with ExitStack() as stack:
        builds = [registry_stub, assistance, monitoring]
        running = stack.enter_context(lika(builds, module_database, tmp_path_factory.mktemp("lika"), starts))
        CALENDARS.adopt(running.services["registry"].store)
        harness = AssistanceHarness(running)
        target = request_body("W8", division=TOWNSHIP, evidence=on_paper("work_list"))
        assert harness.decider.post("/monitoring/targets", target).status_code == 201
        yield Followers(harness)


@settings(
    derandomize=not LONG, print_blob=True, max_examples=200 if LONG else 3, deadline=None, phases=(Phase.generate,)
)
@given(story=STORIES)
def test_what_is_foretold_is_what_happens(followers: Followers, story: list[Step]) -> None:
    family = followers.aided()
    told: list[str] = []
    for step in story:
        if facts := facts_of(step, family, told):
            told += followers.require_foretold(facts)
