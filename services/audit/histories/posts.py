"""Who held which post when they entered something: the staff directory, folded in audit's own words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.casework.directory import AccountLinked, AccountUnlinked, PostAssumed, PostLeft, PostsDelegated
from contracts.facts import Recorded
from contracts.roles import Role
from contracts.selection import timeline

STAFF = "staff-"
"""How the streams of the directory begin."""

Staff = Mapping[UUID, Sequence[Recorded]]
"""Member of staff → everything recorded of them."""


@dataclass(frozen=True, slots=True)
class PostThen:
    """``standing_in``: it was another's, who was away."""

    role: Role
    title: str
    division: str
    standing_in: bool


def posts_then(staff: Staff, account: str, day: date, known_before: datetime | None) -> list[PostThen]:
    """The posts under which an account acted on a day, its own first, from the province down."""
    lines = {member: timeline(facts, as_of=day, known_at=known_before) for member, facts in staff.items()}
    acting = {member for member, line in lines.items() if _acts_as(line, account)}
    return [
        *(PostThen(p.role, p.title, p.division, False) for member in sorted(acting) for p in _held(lines[member], day)),
        *(
            PostThen(p.role, p.title, p.division, True)
            for holder in sorted(lines)
            for p in _held(lines[holder], day)
            if p.post_id in set(_delegated(lines[holder], acting, day))
        ),
    ]


def _acts_as(line: Sequence[Recorded], account: str) -> bool:
    """Whether the last that is said of the account is that it is theirs."""
    said = [r.fact for r in line if isinstance(r.fact, AccountLinked | AccountUnlinked) and r.fact.account == account]
    return bool(said) and isinstance(said[-1], AccountLinked)


def _held(line: Sequence[Recorded], day: date) -> list[PostAssumed]:
    held: dict[UUID, PostAssumed] = {}
    for r in line:
        match r.fact:
            case PostAssumed(term_ends=last) as post if last is None or day <= last:
                held[post.post_id] = post
            case PostLeft(post_id=left):
                held.pop(left, None)
    return sorted(held.values(), key=lambda post: (len(post.division), post.division, post.title, post.post_id))


def _delegated(line: Sequence[Recorded], deputies: set[UUID], day: date) -> Iterator[UUID]:
    for r in line:
        if isinstance(r.fact, PostsDelegated) and r.fact.deputy in deputies and day <= r.fact.until:
            yield from r.fact.post_ids
