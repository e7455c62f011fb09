"""Facts of the staff directory: who holds which post where, from when to when, under which accounts.

Stream ``staff-<staff_id>``. All of them are told in any order; a person's name is sealed under their own key. An act (all
that one command recorded) is annulled, and restored, as one.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from contracts.facts import Fact, published
from contracts.personal import Personal
from contracts.roles import Role


class StaffFact(Fact, frozen=True, kw_only=True):
    """A fact about one member of staff. Personal fields are sealed under the member's own key."""

    sealed_under: ClassVar[str] = "staff_id"

    staff_id: UUID


@published("StaffRegistered", rank=10)
class StaffRegistered(StaffFact, frozen=True, kw_only=True):
    """A person is put on the directory."""

    name: Personal[str]


@published("StaffNumberAssigned", rank=11)
class StaffNumberAssigned(StaffFact, frozen=True, kw_only=True):
    """The person's number (工号) on the lists of their office. It is never another person's, unless this is annulled."""

    staff_no: str


@published("AccountLinked", rank=20)
class AccountLinked(StaffFact, frozen=True, kw_only=True):
    """The account (subject of tokens, ``contracts.accounts.normalised``) is this person's from ``effective_on``. It is
    never another person's, unless this is annulled."""

    account: str


@published("AccountUnlinked", rank=21)
class AccountUnlinked(StaffFact, frozen=True, kw_only=True):
    """``effective_on`` is the first day on which the person no longer acts under this account."""

    account: str


class Appointment(StrEnum):
    """How somebody came to a post."""

    APPOINTED = "appointed"
    ELECTED = "elected"
    SECONDED = "seconded"
    CONCURRENT = "concurrent"


@published("PostAssumed", rank=30)
class PostAssumed(StaffFact, frozen=True, kw_only=True):
    """The person holds a post in ``division`` from ``effective_on``: its level is that of the code. ``title`` as people
    say it (村支书, 驻村工作队长, 乡镇扶贫专干), never a name. ``term_ends``: last day of the term, after which the post is
    held no longer; who is elected again assumes it anew."""

    post_id: UUID
    role: Role
    title: str
    division: str
    appointment: Appointment
    term_ends: date | None = None


class LeavingReason(StrEnum):
    TRANSFERRED = "transferred"
    TERM_ENDED = "term_ended"
    LOST_ELECTION = "lost_election"
    RESIGNED = "resigned"
    RETIRED = "retired"
    DISMISSED = "dismissed"
    DIED = "died"


@published("PostLeft", rank=31)
class PostLeft(StaffFact, frozen=True, kw_only=True):
    """``effective_on`` is the first day on which the person no longer holds the post."""

    post_id: UUID
    reason: LeavingReason


@published("PostRecertified", rank=32)
class PostRecertified(StaffFact, frozen=True, kw_only=True):
    """Somebody else, of the level above, found on ``effective_on`` that the post is held and still needed as it is."""

    post_id: UUID


@published("StaffAbsent", rank=40)
class StaffAbsent(StaffFact, frozen=True, kw_only=True):
    """The person is away from ``effective_on`` to ``until``, both included. The posts stay theirs."""

    until: date


@published("PostsDelegated", rank=41)
class PostsDelegated(StaffFact, frozen=True, kw_only=True):
    """``deputy`` (another member of staff) stands in for these posts from ``effective_on`` to ``until``, both included,
    for as long as their holder holds them. ``ordered_by``: the member of staff who ordered it, the holder or a superior."""

    delegation_id: UUID
    post_ids: tuple[UUID, ...]
    deputy: UUID
    until: date
    ordered_by: UUID


@published("StaffActsAnnulled", rank=99)
class StaffActsAnnulled(StaffFact, frozen=True, kw_only=True):
    """A correction: these acts were wrong, and their facts (``annuls``) are void. Annulling this act restores them."""

    acts: tuple[UUID, ...]
    reason: Personal[str]


@published("StaffListImported")
class StaffListImported(Fact, frozen=True, kw_only=True):
    """A list of staff was taken in, stream ``staff_list-<batch_id>``; ``evidence`` names the file, as do the facts of each
    member that came out of it. ``division``: the area of whoever brought it in. ``subjects_seen``: members and
    delegations = recorded + updated + unchanged + refused; ``rows_seen``: rows of all sheets."""

    batch_id: UUID
    division: str
    subjects_seen: int
    rows_seen: int
    recorded: int
    updated: int
    unchanged: int
    refused: int
