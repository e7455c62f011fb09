"""The table ``staff_leavers``: who, by the staff directory, acts under an account no longer, or holds no post any more."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from uuid import UUID

from contracts.facts import Recorded
from contracts.selection import timeline
from services.casework.directory.domain import stream_of
from services.casework.directory.feed import TYPES
from services.casework.directory.state import Post, StaffMember, fold
from services.casework.people.view import REGISTRY
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

LEAVERS = Table("staff_leavers", "staff_id", ("staff_id", "account", "since"))


def view() -> View[UUID]:
    return view_of_streams("staff_leavers", (LEAVERS,), TYPES, stream_of(""), UUID, _rows, log=REGISTRY)


def _rows(staff_id: UUID, facts: Sequence[Recorded]) -> tuple[Iterable[Row]]:
    member = fold(timeline(facts))
    return ([(staff_id, account, since) for account, since in leaving(member).items()],)


def leaving(member: StaffMember) -> dict[str, date]:
    """Account → first day on which nobody in a post acts under it. Whoever never had a post leaves with the account alone."""
    last = {link.account: link.until for link in member.links}
    over = [_over_on(post) for post in member.posts.values()]
    without_post = max(day for day in over if day is not None) if over and None not in over else None
    days = {account: [day for day in (until, without_post) if day is not None] for account, until in last.items()}
    return {account: min(of) for account, of in days.items() if of}


def _over_on(post: Post) -> date | None:
    """The first day without it."""
    ends = [post.left_on, None if post.term_ends is None else post.term_ends + timedelta(1)]
    return min((day for day in ends if day is not None), default=None)
