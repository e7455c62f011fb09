"""Decides members and delegations of a staff list by the directory's own rules: on a snapshot, and again under the lock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from contracts.casework.directory import (
    AccountLinked,
    PostAssumed,
    PostLeft,
    PostsDelegated,
    StaffFact,
    StaffNumberAssigned,
    StaffRegistered,
)
from contracts.selection import timeline
from services.casework.directory.domain import stream_of
from services.casework.directory.rules import DELEGATES_NO_POST
from services.casework.directory.staff_list import rules
from services.casework.directory.staff_list.drafts import DelegationDraft, PostLine, StaffDraft
from services.casework.directory.staff_list.layout import DELEGATIONS, POSTS, STAFF
from services.casework.directory.state import Post, StaffMember, evolve, fold
from services.casework.directory.store import DirectoryCommands, holder_of, number_claim
from services.casework.workbooks.importing.matter import Batch
from services.casework.workbooks.importing.results import SubjectOutcome
from services.casework.workbooks.row_errors import RowError
from services.chassis.ground.refusals import NOT_FOUND, Refused, Rule
from services.chassis.log.unit import Tx

STAFF_MEMBER, DELEGATION = "staff", "delegation"
"""What subjects of a batch are, in the ids derived from it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A member as the log has them."""

    staff_id: UUID
    member: StaffMember


@dataclass(frozen=True, slots=True)
class Decided:
    """What a draft comes to. ``others``: members whose streams were read besides."""

    staff_id: UUID
    facts: Sequence[StaffFact]
    errors: Sequence[RowError]
    outcome: SubjectOutcome
    others: Sequence[UUID] = ()


def member_of(tx: Tx, number: str) -> Known | None:
    """Who has this staff number."""
    staff_id = holder_of(tx, number_claim(number))
    if staff_id is None:
        return None
    return Known(staff_id, fold(timeline(tx.load(stream_of(staff_id)))))


def decide_member(tx: Tx, commands: DirectoryCommands, draft: StaffDraft, batch: Batch) -> Decided:
    """All that the rows say of a member and the directory does not have yet, or every rule that refuses a row."""
    known = member_of(tx, draft.number)
    staff_id = batch.key(STAFF_MEMBER, draft.number) if known is None else known.staff_id
    member = StaffMember() if known is None else known.member
    facts, errors = list[StaffFact](), list[RowError]()
    for told, sheet, row, column in _told(draft, staff_id, member if known else None, batch):
        if isinstance(told, Rule):
            errors.append(RowError.of(told, sheet, row, column))
            continue
        try:
            accepted = commands.accepted(tx, batch.actor, member, told)
        except Refused as refused:
            error = _row_error(refused, sheet, row, column)
            if all(
                (e.sheet, e.row, e.code) != (sheet, row, error.code) for e in errors
            ):  # once for all that a row tells
                errors.append(error)
            continue
        facts += accepted
        for fact in accepted:
            evolve(member, fact)
    outcome = SubjectOutcome.UNCHANGED if not facts else SubjectOutcome.UPDATED if known else SubjectOutcome.RECORDED
    return Decided(staff_id, facts, errors, SubjectOutcome.REFUSED if errors else outcome)


def decide_delegation(
    tx: Tx, commands: DirectoryCommands, draft: DelegationDraft, batch: Batch, *, ahead: bool
) -> Decided:
    """``ahead``: members of the same file count as recorded."""
    found = {
        n: _member(tx, commands, n, draft, batch, ahead) for n in (draft.number, draft.deputy_no, draft.ordered_by_no)
    }
    missing = [
        RowError.of(rules.UNKNOWN_NUMBER, DELEGATIONS, draft.row, column)
        for column, number in (
            ("staff_no", draft.number), ("deputy_no", draft.deputy_no), ("ordered_by_no", draft.ordered_by_no),
        )
        if found[number] is None
    ]  # fmt: skip
    members = {number: known for number, known in found.items() if known is not None}
    if missing:
        return Decided(UUID(int=0), (), missing, SubjectOutcome.REFUSED)
    holder, deputy, orderer = (members[n] for n in (draft.number, draft.deputy_no, draft.ordered_by_no))
    named = (draft.title, draft.division)
    held = [p for p in holder.member.posts_held(draft.since) if (p.title, p.division) == named]
    posts = tuple(post.post_id for post in held)
    others = (deputy.staff_id, orderer.staff_id)
    same = (posts, deputy.staff_id, draft.since, draft.until)
    if any((d.post_ids, d.deputy, d.since, d.until) == same for d in holder.member.delegations):
        return Decided(holder.staff_id, (), (), SubjectOutcome.UNCHANGED, others)
    fact = PostsDelegated(
        staff_id=holder.staff_id, delegation_id=uuid5(batch.key(DELEGATION, str(draft.row)), "id"), post_ids=posts,
        deputy=deputy.staff_id, until=draft.until, ordered_by=orderer.staff_id, **_common(batch, draft.since),
    )  # fmt: skip
    try:
        if not posts:
            raise Refused(DELEGATES_NO_POST)
        expected = {known.staff_id: known.member for known in members.values()}
        facts = commands.accepted(tx, batch.actor, holder.member, fact, expected)
    except Refused as refused:
        error = _row_error(refused, DELEGATIONS, draft.row, "")
        return Decided(holder.staff_id, (), (error,), SubjectOutcome.REFUSED, others)
    return Decided(holder.staff_id, facts, (), SubjectOutcome.RECORDED, others)


def _member(
    tx: Tx, commands: DirectoryCommands, number: str, draft: DelegationDraft, batch: Batch, ahead: bool
) -> Known | None:
    known, drafted = member_of(tx, number), draft.members.get(number)
    if not ahead or drafted is None:
        return known
    decided, member = decide_member(tx, commands, drafted, batch), known.member if known else StaffMember()
    if decided.errors:
        return known
    for fact in decided.facts:
        evolve(member, fact)
    return Known(decided.staff_id, member)


Told = tuple[StaffFact | Rule, str, int, str]
"""A fact that a row tells, or the rule it breaks; its sheet, row and column."""


def _told(draft: StaffDraft, staff_id: UUID, member: StaffMember | None, batch: Batch) -> Iterable[Told]:
    common = {"staff_id": staff_id, **_common(batch, draft.since)}
    if member is None:
        yield StaffRegistered(name=draft.name, **common), STAFF, draft.row, "staff_no"
        yield StaffNumberAssigned(staff_no=draft.number, **common), STAFF, draft.row, "staff_no"
    linked = {link.account for link in member.links if link.until is None} if member else set()
    for account in draft.accounts:
        if account not in linked:
            yield AccountLinked(account=account, **common), STAFF, draft.row, "accounts"
    for line in draft.posts:
        yield from _post(line, staff_id, member, batch, draft)


def _post(
    line: PostLine, staff_id: UUID, member: StaffMember | None, batch: Batch, draft: StaffDraft
) -> Iterable[Told]:
    place = POSTS, line.row
    same = next((p for p in member.posts.values() if _is(p, line)), None) if member else None
    if same is not None and _differs(same, line):
        yield rules.POST_DIFFERS, *place, "title"
        return
    post_id = uuid5(batch.key(STAFF_MEMBER, draft.number), f"post {line.row}") if same is None else same.post_id
    if same is None:
        assumed = PostAssumed(
            staff_id=staff_id, post_id=post_id, role=line.role, title=line.title, division=line.division,
            appointment=line.appointment, term_ends=line.term_ends, **_common(batch, line.since),
        )  # fmt: skip
        yield assumed, *place, "division"
    if line.left_on is not None and line.left_because is not None and (same is None or same.left_on is None):
        left = PostLeft(staff_id=staff_id, post_id=post_id, reason=line.left_because, **_common(batch, line.left_on))
        yield left, *place, "left_on"


def _is(post: Post, line: PostLine) -> bool:
    named = (line.role, line.title, line.division, line.since)
    return (post.role, post.title, post.division, post.since) == named


def _differs(post: Post, line: PostLine) -> bool:
    """A blank says nothing."""
    return (
        post.appointment is not line.appointment
        or (line.term_ends is not None and post.term_ends != line.term_ends)
        or (line.left_on is not None and post.left_on is not None and post.left_on != line.left_on)
    )


def _common(batch: Batch, day: Any) -> Mapping[str, Any]:
    return {"effective_on": day, "entered_by": batch.upload.by, "evidence": (batch.upload.evidence,)}


def _row_error(refused: Refused, sheet: str, row: int, column: str) -> RowError:
    """What lies outside the area is "not found" elsewhere; of a row it can be said."""
    return RowError.of(rules.OUTSIDE_AREA if refused.rule is NOT_FOUND else refused.rule, sheet, row, column)
