"""Who may receive education aid, and why or why not. Completeness in both directions: 应助尽助 (source facts §5 rule 4)."""

from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import STOCK
from services.assistance.aid.standards import Standard
from services.assistance.programmes.predicates import NOT_IN_STOCK
from services.assistance.programmes.reasons import Reason
from services.casework.people.state import PersonState


def reasons_against(pupil: PersonState, standard: Standard | None) -> tuple[Reason, ...]:
    """Why no new grant is possible on the day of this state; none where it is. ``standard``: of the pupil's stage on that
    day."""
    against: list[Reason] = []
    if pupil.status not in STOCK:
        against.append(NOT_IN_STOCK[pupil.status])
    if pupil.stage is SchoolStage.NONE:
        against.append(Reason.NOT_IN_SCHOOL)
    elif standard is None:
        against.append(Reason.NO_STANDARD_IN_FORCE)
    elif standard.boarders_only and not pupil.boarder:
        against.append(Reason.NOT_A_BOARDER)
    return tuple(against)
