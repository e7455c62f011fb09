"""Facts about mass proposals (批量提出): everyone eligible in an area is proposed for a programme in one act, and who is left out, with the
reason. Stream ``mass-proposal-<proposal_id>``. Each proposal of a unit is a case of its own, whose id is made of the proposal's and the
unit's. No personal field stands here."""

from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published


class ExceptionReason(StrEnum):
    """Why a unit is left out. ``NOT_ELIGIBLE``: named on the list, and the programme is not for it; ``NOT_IN_AREA``: named on the list, and
    no unit of the area; the others are what the office says."""

    NOT_ELIGIBLE = "not_eligible"
    NOT_IN_AREA = "not_in_area"
    HAS_IT_ALREADY = "has_it_already"
    DECLINED = "declined"
    HELPED_OTHERWISE = "helped_otherwise"
    NOT_REACHED = "not_reached"
    TO_BE_CHECKED = "to_be_checked"


class ProposalException(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``against``: the programme's own reasons, as codes."""

    unit_id: UUID
    reason: ExceptionReason
    against: tuple[str, ...] = ()


@published("MassProposalMade")
class MassProposalMade(Fact, frozen=True, kw_only=True):
    """``division``: whose units were looked at, ``considered`` in number; ``exceptions``: those left out; ``units``: those proposed, in
    the order of priority."""

    proposal_id: UUID
    programme: str
    procedure: str
    division: str
    considered: int
    exceptions: tuple[ProposalException, ...]
    units: tuple[UUID, ...]
