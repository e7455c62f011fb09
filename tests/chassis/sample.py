"""A minimal service: households are enrolled and exit, and a view holds the status of each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import anyio
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import Field

from contracts.facts import HouseholdFact, Recorded
from contracts.personal import Personal
from contracts.registry.households import FactsAnnulled
from contracts.registry.poverty_status import HouseholdEnrolled, HouseholdExited, Standard
from contracts.roles import Role
from contracts.selection import timeline
from services.chassis.environment import Environment
from services.chassis.following.reactions import Reaction
from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.timers import Handler
from services.chassis.log.unit import Tx
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams
from services.chassis.web.access_rows import RUNTIME_ROWS
from services.chassis.web.application import Body
from services.chassis.web.commands import ACCEPTED, CurrentCommand, execute
from services.chassis.web.positions import AskedPositions
from services.chassis.web.routing import DeferredRouter
from tests.support.access import access_of

NAME = "sample"
TOO_MANY = rule("sample_too_many", zh="太多了。", en="Too many.", source="test")
FOLLOWED = frozenset(kind.type_name for kind in (HouseholdEnrolled, HouseholdExited, FactsAnnulled))


def enrolled(household: UUID, on: date = date(2014, 6, 1)) -> HouseholdEnrolled:
    return HouseholdEnrolled(household_id=household, effective_on=on, entered_by="cadre-1", standard=Standard.NATIONAL)


def exited(household: UUID, on: date = date(2015, 12, 1)) -> HouseholdExited:
    return HouseholdExited(household_id=household, effective_on=on, entered_by="cadre-1", enjoys_policies=True)


def annulled(household: UUID, *ids: str) -> FactsAnnulled:
    return FactsAnnulled(
        household_id=household,
        effective_on=date(2014, 1, 1),
        entered_by="cadre-1",
        annuls=ids,
        reason=Personal.sealed("A256GCM.1.AAAA"),
    )


def stream_of(household: UUID) -> str:
    return f"household-{household}"


def record(store: Store, *facts: HouseholdFact) -> list[str]:
    """Append each fact in a commit of its own; their ids."""
    return [store.transact(partial(_append, fact=fact)) for fact in facts]


def _append(tx: Tx, fact: HouseholdFact) -> str:
    return tx.append(stream_of(fact.household_id), fact)[0]


def append_households(store: Store, count: int) -> UUID:
    """Enrol so many new households in one commit; the log's lineage."""

    def work(tx: Tx) -> None:
        for _ in range(count):
            household = uuid4()
            tx.append(stream_of(household), enrolled(household))

    store.transact(work)
    return store.page(0, 1)[0][0].command_id


def insert_entry(store: Store, stream: str, topic: str, payload: bytes) -> None:
    """Insert an entry into the log that this release would never write."""
    with store.reading() as conn:
        conn.execute(
            "INSERT INTO log SELECT %s, 1 + count(*) FILTER (WHERE originator_id = %s), %s, %s,"
            " 1 + count(*), coalesce(max(recorded_at), now()) + interval '1 microsecond', %s, 'later-release' FROM log",
            (stream, stream, topic, payload, uuid4()),
        )


def rows(store: Store, query: str, *params: object) -> list[tuple[Any, ...]]:
    """The rows that a query returns from the store's database."""
    with store.reading() as conn:
        return conn.execute(query.encode(), params).fetchall()


def status_rows(_: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    """The household's row: its status and since when, after its timeline."""
    last = [r for r in timeline(facts) if isinstance(r.fact, HouseholdEnrolled | HouseholdExited)][-1:]
    return ([(r.fact.household_id, r.fact.type_name, r.fact.effective_on) for r in last],)  # type: ignore[attr-defined]


def create_view_table(store: Store) -> None:
    """Create the view's table, which is in no migration."""
    with store.reading() as conn:
        conn.execute(
            "CREATE TABLE IF NOT EXISTS service.standing (household uuid PRIMARY KEY, status text, since date)"
        )


STANDING = Table("standing", "household", ("household", "status", "since"))


def view() -> View[UUID]:
    return view_of_streams("standing", (STANDING,), FOLLOWED, "household-", UUID, status_rows)


class Enrolment(Body):
    """``trouble``: ``"refused"`` makes the decision refuse after it has appended."""

    effective_on: date = Field(default=date(2014, 6, 1))
    trouble: str | None = Field(default=None, max_length=20)


def sample(
    environment: Environment,
    *,
    views: Iterable[Reaction] = (),
    deadlines: dict[str, Handler] | None = None,
    during: Callable[[Tx], object] = lambda _: None,
    at_start: Iterable[Callable[[], None]] = (),
) -> tuple[Service, FastAPI]:
    """The service; ``during`` runs inside every command's unit of work."""
    store = open_store(NAME, environment)
    create_view_table(store)
    service = Service(
        NAME, "Sample", environment, store, views=(view(), *views), deadlines=deadlines or {}, at_start=tuple(at_start)
    )
    router = DeferredRouter(prefix="/households", tags=["households"])

    @router.post("/{household_id}/enrolments", status_code=201, responses=ACCEPTED)
    async def enrol(household_id: UUID, body: Enrolment, command: CurrentCommand) -> JSONResponse:
        def work(tx: Tx) -> Reply:
            during(tx)
            tx.append(stream_of(household_id), enrolled(household_id, body.effective_on))
            if body.trouble == "refused":
                raise Refused(TOO_MANY, limit=3)
            return Reply(location=f"/sample/households/{household_id}")

        return await execute(store, command, work, stream_of(household_id))

    @router.post("/{household_id}/returns", status_code=201, responses=ACCEPTED)
    async def enrol_again(
        household_id: UUID, body: Enrolment, command: CurrentCommand, trial: bool = False
    ) -> JSONResponse:
        """The same with a parameter, by the framework's way."""
        return await enrol(household_id, body, command)

    @router.get("")
    async def list_households(after: AskedPositions) -> dict[str, str]:
        await service.wait_for_positions(after)
        found = await anyio.to_thread.run_sync(rows, store, "SELECT household::text, status FROM standing")
        return dict(found)

    service.access = access_of(
        router,
        public=["list_households"],
        roles={"enrol": [Role.CADRE], "enrol_again": [Role.CADRE]},
        common=RUNTIME_ROWS,
    )
    return service, service.app(router)
