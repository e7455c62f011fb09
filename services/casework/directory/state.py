"""What a member of staff's facts come to. Pure; a fact that rests on nothing is kept apart, and changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from contracts.casework.directory import (
    AccountLinked,
    AccountUnlinked,
    Appointment,
    LeavingReason,
    PostAssumed,
    PostLeft,
    PostRecertified,
    PostsDelegated,
    StaffAbsent,
    StaffNumberAssigned,
    StaffRegistered,
)
from contracts.facts import Fact, Recorded
from contracts.personal import Personal
from contracts.roles import Role


@dataclass(frozen=True, slots=True)
class Post:
    """``term_ends`` is the last day of the term, ``left_on`` the first day without the post."""

    staff_id: UUID
    post_id: UUID
    role: Role
    title: str
    division: str
    appointment: Appointment
    since: date
    term_ends: date | None = None
    left_on: date | None = None
    left_because: LeavingReason | None = None

    def held_on(self, day: date) -> bool:
        return self.since <= day and not self.is_over_on(day)

    def is_over_on(self, day: date) -> bool:
        """Whether it was held before that day and is no longer, or never was."""
        return (self.term_ends is not None and self.term_ends < day) or (
            self.left_on is not None and self.left_on <= day
        )


@dataclass(frozen=True, slots=True)
class Link:
    """An account's time with its person; ``until`` is the first day without it."""

    account: str
    since: date
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Delegation:
    """Both days included."""

    delegation_id: UUID
    post_ids: tuple[UUID, ...]
    deputy: UUID
    since: date
    until: date

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.until


@dataclass
class StaffMember:
    """``unfounded``: ids of facts that name what does not stand: a post never assumed, an account never linked."""

    name: Personal[str] | None = None
    number: str | None = None
    links: list[Link] = field(default_factory=list)
    posts: dict[UUID, Post] = field(default_factory=dict)
    absences: list[tuple[date, date]] = field(default_factory=list)
    delegations: list[Delegation] = field(default_factory=list)
    unfounded: list[str] = field(default_factory=list)

    @property
    def accounts(self) -> frozenset[str]:
        """Every account the person ever had."""
        return frozenset(link.account for link in self.links)

    def posts_held(self, day: date) -> list[Post]:
        """From the province down."""
        held = (post for post in self.posts.values() if post.held_on(day))
        return sorted(held, key=lambda post: (len(post.division), post.division, post.title, post.post_id))

    def posts_delegated(self, deputy: UUID, day: date) -> list[Post]:
        """The posts for which ``deputy`` stands in on that day."""
        named = {p for d in self.delegations if d.deputy == deputy and d.holds_on(day) for p in d.post_ids}
        return [post for post in self.posts_held(day) if post.post_id in named]

    def absent_until(self, day: date) -> date | None:
        """Last day of the absence of that day."""
        return max((last for first, last in self.absences if first <= day <= last), default=None)


def fold(timeline: Iterable[Recorded]) -> StaffMember:
    """The member after these facts, which ``contracts.selection.timeline`` chose and ordered."""
    member = StaffMember()
    for recorded in timeline:
        if not evolve(member, recorded.fact):
            member.unfounded.append(recorded.id)
    return member


def evolve(member: StaffMember, told: Fact) -> bool:
    """The member with this fact. Whether it had what it rests on."""
    match told:
        case StaffRegistered() as fact:
            member.name = fact.name
        case StaffNumberAssigned() as fact:
            member.number = fact.staff_no
        case AccountLinked() as fact:
            if not any(link.account == fact.account and link.until is None for link in member.links):
                member.links.append(Link(fact.account, fact.effective_on))
        case AccountUnlinked() as fact:
            return _unlink(member, fact)
        case PostAssumed() as fact:
            member.posts[fact.post_id] = Post(
                fact.staff_id, fact.post_id, fact.role, fact.title, fact.division, fact.appointment,
                fact.effective_on, fact.term_ends,
            )  # fmt: skip
        case PostLeft() as fact:
            return _leave(member, fact)
        case PostRecertified() as fact:
            return fact.post_id in member.posts
        case StaffAbsent() as fact:
            member.absences.append((fact.effective_on, fact.until))
        case PostsDelegated() as fact:
            member.delegations.append(
                Delegation(fact.delegation_id, fact.post_ids, fact.deputy, fact.effective_on, fact.until)
            )
            return all(post_id in member.posts for post_id in fact.post_ids)
    return True


def _unlink(member: StaffMember, fact: AccountUnlinked) -> bool:
    for number, link in enumerate(member.links):
        if link.account == fact.account and link.until is None:
            member.links[number] = replace(link, until=fact.effective_on)
            return True
    return False


def _leave(member: StaffMember, fact: PostLeft) -> bool:
    post = member.posts.get(fact.post_id)
    if post is None or post.left_on is not None:
        return False
    member.posts[fact.post_id] = replace(post, left_on=fact.effective_on, left_because=fact.reason)
    return True
