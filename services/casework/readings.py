"""A reading of what is sealed, or of many at once, is a fact before its answer is given out."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from contracts.civil import civil_day
from contracts.facts import Fact
from services.casework.purposes import access_stream
from services.chassis.ground.refusals import Unavailable
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit


async def record_reading(store: Store, reader: str, request: str, fact_on: Callable[[date], Fact]) -> None:
    """``request``: for the record of commands; ``fact_on``: the fact of a reading on that day. Raises ``Unavailable``."""

    tried: list[str] = []

    def work(tx: Tx) -> Reply:
        # A commit whose answer was lost has left this very reading there; a first attempt need not look.
        if any(recorded.command_id == tx.command_id for stream in tried for recorded in tx.load(stream)):
            return Reply()
        tried.append(access_stream(reader, tx.today))
        tx.append(tried[-1], fact_on(tx.today))
        return Reply()

    # Every reading is one of its own: nothing is remembered of the request.
    command = CommandRef(uuid4(), reader, request, "", b"")
    stream = access_stream(reader, civil_day(store.clock.now()))
    try:
        await store.submit_async(Unit(command, work, extends=(stream,), remembered=False))
    except StoreUnavailable as away:
        raise Unavailable(away.rule, retry_after=5) from away
