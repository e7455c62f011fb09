"""Which acts are open on a target and on a milestone of it, as they are today."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from contracts.monitoring.targets import TargetKind
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.security.actor import Actor
from services.chassis.web.open_acts import OpenAct, SubjectActs, id_in
from services.monitoring.targets.queries import TargetQueries
from services.monitoring.targets.state import Target

TARGET = "/targets/{target_id}"


def acts_of_targets(queries: TargetQueries) -> Mapping[str, SubjectActs]:
    """Template of a path → what is open there."""
    found = TargetActs(queries)
    return {TARGET: found.of_target, f"{TARGET}/milestones/{{milestone}}": found.of_milestone}


@dataclass(frozen=True)
class TargetActs:
    """Each method is a ``SubjectActs``."""

    queries: TargetQueries

    def of_target(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """Once it is closed none but accountability for what was overdue; what is counted, of exits or of projects, is never reported."""
        target = self._target(ids, actor)
        if target.closed is not None:
            return [each for each in there if each.act == "raise_accountability" and target.overdue is not None]
        none = {"name_target_work"} if target.kind is TargetKind.EXIT else set()
        none |= set() if target.is_typed else {"report_progress"}
        none |= set() if target.overdue else {"raise_accountability"}
        none |= set() if target.works else {"remove_target_work"}
        return [each for each in there if each.act not in none]

    def of_milestone(self, actor: Actor, ids: Mapping[str, str], there: Sequence[OpenAct]) -> Iterable[OpenAct]:
        """While it is not reached."""
        target = self._target(ids, actor)
        waiting = {str(each.milestone) for each in target.milestones if each.reached_on is None}
        return there if target.closed is None and ids["milestone"] in waiting else []

    def _target(self, ids: Mapping[str, str], actor: Actor) -> Target:
        """Raises ``NOT_FOUND``."""
        found, division = self.queries.path(id_in(ids, "target_id"), None)
        if found is None or division is None or not actor.covers(division):
            raise Refused(NOT_FOUND)
        return found.model.target
