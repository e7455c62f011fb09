"""Whom a mass proposal takes in, and whom it leaves out, with the reason. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from contracts.assistance.proposals import ExceptionReason, ProposalException
from services.assistance.entitlements import rules
from services.assistance.programmes.reasons import Reason
from services.chassis.ground.refusals import Refused

MOST_PROPOSED = 1000
STREAMS = "mass-proposal-"
BY_OFFICE = frozenset({
    ExceptionReason.DECLINED, ExceptionReason.HELPED_OTHERWISE, ExceptionReason.NOT_REACHED,
    ExceptionReason.TO_BE_CHECKED,
})  # fmt: skip
"""What an office may give as a reason; the others are found."""


@dataclass(frozen=True, slots=True)
class Considered:
    """A unit of the area. ``against``: why the programme is not for it; ``has_it``: granted, or applied for; ``priority``: place of its
    group, from 0."""

    unit_id: UUID
    against: tuple[Reason, ...]
    has_it: bool
    priority: int


@dataclass(frozen=True, slots=True)
class Plan:
    """``not_eligible``: how many others of the area the programme is not for, and ``has_it``: how many have it or applied."""

    considered: int
    exceptions: tuple[ProposalException, ...]
    units: tuple[UUID, ...]
    not_eligible: int
    has_it: int


def stream_of(proposal_id: UUID) -> str:
    return f"{STREAMS}{proposal_id}"


def case_of(proposal_id: UUID, unit: UUID) -> UUID:
    """Id of the case by which the unit is proposed."""
    return uuid5(proposal_id, str(unit))


def planned(
    found: Iterable[Considered], left_out: Mapping[UUID, ExceptionReason], listed: Sequence[UUID] | None
) -> Plan:
    """``left_out``: by the office; ``listed``: only those on this list; ``None``: everyone in the area. Raises ``Refused``."""
    units = list(found)
    known = {unit.unit_id for unit in units}
    exceptions = [ProposalException(unit_id=u, reason=reason) for u, reason in left_out.items() if u in known]
    named = None if listed is None else set(listed)
    asked = [u for u in units if (named is None or u.unit_id in named) and u.unit_id not in left_out]
    fits = sorted((u for u in asked if not u.against and not u.has_it), key=lambda unit: unit.priority)
    against = [u for u in asked if u.against and not u.has_it]
    has_it = [u for u in asked if u.has_it]
    if named is not None:
        # Whoever is named on a list is told what became of it.
        exceptions += [_exception(u.unit_id, ExceptionReason.HAS_IT_ALREADY) for u in has_it]
        exceptions += [_exception(u.unit_id, ExceptionReason.NOT_ELIGIBLE, u.against) for u in against]
    outside = [u for u in (*left_out, *(listed or ())) if u not in known]
    exceptions += [_exception(u, ExceptionReason.NOT_IN_AREA) for u in dict.fromkeys(outside)]
    if not fits:
        raise Refused(rules.NOBODY_TO_PROPOSE, considered=len(units), not_eligible=len(against), has_it=len(has_it))
    if len(fits) > MOST_PROPOSED:
        raise Refused(rules.TOO_MANY_TO_PROPOSE, eligible=len(fits), most=MOST_PROPOSED)
    proposed = tuple(u.unit_id for u in fits)
    return Plan(len(units), tuple(exceptions), proposed, len(against), len(has_it))


def _exception(unit: UUID, reason: ExceptionReason, against: Sequence[Reason] = ()) -> ProposalException:
    return ProposalException(unit_id=unit, reason=reason, against=tuple(str(each) for each in against))
