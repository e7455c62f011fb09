"""Whether a programme is for a unit on a day, with every reason. Completeness in both directions: 应助尽助 (source facts §5 rule 4).
Pure."""

from dataclasses import dataclass

from services.assistance.programmes.document import Component, Programme
from services.assistance.programmes.predicates import Candidate, reasons_against
from services.assistance.programmes.reasons import Reason

OF_THE_STAGE = frozenset({Reason.NOT_IN_SCHOOL, Reason.NOT_IN_STAGE})
"""Who is told one of these is not told besides that nothing is in force for the stage."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``reasons``: all that are against it; none where some ``components`` are for the unit. ``priority``: place of the first group
    that the unit is in, from 0; behind all groups where in none."""

    reasons: tuple[Reason, ...]
    components: tuple[Component, ...]
    priority: int

    @property
    def eligible(self) -> bool:
        return not self.reasons


def assess(programme: Programme, candidate: Candidate) -> Finding:
    """The unit on the candidate's day, by this edition."""
    against = list(reasons_against(programme.eligibility, candidate))
    of_stage = [c for c in programme.components if c.is_for(candidate.person.stage)]
    in_force = [c for c in of_stage if c.pays_on(candidate.day)]
    open_to: list[Component] = []
    of_components: list[Reason] = []
    for component in in_force:
        reasons = reasons_against(component.only, candidate)
        of_components += reasons
        if not reasons:
            open_to.append(component)
    if not open_to:
        against += of_components
        if not in_force and not OF_THE_STAGE.intersection(against):
            against.append(Reason.NO_STANDARD_IN_FORCE)
    groups = enumerate(programme.priority)
    first = next((n for n, group in groups if not reasons_against(group.of, candidate)), len(programme.priority))
    return Finding(tuple(dict.fromkeys(against)), () if against else tuple(open_to), first)
