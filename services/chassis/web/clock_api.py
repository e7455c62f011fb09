"""The clock over HTTP: read it; step it where the log declares that its time is simulated."""

from datetime import datetime

import anyio
from fastapi import Depends
from pydantic import BaseModel
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.chassis.ground.clock import Clock, SimulatedClock
from services.chassis.ground.refusals import Refused, Unavailable, rule
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.store import Store
from services.chassis.log.timers import Timers
from services.chassis.web.application import Body, Instant
from services.chassis.web.callers import CurrentActor, current_actor
from services.chassis.web.position_tokens import PositionToken
from services.chassis.web.routing import DeferredRouter

CLOCK_IS_REAL = rule(
    "clock_is_real",
    zh="本系统按真实时间运行，不能调整时钟。",
    en="This log runs on the real clock, which nobody steps.",
    source="Lika design: clock",
)
CLOCK_GOES_FORWARD = rule(
    "clock_goes_forward",
    zh="时钟只能向前调整。",
    en="The clock only goes forward.",
    source="Lika design: clock",
)
LATEST = datetime.fromisoformat("2200-01-01T00:00:00+00:00")


class ClockStep(Body):
    """``to``: an instant with its offset, later than the clock's now."""

    to: Instant


class ClockAnswer(BaseModel):
    """``position``: what a reader must have seen to see what the deadlines on the way brought about."""

    simulated: bool
    now: datetime
    position: PositionToken


def clock_router(store: Store, timers: Timers) -> DeferredRouter:
    router = DeferredRouter(prefix="/clock", tags=["clock"])

    async def answer() -> ClockAnswer:
        head = await anyio.to_thread.run_sync(store.head)
        return ClockAnswer(simulated=store.clock.simulated, now=store.clock.now(), position={store.name: head.position})

    @router.get("", dependencies=[Depends(current_actor)])
    async def read_clock() -> ClockAnswer:
        """The service's time, and whether it is simulated."""
        return await answer()

    @router.post("/steps", status_code=201)
    async def step_clock(body: ClockStep, operator: CurrentActor) -> ClockAnswer:
        """Step a simulated clock forward; deadlines on the way fire on their own day. Stepping to the same instant
        again is refused, so a repeated request steps once."""
        clock = store.clock
        if not isinstance(clock, SimulatedClock):
            raise Refused(CLOCK_IS_REAL)
        try:
            stepped = body.to < LATEST and await anyio.to_thread.run_sync(timers.step, clock, body.to, operator.subject)
        except StoreUnavailable as away:
            raise Unavailable(away.rule, retry_after=5) from away
        if not stepped:
            raise Refused(CLOCK_GOES_FORWARD, now=clock.now())
        return await answer()

    return router


class SimulatedClockHeader:
    """ASGI middleware: every answer from a simulated log says so and names its now."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self.app, self.clock = app, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.clock.simulated:
            await self.app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                stamp = self.clock.now().isoformat().encode()
                message["headers"] = [*message["headers"], (b"lika-clock", b"simulated; now=" + stamp)]
            await send(message)

        await self.app(scope, receive, told)
