"""Decisions of the staff directory: whether a fact may be recorded, by whom, and what annulling an act records."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import msgspec

from contracts.casework.directory import AccountLinked, PostAssumed, StaffActsAnnulled, StaffFact
from contracts.facts import Recorded
from contracts.selection import surviving, timeline
from services.casework.directory.rules import CHECKS, LEVEL_ABOVE, OWN_RECORD, RESTED_ON, UNKNOWN_STAFF_ACT
from services.casework.directory.state import StaffMember, fold
from services.chassis.ground.refusals import NOT_FOUND, Refused

PROVINCE, COUNTY = 2, 6
"""Digits of the area from which posts are entered: the county's for villages and townships, else the province's."""


def stream_of(staff_id: UUID | str) -> str:
    return f"staff-{staff_id}"


def current(known: Sequence[Recorded]) -> StaffMember:
    """The member as all facts have it, future days included. Raises ``NOT_FOUND`` where there is none."""
    if not known:
        raise Refused(NOT_FOUND)
    return fold(timeline(known))


def record(member: StaffMember, fact: StaffFact) -> list[StaffFact]:
    """The fact, if its rules hold. Linking an account that is linked already changes nothing."""
    for check in CHECKS.get(type(fact), ()):
        check(member, fact)
    if isinstance(fact, AccountLinked) and any(
        link.account == fact.account and link.until is None and link.since <= fact.effective_on for link in member.links
    ):
        return []
    return [fact]


def annul(known: Sequence[Recorded], correction: StaffActsAnnulled) -> list[StaffActsAnnulled]:
    """Makes everything void that these acts recorded. Raises ``Refused`` where something that stands rests on it."""
    standing = surviving(known)
    if missing := set(correction.acts) - {r.command_id for r in standing}:
        raise Refused(UNKNOWN_STAFF_ACT, act=str(min(missing)))
    void = tuple(r.id for r in standing if r.command_id in correction.acts)
    left = _without(known, void)
    member = fold(left)
    if member.unfounded or (member.name is None and (member.links or member.posts)):
        raise Refused(RESTED_ON)
    return [msgspec.structs.replace(correction, annuls=void)]


def _without(known: Sequence[Recorded], void: Iterable[str]) -> list[Recorded]:
    """The timeline once these facts are void; voiding an annulment restores."""
    void = set(void)
    return timeline([r for r in known if r.id not in void])


def divisions_concerned(member: StaffMember, fact: StaffFact, today: date) -> set[str]:
    """Where the posts lie that a fact concerns: the one assumed, those named, or all that are in force."""
    if isinstance(fact, PostAssumed):
        return {fact.division}
    named = {getattr(fact, "post_id", None), *getattr(fact, "post_ids", ())}
    return {p.division for p in member.posts.values() if p.post_id in named} or divisions_in_force(member, today)


def touched(known: Sequence[Recorded], correction: StaffActsAnnulled) -> list[StaffFact]:
    """What these acts recorded, or restored: annulling them is no less than entering it."""
    facts = {r.id: r.fact for r in known}
    acts = [r.fact for r in surviving(known) if r.command_id in correction.acts]
    void = [facts[fact_id] for fact in acts for fact_id in fact.annuls if fact_id in facts]
    return [fact for fact in (*acts, *void) if isinstance(fact, StaffFact) and not isinstance(fact, StaffActsAnnulled)]


def divisions_touched(known: Sequence[Recorded], correction: StaffActsAnnulled, today: date) -> set[str]:
    """Where the posts lie that annulling (or restoring) these acts changes, void posts among them; where no post is named,
    those in force."""
    member = current(known)
    posts = fold(sorted(known, key=lambda r: (r.fact.effective_on, r.fact.rank, r.position))).posts
    everything = replace(member, posts={**posts, **member.posts})
    concerned = [divisions_concerned(everything, fact, today) for fact in touched(known, correction)]
    return set().union(*concerned) if concerned else divisions_in_force(member, today)


def divisions_in_force(member: StaffMember, day: date) -> set[str]:
    """Where posts lie that are held on that day, or will be."""
    return {post.division for post in member.posts.values() if not post.is_over_on(day)}


def require_entered_from_above(area: str, divisions: Iterable[str]) -> None:
    """Posts of these divisions are entered from this area. Raises ``NOT_FOUND`` outside it, else ``Refused`` (403)."""
    for division in divisions:
        if not division.startswith(area):
            raise Refused(NOT_FOUND)
        if len(area) > (COUNTY if len(division) > COUNTY else PROVINCE):
            raise Refused(LEVEL_ABOVE, division=division)


def require_directory_keeper(area: str) -> None:
    """The directory is kept by counties and upwards."""
    if len(area) > COUNTY:
        raise Refused(LEVEL_ABOVE, division=area)


def require_other_hands(by: str, *members: StaffMember, accounts: Iterable[str] = ()) -> None:
    """Whoever enters this is none of these members and has none of these accounts."""
    if by in {*accounts, *(account for member in members for account in member.accounts)}:
        raise Refused(OWN_RECORD)
