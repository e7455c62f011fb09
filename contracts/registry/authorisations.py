"""Facts about authorisations (授权): before a household's data are compared with those of departments, every adult of it
authorises the query of their assets. Stream ``authorisation-<person>``: no fold of a household counts any of them.
"""

from datetime import date
from uuid import UUID

from contracts.facts import Fact, published


class AuthorisationFact(Fact, frozen=True, kw_only=True):
    """``household_id``: that the person belonged to then; an authorisation is the person's, and goes along to another household."""

    person_id: UUID
    household_id: UUID


@published("QueryAuthorised")
class QueryAuthorised(AuthorisationFact, frozen=True, kw_only=True):
    """Signed on the day of the fact, and valid from then until ``valid_until``, both included; the signed paper is among the
    evidence. ``taken_by``: account of whoever had it signed; ``guardian``: who signed for the person."""

    valid_until: date
    taken_by: str
    guardian: UUID | None = None


@published("QueryAuthorisationRefused")
class QueryAuthorisationRefused(AuthorisationFact, frozen=True, kw_only=True):
    """The person was asked and did not sign; an authorisation that is still valid ends on that day."""

    taken_by: str


@published("QueryAuthorisationWithdrawn")
class QueryAuthorisationWithdrawn(AuthorisationFact, frozen=True, kw_only=True):
    """From the day of the fact on nothing may be queried any more."""
