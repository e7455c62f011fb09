"""An account that sends several files at once keeps nobody else waiting."""

import threading
from functools import partial

import anyio

from services.casework.workbooks.importing.seats import Seats


def test_an_account_has_one_seat_and_another_finds_the_next_one_free() -> None:
    seats, began, release = Seats(2), list[str](), threading.Event()
    both = threading.Barrier(2)
    most = 10.0

    def work(account: str) -> None:
        began.append(account)
        if not release.is_set():
            both.wait(most)  # passes only when two read at once
            release.set()

    async def all_at_once() -> None:
        async with anyio.create_task_group() as group:
            for account in ("one", "one", "other"):
                group.start_soon(partial(seats.run, account, partial(work, account)))

    anyio.run(all_at_once)
    assert set(began[:2]) == {"one", "other"}
    assert began[2] == "one"
    assert not seats._locks
    assert not seats._waiting
