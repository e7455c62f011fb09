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
        """None once it is closed; the progress of an exit target is counted, and never reported."""
        target = self._target(ids, actor)
        if target.closed is not None:
            return []
        is_counted = target.kind is TargetKind.EXIT
        return [each for each in there if not (is_counted and each.act == "report_progress")]

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
