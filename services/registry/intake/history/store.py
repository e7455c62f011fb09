"""The import of status history in the log: command handlers under the append lock, and what the import of a file asks."""

from collections.abc import Callable, Sequence

from contracts.facts import Fact
from services.casework.directory.store import accounts_of
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.registry.intake.history import domain


def location_of(county: str) -> str:
    return f"/registry/history-imports/{county}"


def command_handler(county: str, decide: Callable[[domain.HistoryImport, Tx], Sequence[Fact]]) -> Callable[[Tx], Reply]:
    def work(tx: Tx) -> Reply:
        stream = domain.stream_of(county)
        if decided := decide(domain.fold(tx.load(stream)), tx):
            tx.append(stream, *decided)
        return Reply(location=location_of(county))

    return work


def import_refusal(tx: Tx, county: str, digest: str, by: str) -> Rule | None:
    """Why status history of this county may not be imported now from the file with this digest; ``None`` where it may."""
    state = domain.fold(tx.load(domain.stream_of(county)))
    return domain.import_refusal(state, tx.today, digest, accounts_of(tx, by))


def require_open(county: str, digest: str, by: str, handler: Callable[[Tx], Reply]) -> Callable[[Tx], Reply]:
    """The handler, asked again under the append lock. Raises ``Refused``."""

    def work(tx: Tx) -> Reply:
        if (refusal := import_refusal(tx, county, digest, by)) is not None:
            raise Refused(refusal)
        return handler(tx)

    return work
