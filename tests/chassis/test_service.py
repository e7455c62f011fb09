"""A service as a whole: its clock, what its answers say of it, position tokens, figures and readiness."""

import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from contracts.civil import civil_day
from contracts.clock import SimulatedClockDeclared
from contracts.facts import Recorded
from contracts.roles import Role
from services.chassis.ground.clock import SimulatedClock
from services.chassis.ground.refusals import Refused
from services.chassis.log.entries import decode_entry
from services.chassis.log.needs import Timer
from services.chassis.log.store import Store
from services.chassis.log.timers import CLOCK_STREAM
from services.chassis.log.unit import Tx
from services.chassis.web.position_tokens import HEADER
from services.chassis.web.positions import wait_for
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import FOLLOWED, enrolled, insert_entry, record, rows, sample
from tests.support.eventually import eventually
from tests.support.running import ApiClient, Lika, lika

START = datetime(2014, 6, 1, tzinfo=UTC)
LATER = datetime(2015, 3, 1, 4, 0, tzinfo=UTC)
BODY = {"effective_on": "2014-06-01"}


def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", "990001", Role.CADRE)


def operator(running: Lika) -> ApiClient:
    return running.client_for("operator-1", "99", Role.OPERATOR)


def enrol(person: ApiClient, household: UUID | None = None) -> int:
    answer = person.post(f"/sample/households/{household or uuid4()}/enrolments", BODY)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["position"]["sample"])


def test_a_simulated_clock_resumes_where_it_stood(database: Callable[[str], str], tmp_path: Path) -> None:
    same = cache(database)
    with lika([sample], same, tmp_path, START) as running:
        assert operator(running).get("/sample/clock").json()["now"] == "2014-06-01T00:00:00Z"
        stepped = operator(running).post("/sample/clock/steps", {"to": LATER.isoformat()})
        assert (stepped.status_code, stepped.json()["now"]) == (201, "2015-03-01T04:00:00Z")
    # What a start says about simulation counts for an empty log only.
    with lika([sample], same, tmp_path, datetime(2020, 1, 1, tzinfo=UTC)) as running:
        clock = operator(running).get("/sample/clock").json()
        assert (clock["simulated"], clock["now"]) == (True, "2015-03-01T04:00:00Z")
        enrol(cadre(running))
        store = running.services["sample"].store
        first, *_, last = store.page(0, 10)[0]
        assert isinstance(decode_entry("sample", first).fact, SimulatedClockDeclared)
        assert last.recorded_at >= LATER
        assert civil_day(last.recorded_at) == date(2015, 3, 1)


@pytest.mark.parametrize("seen_as", ["fact", "closed"])
def test_a_step_that_was_cut_short_resumes_no_earlier_than_what_was_seen_of_it(
    database: Callable[[str], str], tmp_path: Path, seen_as: str
) -> None:
    same = cache(database)
    with lika([sample], same, tmp_path, START) as running:
        store = running.services["sample"].store
        assert isinstance(store.clock, SimulatedClock)
        store.clock.step(LATER)  # as a step does on its way, before it is on record
        if seen_as == "fact":
            enrol(cadre(running))
        else:
            eventually(lambda: store.head().closed_through == LATER)
    with lika([sample], same, tmp_path, START) as running:
        assert operator(running).get("/sample/clock").json()["now"].startswith("2015-03-01T04:00:00")


def test_deadlines_on_the_way_fire_on_their_own_day(database: Callable[[str], str], tmp_path: Path) -> None:
    days: list[date] = []

    def note(tx: Tx, timer: Timer) -> None:
        days.append(tx.today)

    def set_deadline(tx: Tx) -> None:
        tx.set_timer("noted", "s", datetime(2014, 9, 30, 16, tzinfo=UTC), "sample/s/1")

    build = partial(sample, deadlines={"noted": note}, during=set_deadline)
    with lika([build], database, tmp_path, START) as running:
        enrol(cadre(running))
        operator(running).post("/sample/clock/steps", {"to": LATER.isoformat()})
    assert days == [date(2014, 10, 1)]


@pytest.mark.parametrize("to", ["2014-05-31T00:00:00Z", "2014-06-01T00:00:00Z", "2200-01-01T00:00:00Z"])
def test_a_simulated_clock_only_goes_forward(database: Callable[[str], str], tmp_path: Path, to: str) -> None:
    with lika([sample], database, tmp_path, START) as running:
        refused = operator(running).post("/sample/clock/steps", {"to": to})
        assert (refused.status_code, refused.json()["code"]) == (409, "clock_goes_forward")
        assert "+00:00" not in refused.json()["detail"]  # instants stand by the clock in Shanghai
        assert len(running.services["sample"].store.stream(CLOCK_STREAM)) == 1


def test_a_log_on_the_machine_s_clock_cannot_be_stepped(database: Callable[[str], str], tmp_path: Path) -> None:
    with lika([sample], database, tmp_path) as running:
        refused = operator(running).post("/sample/clock/steps", {"to": "2100-01-01T00:00:00Z"})
        assert (refused.status_code, refused.json()["code"]) == (409, "clock_is_real")
        assert operator(running).get("/sample/clock").json()["simulated"] is False
        assert "lika-clock" not in operator(running).get("/sample/clock").headers
        assert cadre(running).post("/sample/clock/steps", {"to": "2100-01-01T00:00:00Z"}).status_code == 403


def declare(store: Store) -> None:
    fact = SimulatedClockDeclared(effective_on=date(2014, 6, 1), entered_by="x", starts_at=START, reason="test")
    store.transact(lambda tx: tx.append(CLOCK_STREAM, fact))


def test_a_simulated_clock_is_declared_by_the_first_fact_or_never(open_store: OpenStore) -> None:
    real, simulated = open_store("real"), open_store("simulated", clock=SimulatedClock(START))
    with pytest.raises(Refused, match="clock_is_declared_first"):
        declare(real)  # still empty, but running on the machine's clock
    record(real, enrolled(uuid4()))
    with pytest.raises(Refused, match="clock_is_declared_first"):
        declare(real)
    declare(simulated)
    with pytest.raises(Refused, match="clock_is_declared_first"):
        declare(simulated)
    assert (real.position(), simulated.position()) == (1, 1)


def test_every_answer_of_a_simulated_service_says_so(database: Callable[[str], str], tmp_path: Path) -> None:
    with lika([sample], database, tmp_path, START) as running:
        person = cadre(running)
        answers = [
            running.client.get("/sample/health/live"),
            running.client.get("/sample/openapi.json"),
            running.client.get("/sample/nowhere"),
            running.client.get("/sample/log/head"),
            person.get("/sample/log/head"),
            person.post("/sample/households/x/enrolments", BODY),
            person.post(f"/sample/households/{uuid4()}/enrolments", {"trouble": "refused"}),
            person.post(f"/sample/households/{uuid4()}/enrolments", BODY),
        ]
        assert [a.status_code for a in answers] == [200, 200, 404, 401, 403, 422, 409, 201]
        assert {a.headers["lika-clock"] for a in answers} == {"simulated; now=2014-06-01T00:00:00+00:00"}


class Holds:
    """Reaction that does not finish before it is let go."""

    name, types, appends = "holds", FOLLOWED, False

    def __init__(self) -> None:
        self.go = threading.Event()

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        assert self.go.wait(20)


def test_a_read_with_a_token_waits_until_it_sees_the_effect(database: Callable[[str], str], tmp_path: Path) -> None:
    holds, household = Holds(), uuid4()
    with lika([partial(sample, views=[holds])], database, tmp_path) as running, ThreadPoolExecutor(1) as elsewhere:
        person = cadre(running)
        enrol(person, household)
        assert running.client.get("/sample/households").json() == {}
        waiting = elsewhere.submit(person.get, "/sample/households")
        holds.go.set()
        assert waiting.result(20).json() == {str(household): "HouseholdEnrolled"}


def test_a_read_that_cannot_catch_up_says_when_to_come_back(
    database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.chassis.service.wait_for", partial(wait_for, timeout=0.1))
    with lika([sample], database, tmp_path) as running:
        late = running.client.get("/sample/households", headers={HEADER: "sample=1"})
        assert (late.status_code, late.json()["code"]) == (503, "position_not_reached")
        assert late.headers["retry-after"]
        unrelated = running.client.get("/sample/households", headers={HEADER: "elsewhere=1"})
        assert unrelated.status_code == 200


class Breaks:
    """Reaction with a defect for one household."""

    name, types, appends = "breaks", FOLLOWED, False

    def __init__(self, household: UUID) -> None:
        self.household = household

    def apply(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        if any(getattr(f.fact, "household_id", None) == self.household for f in facts):
            raise LookupError


def figures(running: Lika) -> dict[str, float]:
    lines = running.operations.get("/metrics").text.splitlines()
    named = (line.rpartition(" ") for line in lines if 'service="sample"' in line)
    return {name: float(value) for name, _, value in named}


def test_figures_are_taken_when_they_are_asked_for(database: Callable[[str], str], tmp_path: Path) -> None:
    ill = uuid4()

    def overdue(tx: Tx) -> None:
        tx.set_timer("nobody handles this", "s", datetime(2014, 1, 1, tzinfo=UTC), "sample/s/1")

    reader = '{consumer="sample-reads-sample",log="sample",service="sample"}'
    with lika([partial(sample, views=[Breaks(ill)], during=overdue)], database, tmp_path) as running:
        store = running.services["sample"].store
        before = figures(running)
        enrol(cadre(running), ill)
        head = enrol(cadre(running))
        eventually(lambda: running.services["sample"].reached("sample") == head)
        after = figures(running)
        assert after['lika_log_head{service="sample"}'] == head
        assert after[f"lika_consumer_lag{reader}"] == 0
        assert after['lika_parked_households{consumer="sample-reads-sample",service="sample"}'] == 1
        assert (before['lika_timers_due{service="sample"}'], after['lika_timers_due{service="sample"}']) == (0, 1)
        running.services["sample"].consumers["sample"].stop()
        record(store, enrolled(uuid4()), enrolled(uuid4()))
        assert figures(running)[f"lika_consumer_lag{reader}"] == 2
        # While they cannot be had they are not numbers, and the scrape goes on.
        with store.reading() as conn:
            conn.execute("ALTER TABLE timers RENAME TO mislaid")
        unknown = figures(running)
        assert math.isnan(unknown['lika_timers_due{service="sample"}'])
        assert unknown['lika_log_head{service="sample"}'] == head + 2


def test_a_stopped_consumer_makes_the_service_unready(database: Callable[[str], str], tmp_path: Path) -> None:
    with lika([sample], database, tmp_path) as running:
        assert running.client.get("/sample/health/ready").json() == {"status": "up"}
        assert running.operations.get("/health/ready").json() == {"status": "up"}
        insert_entry(running.services["sample"].store, "household-x", "HouseholdEnrolled/99", b"{}")
        consumer = running.services["sample"].consumers["sample"]
        eventually(lambda: consumer.stopped_by == "HouseholdEnrolled/99")
        eventually(lambda: running.client.get("/sample/health/ready").status_code == 503)
        unready = running.client.get("/sample/health/ready")
        assert unready.json()["facts"] == {"parts": ["consumers"]}
        eventually(lambda: running.operations.get("/health/ready").status_code == 503)
        assert running.operations.get("/health/ready").json()["facts"] == {"parts": ["sample.consumers"]}
        assert running.client.get("/sample/health/live").status_code == 200


def test_a_log_that_a_later_release_began_does_not_keep_the_house_shut(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    same = cache(database)
    with lika([sample], same, tmp_path) as running:
        insert_entry(running.services["sample"].store, "household-x", "HouseholdWeighed/7", b"{}")
    with lika([sample], same, tmp_path) as running:
        assert enrol(cadre(running)) == 2


def test_a_service_that_stops_leaves_no_thread_behind(database: Callable[[str], str], tmp_path: Path) -> None:
    with lika([sample], database, tmp_path) as running:
        service = running.services["sample"]
        threads = [*service.consumers.values(), service.timers, service.store._leader]
        assert all(t.is_alive() for t in threads)
        assert rows(service.store, "SELECT 1") == [(1,)]
    assert not any(t.is_alive() for t in threads)
