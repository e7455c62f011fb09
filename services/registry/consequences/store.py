"""What was shown, and that it was kept, in the log."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from contracts.facts import Recorded
from contracts.registry.consequences import ConsequencesKept, ConsequencesShown
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import CommandRef, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.registry.consequences.domain import NOT_SHOWN, kept_with, require_shown, stream_of
from services.registry.households.domain import stream_of as household_stream
from services.registry.households.store import relatives_in, require_in_area


def shown_unit(fact: ConsequencesShown) -> Unit:
    """Records what is about to be shown. Under an id of its own: the command may still be sent under its key."""

    def work(tx: Tx) -> Reply:
        stream = stream_of(fact.household_id)
        before = next((r for r in tx.load(stream) if r.command_id == tx.command_id), None)
        # A commit whose answer was lost has left it there.
        shown = before.id if before is not None else tx.append(stream, fact)[0]
        return Reply(location=shown)

    ref = CommandRef(uuid4(), fact.entered_by, "consequences", "", b"")
    return Unit(ref, work, (stream_of(fact.household_id),), remembered=False)


def keeping(unit: Unit, log: str, shown: str, account: str, act: str, request: str) -> Unit:
    """The unit of a command, with what was shown beforehand: kept together with what it records, or not carried out. Raises
    ``Refused``."""
    of, _, version = shown.rpartition("/")
    stream = of.removeprefix(f"{log}/")
    if not stream.startswith("consequences-") or not version.isdecimal():
        raise Refused(NOT_SHOWN)

    def work(tx: Tx) -> Reply:
        recorded = next((r for r in tx.load(stream) if r.id == shown), None)
        require_shown(None if recorded is None else recorded.fact, account, act, request)
        assert recorded is not None
        reply = unit.work(tx)
        tx.append(stream, kept_with(recorded, tx.appended))
        return reply

    return replace(unit, work=work, streams=(*unit.streams, stream))


class ShownQueries:
    """Blocking."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, household_id: UUID, actor: Actor) -> Sequence[tuple[Recorded, Recorded | None]]:
        """What was shown of a household, the latest first, each with the fact that keeps it with what was carried out. Raises
        ``NOT_FOUND`` where the household is not in the actor's area."""

        def read(tx: Tx) -> Sequence[Recorded]:
            require_in_area(tx.load(household_stream(household_id)), actor, relatives_in(tx))
            return tx.load(stream_of(household_id))

        facts = self._store.on_snapshot(read, household_stream(household_id), stream_of(household_id))
        kept = {r.fact.shown: r for r in facts if isinstance(r.fact, ConsequencesKept)}
        return [(r, kept.get(r.id)) for r in reversed(facts) if isinstance(r.fact, ConsequencesShown)]
