"""Asks every service what would follow there from a command, and records what is shown of it before it is shown."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

import anyio
import httpx
import msgspec
import structlog
from psycopg import OperationalError

from contracts.canonical import UnknownType
from contracts.civil import civil_day
from contracts.consequences import ConsequenceLine
from contracts.facts import LogPosition, Recorded
from contracts.registry.consequences import ConsequencesShown
from services.chassis.following.foresight import Foretold, Question, question
from services.chassis.ground.refusals import Unavailable
from services.chassis.log.command_record import CommandRef
from services.chassis.log.dry_run import DryRun
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx, Unit
from services.chassis.security.actor import Actor
from services.chassis.web.commands import outcome_of
from services.chassis.web.consequences import Ask
from services.chassis.web.previews import ConsequenceAnswer, ConsequencesShownAnswer
from services.registry.consequences.domain import case_of, digest_of, household_of, types_of
from services.registry.consequences.store import keeping, shown_unit
from services.registry.households.domain import stream_of
from services.registry.households.store import relatives_in
from services.registry.households.visibility import division_today

FORETOLD_BY = ("registry", "assistance", "monitoring")
"""The services that react to what the register records; the audit copies and counts, and decides nothing."""
SECONDS = 8.0
"""So long a service may take to answer; it is then away."""
AWAY = (Unavailable, UnknownType, OperationalError, httpx.HTTPError, msgspec.DecodeError, TimeoutError)

log = structlog.get_logger("lika.consequences")


class CollectedConsequences:
    """Implements ``Previews``. ``asks``: the services that tell, by now."""

    def __init__(self, store: Store, asks: Callable[[], Mapping[str, Ask]]) -> None:
        self._store, self._asks = store, asks

    async def show(self, actor: Actor, ref: CommandRef, found: DryRun) -> ConsequencesShownAnswer | None:
        facts = [*found.would_record, *found.later]
        if (household := household_of(facts)) is None:
            return None
        told, away = await self.ask_all(question(self._store.name, found.position, facts))
        lines, elsewhere = await anyio.to_thread.run_sync(self._in_area, actor, facts, told)
        answered = tuple(LogPosition(log=each.service, position=each.position) for each in told)
        fact = ConsequencesShown(
            household_id=household, effective_on=civil_day(self._store.clock.now()), entered_by=actor.subject,
            act=ref.route, request=ref.digest.hex(), case_id=case_of(facts), would_record=types_of(found.would_record), answered=answered,
            away=away, elsewhere=elsewhere, lines=lines, sha256=digest_of(answered, away, elsewhere, lines),
        )  # fmt: skip
        outcome = await outcome_of(self._store, shown_unit(fact))
        outcome.require_accepted()
        return answer_of(str(outcome.location), fact)

    def keeping(self, actor: Actor, ref: CommandRef, unit: Unit, shown: str) -> Unit:
        return keeping(unit, self._store.name, shown, actor.subject, ref.route, ref.digest.hex())

    async def ask_all(self, asked: Question) -> tuple[list[Foretold], tuple[str, ...]]:
        """What each service said, and the names of those that did not."""
        asks, told = self._asks(), dict[str, Foretold]()

        async def ask(name: str) -> None:
            try:
                with anyio.fail_after(SECONDS):
                    told[name] = await asks[name](asked)
            except AWAY as why:
                log.warning("consequences_not_told", peer=name, kind=type(why).__name__)

        async with anyio.create_task_group() as together:
            for name in FORETOLD_BY:
                if name in asks:
                    together.start_soon(ask, name)
        return [told[n] for n in FORETOLD_BY if n in told], tuple(n for n in FORETOLD_BY if n not in told)

    def _in_area(
        self, actor: Actor, facts: Sequence[Recorded], told: Sequence[Foretold]
    ) -> tuple[tuple[ConsequenceLine, ...], int]:
        """The lines about what the actor sees, and how many others there are."""
        lines = [line for each in told for line in each.lines]
        households = {line.household_id for line in lines if line.household_id is not None}

        def visible(tx: Tx) -> set[UUID]:
            known = relatives_in(tx)
            # What is only now formed is where its facts say, and those were let through.
            return {h for h in households if not tx.load(stream_of(h)) or actor.covers(division_today(known(h), known))}

        seen = self._store.on_snapshot(visible, *map(stream_of, households))
        shown = [line for line in lines if line.household_id is None or line.household_id in seen]
        return tuple(sorted(shown, key=lambda line: line.on)), len(lines) - len(shown)


def answer_of(shown: str, fact: ConsequencesShown) -> ConsequencesShownAnswer:
    return ConsequencesShownAnswer(
        shown=shown, sha256=fact.sha256, answered=[each.log for each in fact.answered], away=list(fact.away),
        elsewhere=fact.elsewhere, lines=[*map(ConsequenceAnswer.of, fact.lines)],
    )  # fmt: skip
