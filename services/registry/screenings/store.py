"""Village groups in the log: command handlers under the append lock."""

from collections.abc import Callable, Iterable
from uuid import UUID

from contracts.facts import Recorded
from contracts.registry.clues import ClueReceived
from contracts.registry.screenings import GroupActsAnnulled, GroupDelisted, GroupFact, GroupListed, GroupScreened
from contracts.selection import surviving, timeline
from services.casework.dates import require_not_future
from services.casework.duties.store import Duties
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.registry.clues.domain import stream_of as clue_stream
from services.registry.divisions.rules import require_exists as require_division
from services.registry.households.transfers import division_in
from services.registry.screenings import rules
from services.registry.screenings.domain import VillageGroup, fold, stream_of
from services.registry.screenings.duty_matters import round_on

Handler = Callable[[Tx], Reply]


class ScreeningCommands:
    def __init__(self, duties: Duties) -> None:
        self._duties = duties

    def list_handler(self, fact: GroupListed) -> Handler:
        def work(tx: Tx) -> Reply:
            division = require_division(division_in(tx, fact.division), fact.division, fact.effective_on)
            before = fold(timeline(tx.load(stream_of(fact.group_id))))
            rules.require_listing(rules.Listing(division, before, fact, tx.today))
            return self._append(tx, fact)

        return work

    def delist_handler(self, fact: GroupDelisted, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            require_not_future(fact.effective_on, tx.today)
            rules.require_listed(_group(tx, fact.group_id, actor), fact.effective_on)
            return self._append(tx, fact)

        return work

    def screen_handler(self, fact: GroupScreened, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            group = _group(tx, fact.group_id, actor)
            round_ = round_on(self._duties.duty_sets.in_unit(tx), group.division, fact.effective_on)
            clues = tuple(_clue(tx, each) for each in fact.clues)
            rules.require_result(rules.Result(group, fact, round_, clues, tx.today))
            return self._append(tx, fact)

        return work

    def annul_handler(self, fact: GroupActsAnnulled, actor: Actor) -> Handler:
        def work(tx: Tx) -> Reply:
            _group(tx, fact.group_id, actor)
            standing = {r.id for r in surviving(tx.load(stream_of(fact.group_id)))}
            if not {*fact.annuls} <= standing:
                raise Refused(rules.UNKNOWN_GROUP_ACT, facts=sorted({*fact.annuls} - standing))
            return self._append(tx, fact)

        return work

    def _append(self, tx: Tx, fact: GroupFact) -> Reply:
        (told,) = tx.append(stream_of(fact.group_id), fact)
        self._duties.reconcile(tx, [fact.group_id], told)
        return Reply(location=f"/registry/village-groups/{fact.group_id}")


def _group(tx: Tx, group_id: UUID, actor: Actor) -> VillageGroup:
    """Raises ``NOT_FOUND`` for what was never listed, or outside the actor's area."""
    return require_group(tx.load(stream_of(group_id)), actor)


def require_group(told: Iterable[Recorded], actor: Actor) -> VillageGroup:
    """Of its facts; raises as ``_group``."""
    group = fold(timeline(told))
    if group is None or not actor.covers(group.division):
        raise Refused(NOT_FOUND)
    return group


def _clue(tx: Tx, clue_id: UUID) -> ClueReceived | None:
    received = (r.fact for r in tx.load(clue_stream(clue_id)))
    return next((fact for fact in received if isinstance(fact, ClueReceived)), None)
