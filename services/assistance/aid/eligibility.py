"""Who may receive education aid, and why or why not. Completeness in both directions: 应助尽助 (source facts §5 rule 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from contracts.registry.households import STOCK, PovertyStatus, SchoolStage
from services.assistance.aid.standards import Standard
from services.assistance.beneficiaries.domain import PersonState


class Reason(StrEnum):
    REGISTERED_PUPIL = "registered_pupil"
    NOT_IN_REGISTER = "not_in_register"
    HOUSEHOLD_EXITED = "household_exited"
    HOUSEHOLD_REMOVED = "household_removed"
    HOUSEHOLD_ENDED = "household_ended"
    NOT_IN_SCHOOL = "not_in_school"
    NO_STANDARD_IN_FORCE = "no_standard_in_force"
    NOT_A_BOARDER = "not_a_boarder"


LABELS: Mapping[Reason, tuple[str, str]] = {
    Reason.REGISTERED_PUPIL: ("建档立卡户在校学生", "a pupil of a registered household"),
    Reason.NOT_IN_REGISTER: ("该户未建档立卡", "the household is not in the register"),
    Reason.HOUSEHOLD_EXITED: ("该户已脱贫，不再新批资助", "the household has exited: no new aid is granted"),
    Reason.HOUSEHOLD_REMOVED: ("该户已被剔除", "the household was removed from the register"),
    Reason.HOUSEHOLD_ENDED: ("该户已注销", "the household has ended"),
    Reason.NOT_IN_SCHOOL: ("未在校就读", "not in school"),
    Reason.NO_STANDARD_IN_FORCE: ("该学段当日没有生效的资助标准", "no standard is in force for this stage on this day"),
    Reason.NOT_A_BOARDER: ("该学段仅资助寄宿生", "aid for this stage is for boarders only"),
}

NOT_STOCK: Mapping[PovertyStatus | None, Reason] = {
    None: Reason.NOT_IN_REGISTER,
    PovertyStatus.CANDIDATE: Reason.NOT_IN_REGISTER,
    PovertyStatus.EXITED: Reason.HOUSEHOLD_EXITED,
    PovertyStatus.REMOVED: Reason.HOUSEHOLD_REMOVED,
    PovertyStatus.CANCELLED: Reason.HOUSEHOLD_ENDED,
}


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``reasons``: everything that speaks against, or the one that speaks for."""

    eligible: bool
    reasons: tuple[Reason, ...]


def judge(pupil: PersonState, standard: Standard | None) -> Eligibility:
    """Whether a new grant is possible on the day of this situation; ``standard``: of the pupil's stage on that day."""
    against: list[Reason] = []
    if pupil.status not in STOCK:
        against.append(NOT_STOCK[pupil.status])
    if pupil.stage is SchoolStage.NONE:
        against.append(Reason.NOT_IN_SCHOOL)
    elif standard is None:
        against.append(Reason.NO_STANDARD_IN_FORCE)
    elif standard.boarders_only and not pupil.boarder:
        against.append(Reason.NOT_A_BOARDER)
    return Eligibility(not against, tuple(against) or (Reason.REGISTERED_PUPIL,))
