"""A store that tries every command out before it carries it out, and compares."""

from concurrent.futures import Future

import msgspec
from hypothesis import event

from contracts.facts import Recorded
from contracts.personal import MASK
from services.chassis.log.command_record import Outcome
from services.chassis.log.dry_run import DryRun
from services.chassis.log.entries import decode_entry
from services.chassis.log.store import Store
from services.chassis.log.unit import Unit

LEFT = (
    "SELECT (SELECT count(*) FROM commands), (SELECT count(*) FROM timers), (SELECT count(*) FROM claims),"
    " (SELECT count(*) FROM exclusive_periods), (SELECT max(notification_id) FROM log)"
)


class TryingStore(Store):
    """Tries every unit out before it is carried out, and compares."""

    def submit(self, unit: Unit) -> "Future[Outcome]":
        before = self._left()
        tried = self.dry_run(unit)
        assert self._left() == before
        carried_out = super().submit(unit)
        self._compare(tried, carried_out.result())
        event("refused" if tried.refused else "accepted")
        return carried_out

    def _left(self) -> object:
        with self.reading() as conn:
            return conn.execute(LEFT.encode()).fetchone()

    def _compare(self, tried: DryRun, outcome: Outcome) -> None:
        first = tried.refused[0] if tried.refused else None
        assert outcome.code == (first and first.rule.code)
        assert outcome.facts == (first.facts if first else {})
        assert outcome.location == tried.location
        codes = [no.rule.code for no in tried.refused]
        assert len(set(codes)) == len(codes)
        assert not {rule.code for rule in tried.not_asked} & set(codes)
        entries, _ = self.page(tried.position, 100)
        recorded = [decode_entry(self.name, entry) for entry in entries]
        assert [*map(_as_recorded, tried.would_record)] == [*map(_as_recorded, recorded)]


def _as_recorded(recorded: Recorded) -> object:
    """Personal values are sealed differently each time."""
    fact = msgspec.to_builtins(recorded.fact, enc_hook=lambda _: MASK)
    return recorded.id, recorded.position, recorded.recorded_at, recorded.fact.type_name, fact
