"""Facts about village groups (村民小组, 自然村) and the yearly screening of all their rural households (全面排查). Stream
``village-group-<group_id>``. A screening counts; whoever needs a closer look is a clue (``contracts/registry/clues.py``), and only a
clue leads to a household or a case."""

from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, published


class GroupKind(StrEnum):
    VILLAGE_GROUP = "village_group"
    NATURAL_VILLAGE = "natural_village"


class NotReachedReason(StrEnum):
    """Why nobody of a household was met."""

    WORKING_AWAY = "working_away"
    MOVED_AWAY = "moved_away"
    IN_INSTITUTION = "in_institution"
    DECLINED = "declined"
    OTHER = "other"


class NotReached(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    reason: NotReachedReason
    households: int
    persons: int


class GroupFact(Fact, frozen=True, kw_only=True):
    """``group_id``: derived from the village and the name."""

    group_id: UUID


@published("GroupListed", rank=10)
class GroupListed(GroupFact, frozen=True, kw_only=True):
    """The village ``division`` has this group: it is screened once in every round."""

    division: str
    name: str
    kind: GroupKind


@published("GroupDelisted", rank=30)
class GroupDelisted(GroupFact, frozen=True, kw_only=True):
    """From ``effective_on`` on there is no such group any more."""


@published("GroupScreened", rank=20)
class GroupScreened(GroupFact, frozen=True, kw_only=True):
    """All rural households of the group were gone through by ``effective_on``, the last day of it, once in a round: so many households
    and their persons screened, and those not reached, by reason. ``clues``: what was raised, each received before."""

    households: int
    persons: int
    not_reached: tuple[NotReached, ...] = ()
    clues: tuple[UUID, ...] = ()


@published("GroupActsAnnulled", rank=99)
class GroupActsAnnulled(GroupFact, frozen=True, kw_only=True):
    """What ``annuls`` names was wrong: it counts as never entered."""
