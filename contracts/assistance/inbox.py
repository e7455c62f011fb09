"""Facts that ask somebody of the assistance service to look."""

from enum import StrEnum

from contracts.facts import HouseholdFact, published


class Reaction(StrEnum):
    """What follows in assistance from the register's facts, where a rule allows it."""

    CONTINUE_AID = "continue_aid"
    END_PAIRING = "end_pairing"
    FOLLOW_SPLIT = "follow_split"


@published("AssistanceReactionRefused")
class AssistanceReactionRefused(HouseholdFact, frozen=True, kw_only=True):
    """A rule refused what should have followed from the fact in ``caused_by``. Stands in the stream that would have
    changed. ``reaction``: what was to be done; ``code``: the rule's code; ``subject``: the pupil's id, where it is
    about one, else the household's."""

    reaction: Reaction
    code: str
    subject: str
