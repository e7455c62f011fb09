"""Facts of a made-up staff: a village secretary, a township clerk, and whoever needs one more."""

from datetime import date
from uuid import UUID

from contracts.casework.directory import (
    AccountLinked,
    AccountUnlinked,
    Appointment,
    LeavingReason,
    PostAssumed,
    PostLeft,
    PostsDelegated,
    StaffAbsent,
    StaffRegistered,
)
from contracts.personal import Personal
from contracts.roles import Role

SECRETARY, CLERK = UUID(int=1), UUID(int=2)
VILLAGE, TOWNSHIP, COUNTY = "990001101201", "990001101", "990001"
HIRED = date(2014, 1, 1)
BY = "operator-1"


def registered(staff: UUID = SECRETARY, on: date = HIRED) -> StaffRegistered:
    box: Personal[str] = Personal.sealed("A256GCM.1.AAAA")
    return StaffRegistered(effective_on=on, entered_by=BY, staff_id=staff, name=box)


def linked(account: str, on: date = HIRED, staff: UUID = SECRETARY) -> AccountLinked:
    return AccountLinked(effective_on=on, entered_by=BY, staff_id=staff, account=account)


def unlinked(account: str, on: date, staff: UUID = SECRETARY) -> AccountUnlinked:
    return AccountUnlinked(effective_on=on, entered_by=BY, staff_id=staff, account=account)


def assumed(
    post: int = 1, on: date = HIRED, term_ends: date | None = None, *, staff: UUID = SECRETARY,
    role: Role = Role.CADRE, title: str = "村支书", division: str = VILLAGE,
) -> PostAssumed:  # fmt: skip
    return PostAssumed(
        effective_on=on, entered_by=BY, staff_id=staff, post_id=UUID(int=100 + post), role=role, title=title,
        division=division, appointment=Appointment.ELECTED, term_ends=term_ends,
    )  # fmt: skip


def left(on: date, post: int = 1, staff: UUID = SECRETARY) -> PostLeft:
    return PostLeft(
        effective_on=on, entered_by=BY, staff_id=staff, post_id=UUID(int=100 + post), reason=LeavingReason.LOST_ELECTION
    )


def absent(on: date, until: date, staff: UUID = SECRETARY) -> StaffAbsent:
    return StaffAbsent(effective_on=on, entered_by=BY, staff_id=staff, until=until)


def delegated(
    on: date, until: date, *posts: int, staff: UUID = SECRETARY, deputy: UUID = CLERK, number: int = 1
) -> PostsDelegated:
    return PostsDelegated(
        effective_on=on, entered_by=BY, staff_id=staff, delegation_id=UUID(int=200 + number),
        post_ids=tuple(UUID(int=100 + post) for post in posts or (1,)), deputy=deputy, until=until, ordered_by=staff,
    )  # fmt: skip
