"""Facts about collecting for somebody (社会捐助): money is sought for a recipient who was chosen before, pledged, received and passed on.
Stream ``collection-<case_id>``, of the case by which the recipient was granted help. Donors are known by the number of their card or
receipt, never by a name."""

from datetime import date
from uuid import UUID

from contracts.facts import Fact, published
from contracts.quantities import Yuan


class CollectionFact(Fact, frozen=True, kw_only=True):
    """``unit_id``: the recipient; ``division``: where the recipient was."""

    case_id: UUID
    unit_id: UUID
    programme: str
    division: str


@published("CollectionOpened", rank=10)
class CollectionOpened(CollectionFact, frozen=True, kw_only=True):
    """Money is sought from now on. ``target``: yuan."""

    target: Yuan


@published("DonationPledged", rank=20)
class DonationPledged(CollectionFact, frozen=True, kw_only=True):
    """``donor``: number of the donor's card; ``due_on``: the day by which it is promised."""

    donor: str
    amount: Yuan
    due_on: date


@published("DonationReceived", rank=30)
class DonationReceived(CollectionFact, frozen=True, kw_only=True):
    """``pledge``: number in the stream of the pledge that it keeps, where it keeps one; ``receipt_no``: of the receipt that the donor
    was given."""

    donor: str
    amount: Yuan
    receipt_no: str
    pledge: int | None = None


@published("CollectionEntryAnnulled", rank=99)
class CollectionEntryAnnulled(CollectionFact, frozen=True, kw_only=True):
    """An opening, a pledge or a donation (``annuls``) never was. ``reason``: as a code."""

    reason: str
