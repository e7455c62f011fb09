"""Facts about entitlements (待遇): what a unit was granted of a programme on an application, and what became of it.

The application is a case (``contracts.casework.cases``) whose subject is the unit: a person or a household of the register. Stream
``entitlements-<unit_id>``, for all programmes. What a person is entitled to is the person's own (source facts §5 rule 15);
``household_id`` is the household that the unit was in, or is, when the fact became true. No personal field stands here.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from contracts.facts import Fact, HouseholdFact, published
from contracts.quantities import Yuan
from contracts.registry.codes import SchoolStage


class GrantedAmount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """``yuan``: for each period of the component, 0 of what is counted as it happens (days, costs) or is no sum of money; ``since``: first
    day of the rate that it comes from."""

    component: str
    yuan: Yuan
    since: date


class OverpaidLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What was due, and may have been paid, for a period, both days included, that is not due."""

    component: str
    first: date
    last: date
    amount: Yuan


class UnitFact(HouseholdFact, frozen=True, kw_only=True):
    """A fact about what one unit is entitled to."""

    unit_id: UUID

    @property
    def person_id(self) -> UUID | None:
        """The unit, where it is a person; a household is a unit under its own id."""
        return None if self.unit_id == self.household_id else self.unit_id


class EntitlementFact(UnitFact, frozen=True, kw_only=True):
    """A fact about one application, by its case, and what was granted on it."""

    programme: str
    case_id: UUID


@published("EntitlementApplied")
class EntitlementApplied(EntitlementFact, frozen=True, kw_only=True):
    """What only the programme knows of an application. ``stage``: of a pupil; ``other_grants``: yuan a period from other public
    grants for the same, which count where an amount is a ceiling (§5 rule 24); ``income``: yuan a head and month, as stated and
    checked; ``proved``: what papers with the application prove; ``level``: by which a table is read; ``decided``: yuan proposed
    where a paper leaves a range."""

    division: str
    stage: SchoolStage
    other_grants: Yuan
    income: Yuan | None = None
    proved: tuple[str, ...] = ()
    level: str | None = None
    decided: Yuan | None = None


@published("EntitlementGranted")
class EntitlementGranted(EntitlementFact, frozen=True, kw_only=True):
    """The unit is entitled from ``effective_on`` on: to these ``amounts`` for every period, in full (M112–M117).
    ``persons``: in the unit, where an amount is for each."""

    division: str
    stage: SchoolStage
    persons: int = 1
    amounts: tuple[GrantedAmount, ...]


@published("EntitlementContinued")
class EntitlementContinued(EntitlementFact, frozen=True, kw_only=True):
    """The household left poverty; the unit keeps what it has, a pupil within the same school stage (M119, §5 rule 1)."""

    stage: SchoolStage


@published("EntitlementEndedAtStageChange")
class EntitlementEndedAtStageChange(EntitlementFact, frozen=True, kw_only=True):
    """The stage for which it was granted is over; ``effective_on`` is the first day without it."""

    from_stage: SchoolStage
    to_stage: SchoolStage


class StopReason(StrEnum):
    HOUSEHOLD_REMOVED = "household_removed"
    HOUSEHOLD_CANCELLED = "household_cancelled"
    NOT_REGISTERED = "not_registered"
    EXITED_BEFORE_GRANT = "exited_before_grant"
    NO_CONTINUATION = "no_continuation"
    DIED = "died"
    LEFT_HOUSEHOLD = "left_household"
    MOVED = "moved"
    CHANGED_HOUSEHOLD = "changed_household"
    NO_LONGER_BOARDER = "no_longer_boarder"
    NO_LONGER_ELIGIBLE = "no_longer_eligible"
    GRANTED_ANEW = "granted_anew"
    TERM_OVER = "term_over"


@published("EntitlementStopped")
class EntitlementStopped(EntitlementFact, frozen=True, kw_only=True):
    """It stopped before its time; ``effective_on`` is the first day without it."""

    reason: StopReason


@published("EntitlementTransferred")
class EntitlementTransferred(EntitlementFact, frozen=True, kw_only=True):
    """The unit lives elsewhere and the entitlement went along; ``household_id`` is the new household (the same one when the whole
    household moved)."""

    from_household_id: UUID
    from_division: str
    to_division: str


@published("OverpaidReviewOpened")
class OverpaidReviewOpened(EntitlementFact, frozen=True, kw_only=True):
    """What was due, and may have been paid, for periods after the entitlement should have stopped. To be looked into, never
    silently clawed back. ``amount``: yuan of all ``lines``."""

    lines: tuple[OverpaidLine, ...]
    amount: Yuan


@published("EntitlementSuspended")
class EntitlementSuspended(EntitlementFact, frozen=True, kw_only=True):
    """Nothing is due from ``effective_on`` on, until it is resumed; nothing else ends a suspension, no re-evaluation either.
    ``reason``: one of the programme's office, as a code."""

    reason: str


@published("EntitlementResumed")
class EntitlementResumed(EntitlementFact, frozen=True, kw_only=True):
    """It is due again from ``effective_on`` on. ``back_pay``: what fell into the suspension is due, too, on an occasion of its own."""

    back_pay: bool


@published("EntitlementQuantityTold")
class EntitlementQuantityTold(EntitlementFact, frozen=True, kw_only=True):
    """What an amount is reckoned from, for one period of a component, both days included. Each is the whole of the period as known now:
    what is told later of the same period takes its place. ``days``: attended; ``cost``: yuan that arose; ``collected``: yuan that
    came in for the unit (``collections``); ``delivered``: pieces handed out; ``income``: yuan a head and month, and
    ``other_grants``: yuan a period from other public grants for the same, both from this period on until told anew."""

    component: str
    period_from: date
    period_to: date
    days: int | None = None
    cost: Yuan | None = None
    income: Yuan | None = None
    other_grants: Yuan | None = None
    collected: Yuan | None = None
    delivered: int | None = None


@published("EntitlementQuantitiesImported")
class EntitlementQuantitiesImported(Fact, frozen=True, kw_only=True):
    """A list of quantities was taken in, stream ``quantity_list-<batch_id>``; ``evidence`` names the file, as does what its rows told.
    ``division``: the area of whoever brought it in. ``rows_seen`` = recorded + updated + unchanged + refused."""

    batch_id: UUID
    division: str
    rows_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int


class EntitlementAnnulment(StrEnum):
    CAUSE_ANNULLED = "cause_annulled"
    OVERTAKEN = "overtaken"
    CASE_REJECTED = "case_rejected"
    ENTERED_WRONGLY = "entered_wrongly"


@published("EntitlementFactsAnnulled")
class EntitlementFactsAnnulled(UnitFact, frozen=True, kw_only=True):
    """What followed from a fact no longer follows, and is void by ``annuls``: the registry annulled its cause, or learned
    something late that overtook it; or the case failed that had been decided first; or a suspension never was."""

    reason: EntitlementAnnulment
