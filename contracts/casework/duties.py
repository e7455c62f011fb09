"""Facts about duties: who owed what to whom in a period and did not do it. Stream ``duties-<subject>``, the same in every log.

A duty met costs no fact. A miss is one fact, recorded once the grace is over; what was done in time and entered late annuls
it, and where that is void, the miss is recorded again.
"""

from datetime import date
from uuid import UUID

from contracts.facts import Fact, published


class DutyFact(Fact, frozen=True, kw_only=True):
    """``subject``: to whom the duty is owed, a household, a person; for a duty to serve so many, who owes it.
    ``household_id``: the subject's household, where there is one."""

    subject: UUID
    household_id: UUID | None = None


@published("DutyMissed")
class DutyMissed(DutyFact, frozen=True, kw_only=True):
    """From ``first`` to ``last``, both included, a duty of the set was not done as often as it was owed; ``effective_on`` is the
    day after. ``obligation``: by which somebody owes it, as the document calls it; ``obliged``: the account that owes it,
    nobody's where it is the office's; ``document``: id of the edition by which it was owed."""

    duty_set: str
    duty: str
    obligation: str
    document: str
    obliged: str | None = None
    first: date
    last: date


@published("DutyMissesAnnulled")
class DutyMissesAnnulled(DutyFact, frozen=True, kw_only=True):
    """The misses in ``annuls`` were none: the duty was done in time, as the fact in ``caused_by`` says, or it was not owed."""
