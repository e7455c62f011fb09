"""Those who wait for group commit: threads at a future, coroutines at one of their event loop."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from services.chassis.log.command_record import Outcome
from services.chassis.log.unit import Unit

Result = Outcome | Exception


@dataclass(slots=True)
class PendingUnit:
    """A unit that was handed over, and where its outcome goes. With a ``loop`` the future is that loop's."""

    unit: Unit
    future: "Future[Outcome] | asyncio.Future[Outcome]"
    loop: asyncio.AbstractEventLoop | None = None
    since: float = field(default_factory=time.monotonic)

    def taken(self) -> bool:
        """Whether anybody still wants it; from here on it can no longer be called off."""
        if isinstance(self.future, Future):
            return self.future.set_running_or_notify_cancel()
        return not self.future.cancelled()


def resolve(results: Iterable[tuple[PendingUnit, Result]]) -> None:
    """Hand out outcomes. Waking a loop costs a system call, so each is woken once for all that wait in it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Outcome], Result]]] = defaultdict(list)
    for waiting, result in results:
        if isinstance(waiting.future, Future):
            if not waiting.future.done():
                _settle(waiting.future, result)
        elif waiting.loop is not None:
            by_loop[waiting.loop].append((waiting.future, result))
    for loop, told in by_loop.items():
        with suppress(RuntimeError):  # a loop that was closed meanwhile has nobody waiting in it
            loop.call_soon_threadsafe(_settle_all, told)


def _settle_all(told: "list[tuple[asyncio.Future[Outcome], Result]]") -> None:
    for future, result in told:
        if not future.done():
            _settle(future, result)


def _settle(future: "Future[Outcome] | asyncio.Future[Outcome]", result: Result) -> None:
    if isinstance(result, StopIteration):
        # A future of a loop refuses it, and whoever waits would wait for ever.
        future.set_exception(RuntimeError("work raised StopIteration"))
    elif isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)
