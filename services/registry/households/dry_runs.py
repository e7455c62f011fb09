"""Dry runs that name persons: each is a fact, and an account has a limited number of them on one day.

What one answers about a person of one's own area is little, but asked about every possible number it is the register.
"""

from datetime import date
from math import ceil
from uuid import uuid4

from contracts.civil import civil_day, end_of_day
from contracts.registry.access import DryRunMade
from services.chassis.ground.refusals import RULES, Refused, Unavailable, rule
from services.chassis.log.availability import StoreUnavailable
from services.chassis.log.command_record import CommandRef, Outcome, Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit

TOO_MANY_DRY_RUNS = rule(
    "too_many_dry_runs",
    zh="今日试运行涉及的人数已达上限，请明日再试，或直接办理。",
    en="Dry runs of today have named as many persons as they may; try again tomorrow, or enter it for real.",
    source="docs/privacy.md; Lika access rules",
    status=429,
)


class DryRuns:
    """``per_day``: how many persons an account may name in dry runs of one day."""

    def __init__(self, store: Store, per_day: int) -> None:
        self._store, self._per_day = store, per_day

    async def record(self, account: str, operation: str, persons: int) -> None:
        """Record a dry run before it is answered. Raises ``Unavailable``: ``TOO_MANY_DRY_RUNS`` with the seconds until
        midnight, or a database that is away."""
        try:
            _admit(await self._store.submit_async(self._unit(account, operation, persons)))
        except StoreUnavailable as away:
            raise Unavailable(away.rule, retry_after=5) from away

    def record_blocking(self, account: str, operation: str, persons: int) -> None:
        """``record``, for a thread. Raises ``StoreUnavailable`` where the database is away."""
        _admit(self._store.submit(self._unit(account, operation, persons)).result())

    def _unit(self, account: str, operation: str, persons: int) -> Unit:
        def work(tx: Tx) -> Reply:
            stream = stream_of(account, tx.today)
            before = tx.load(stream)
            if any(r.command_id == tx.command_id for r in before):
                return Reply()  # a commit whose answer was lost has left it there
            named = sum(r.fact.persons for r in before if isinstance(r.fact, DryRunMade))
            if named + persons > self._per_day:
                left = end_of_day(tx.today) - tx.instant
                raise Refused(TOO_MANY_DRY_RUNS, limit=self._per_day, seconds=ceil(left.total_seconds()))
            fact = DryRunMade(effective_on=tx.today, entered_by=account, operation=operation, persons=persons)
            tx.append(stream, fact)
            return Reply()

        # An id of its own: the command may still be carried out under its key.
        ref = CommandRef(uuid4(), account, operation, "", b"")
        return Unit(ref, work, (stream_of(account, civil_day(self._store.clock.now())),), remembered=False)


def _admit(outcome: Outcome) -> None:
    if outcome.code is not None:
        facts = dict(outcome.facts)
        raise Unavailable(RULES[outcome.code], retry_after=int(str(facts.pop("seconds"))), **facts)


def stream_of(account: str, day: date) -> str:
    return f"dry-runs-{day.isoformat()}-{account}"
