"""A value that is brought anew in the background: whoever asks gets the one at hand and waits for nobody."""

import asyncio
import contextlib
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from services.chassis.ground.refusals import Unavailable

Value = TypeVar("Value")
PATIENCE = 6.0
"""Seconds that somebody waits where there is nothing at hand; what is brought has limits of its own."""


class Refreshed(Generic[Value]):
    """``bring`` is called in a thread of its own, by one at a time, when the value is ``age`` seconds old; after a failure
    (whatever it raises) again after ``rest``. Somebody waits for it only while there is none, or where nobody has asked for
    twice its age. What could not be brought anew serves for ``serves`` seconds at most. For the event loop."""

    def __init__(
        self, bring: Callable[[], Value], *, age: float, rest: float, serves: float = math.inf,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._bring, self._age, self._rest, self._serves, self._ticks = bring, age, rest, serves, ticks
        self._value: tuple[Value, float] | None = None
        self._attempted_at = -math.inf
        self._error: Exception | None = None
        self._pending: Future[None] | None = None

    @property
    def brought_at(self) -> float:
        """When what is at hand was asked for; minus infinity while there is nothing."""
        return self._value[1] if self._value is not None else -math.inf

    @property
    def is_failing(self) -> bool:
        """Whether the last attempt brought nothing."""
        return self._error is not None

    async def get(self) -> Value:
        """The value at hand. Raises what bringing it raised, or ``Unavailable``, where there is none."""
        since = self._ticks() - self._attempted_at
        if since >= (self._age if self._error is None else self._rest):
            self._begin()
        if self._value is None or since >= 2 * self._age:
            await self._finished()
        if self._value is None or self._ticks() - self._value[1] > self._serves:
            raise self._why()
        return self._value[0]

    async def again(self) -> Value:
        """The value brought anew, by this call or by one that is under way. Raises like ``get`` where that failed."""
        self._begin()
        await self._finished()
        if self._error is not None or self._value is None:
            raise self._why()
        return self._value[0]

    def _why(self) -> Exception:
        return self._error.with_traceback(None) if self._error is not None else Unavailable(retry_after=5)

    def _begin(self) -> None:
        if self._pending is None or self._pending.done():
            self._attempted_at = self._ticks()
            self._pending = Future()
            threading.Thread(
                target=self._run, args=(self._pending, self._attempted_at), name="refresh", daemon=True
            ).start()

    def _run(self, done: "Future[None]", at: float) -> None:
        try:
            self._value, self._error = (self._bring(), at), None
        except Exception as error:  # noqa: BLE001 - whatever is wrong there, what is at hand serves on
            self._error = error
        finally:
            done.set_result(None)

    async def _finished(self) -> None:
        if self._pending is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(self._pending)), PATIENCE)
