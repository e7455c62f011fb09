"""Profiles and incomes in the log, and questions about them."""

from collections.abc import Callable
from datetime import date, datetime

from contracts.registry.village_profiles import IncomePerHeadPublished, VillageProfileRecorded
from contracts.selection import timeline
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.registry.divisions.domain import fold as fold_division
from services.registry.divisions.domain import stream_of
from services.registry.villages.domain import ProfileState, fold, says_already
from services.registry.villages.rules import require_income, require_profile


def record_handler(fact: VillageProfileRecorded | IncomePerHeadPublished) -> Callable[[Tx], Reply]:
    """Handles what was found of a village, or published of a division; the same again changes nothing."""

    def work(tx: Tx) -> Reply:
        stream = stream_of(fact.code)
        known = timeline(tx.load(stream))
        division, state, today = fold_division(known), fold(known), tx.today
        if isinstance(fact, VillageProfileRecorded):
            require_profile(division, fact, today)
        else:
            require_income(division, fact, today)
        if fact.evidence or not says_already(state, fact):  # a further paper is worth an entry
            tx.append(stream, fact)
        return Reply(location=f"/registry/divisions/{fact.code}")

    return work


def state_on(store: Store, code: str, as_of: date, known_at: datetime | None) -> ProfileState | None:
    """What was known of a division at the end of that day, as known then; ``None`` where it was not declared. Blocking."""
    known = timeline(store.stream(stream_of(code)), as_of=as_of, known_at=known_at)
    return None if fold_division(known) is None else fold(known)
