"""Who may receive education aid, and why or why not. Completeness in both directions: 应助尽助 (source facts §5 rule 4)."""

from collections.abc import Mapping
from enum import StrEnum

from contracts.registry.codes import SchoolStage
from contracts.registry.poverty_status import STOCK, PovertyStatus
from services.assistance.aid.standards import Standard
from services.casework.people.state import PersonState


class Reason(StrEnum):
    """Each is labelled (``contracts/labels``)."""

    REGISTERED_PUPIL = "registered_pupil"
    NOT_IN_REGISTER = "not_in_register"
    HOUSEHOLD_EXITED = "household_exited"
    HOUSEHOLD_REMOVED = "household_removed"
    HOUSEHOLD_ENDED = "household_ended"
    NOT_IN_SCHOOL = "not_in_school"
    NO_STANDARD_IN_FORCE = "no_standard_in_force"
    NOT_A_BOARDER = "not_a_boarder"


REASON_NOT_IN_STOCK: Mapping[PovertyStatus | None, Reason] = {
    None: Reason.NOT_IN_REGISTER,
    PovertyStatus.CANDIDATE: Reason.NOT_IN_REGISTER,
    PovertyStatus.EXITED: Reason.HOUSEHOLD_EXITED,
    PovertyStatus.REMOVED: Reason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: Reason.HOUSEHOLD_ENDED,
}


def reasons_against(pupil: PersonState, standard: Standard | None) -> tuple[Reason, ...]:
    """Why no new grant is possible on the day of this state; none where it is. ``standard``: of the pupil's stage on that
    day."""
    against: list[Reason] = []
    if pupil.status not in STOCK:
        against.append(REASON_NOT_IN_STOCK[pupil.status])
    if pupil.stage is SchoolStage.NONE:
        against.append(Reason.NOT_IN_SCHOOL)
    elif standard is None:
        against.append(Reason.NO_STANDARD_IN_FORCE)
    elif standard.boarders_only and not pupil.boarder:
        against.append(Reason.NOT_A_BOARDER)
    return tuple(against)
