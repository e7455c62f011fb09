"""Answers of the staff directory. Names are masked."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from contracts.casework.directory import Appointment, LeavingReason
from contracts.civil import civil_day
from contracts.facts import Recorded
from contracts.personal import MASK, Personal
from contracts.roles import Role
from services.casework.directory.queries import Directory, Holding, MemberOnDay, PostHeld
from services.casework.directory.state import Post


def masked_name(name: Personal[str] | None) -> str:
    """A name that nobody recorded yet on that day is masked as well."""
    return MASK if name is None else name.masked


class PostThenAnswer(BaseModel):
    """A post that an account held on the day it entered something. ``standing_in``: it was another's, for whom it stood
    in."""

    name: str
    title: str
    division: str
    standing_in: bool

    @classmethod
    def of(cls, holding: Holding) -> Self:
        post = holding.post
        return cls(name=MASK, title=post.title, division=post.division, standing_in=holding.standing_in)


class PostAnswer(BaseModel):
    """``term_ends``: last day of the term; ``left_on``: first day without the post."""

    post_id: UUID
    staff_id: UUID
    role: Role
    title: str
    division: str
    appointment: Appointment
    since: date
    term_ends: date | None
    left_on: date | None
    left_because: LeavingReason | None

    @classmethod
    def of(cls, post: Post) -> Self:
        return cls.model_validate(post, from_attributes=True)


class PostHeldAnswer(BaseModel):
    """``absent_until``: last day of an absence that covers the day; ``deputies``: who stands in on it."""

    name: str
    post: PostAnswer
    absent_until: date | None
    deputies: list[UUID]

    @classmethod
    def of(cls, held: PostHeld) -> Self:
        return cls(
            name=masked_name(held.holder.name), post=PostAnswer.of(held.post), absent_until=held.absent_until,
            deputies=list(held.deputies),
        )  # fmt: skip


class StaffAnswer(BaseModel):
    """A member on ``as_of``, as known at ``known_at``. ``standing_in``: posts of others."""

    staff_id: UUID
    as_of: date
    known_at: datetime
    name: str
    staff_no: str | None
    accounts: list[str]
    posts: list[PostAnswer]
    standing_in: list[PostAnswer]
    absent_until: date | None

    @classmethod
    def of(cls, staff_id: UUID, found: MemberOnDay, as_of: date, known_at: datetime) -> Self:
        return cls(
            staff_id=staff_id, as_of=as_of, known_at=known_at, name=masked_name(found.member.name),
            staff_no=found.member.number, accounts=list(found.accounts),
            posts=[PostAnswer.of(h.post) for h in found.holdings if not h.standing_in],
            standing_in=[PostAnswer.of(h.post) for h in found.holdings if h.standing_in],
            absent_until=found.absent_until,
        )  # fmt: skip


class StaffFactAnswer(BaseModel):
    """A fact and its act, for corrections. ``annulled_by``: id of the fact that makes it void."""

    id: str
    type: str
    act: UUID
    annulled_by: str | None
    effective_on: date
    recorded_at: datetime
    entered_by: str
    entered_by_posts: list[PostThenAnswer]


class AccountOwnerAnswer(BaseModel):
    account: str
    staff_id: UUID


class ComparisonAnswer(BaseModel):
    """The caller's token beside the directory. ``uncovered``: roles of the token for whose area no post is held today;
    ``unclaimed``: posts held today that the token does not carry."""

    account: str
    roles: list[Role]
    division: str
    known: bool
    uncovered: list[Role]
    unclaimed: list[PostAnswer]


def posts_then(directory: Directory, facts: Iterable[Recorded]) -> dict[str, list[PostThenAnswer]]:
    """Id of each fact → the posts that whoever entered it held on the day it was recorded."""
    asked = {r.id: (r.fact.entered_by, civil_day(r.recorded_at)) for r in facts}
    held = directory.holdings(asked.values())
    return {fact_id: [PostThenAnswer.of(h) for h in held.get(pair, ())] for fact_id, pair in asked.items()}
