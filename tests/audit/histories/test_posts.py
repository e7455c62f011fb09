"""Audit folds the staff directory in words of its own, and comes to what the directory says."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from contracts.casework.directory import StaffActsAnnulled, StaffFact
from contracts.facts import Recorded
from contracts.personal import Personal
from contracts.roles import Role
from contracts.selection import timeline
from services.audit.histories.posts import PostThen, posts_then
from services.casework.directory.state import fold
from tests.casework.directory.example_staff import (
    CLERK,
    HIRED,
    SECRETARY,
    TOWNSHIP,
    VILLAGE,
    assumed,
    delegated,
    left,
    linked,
    registered,
    unlinked,
)
from tests.support.recorded import FIRST_RECORDED_AT, recorded

DAY = timedelta(days=1)
LATER = datetime(2030, 1, 1, tzinfo=UTC)
DAYS = some.integers(0, 40).map(lambda n: HIRED + n * DAY)


def then(facts: tuple[Recorded, ...], account: str, day: date, known_before: datetime = LATER) -> list[PostThen]:
    staff = {
        s: [r for r in facts if isinstance(r.fact, StaffFact) and r.fact.staff_id == s] for s in (SECRETARY, CLERK)
    }
    return posts_then(staff, account, day, known_before)


def test_a_post_is_told_from_its_day_up_to_the_day_of_leaving() -> None:
    over = HIRED + 9 * DAY
    facts = recorded(registered(), linked("zhang3"), assumed(), left(over))
    held = [PostThen(Role.CADRE, "村支书", VILLAGE, standing_in=False)]
    assert [then(facts, "zhang3", d) for d in (HIRED - DAY, HIRED, over - DAY, over)] == [[], held, held, []]
    assert then(facts, "zhang3", over, FIRST_RECORDED_AT + timedelta(seconds=3)) == held
    assert then(facts, "li4", HIRED) == []


def test_whoever_stands_in_is_told_with_the_others_post() -> None:
    facts = recorded(
        registered(), linked("zhang3"), assumed(), registered(CLERK), linked("li4", staff=CLERK),
        assumed(2, staff=CLERK, title="乡镇扶贫专干", division=TOWNSHIP), delegated(HIRED + DAY, HIRED + 2 * DAY),
    )  # fmt: skip
    own = PostThen(Role.CADRE, "乡镇扶贫专干", TOWNSHIP, standing_in=False)
    for_another = PostThen(Role.CADRE, "村支书", VILLAGE, standing_in=True)
    told = [then(facts, "li4", HIRED + n * DAY) for n in range(4)]
    assert told == [[own], [own, for_another], [own, for_another], [own]]


@some.composite
def stories(draw: some.DrawFn) -> tuple[Recorded, ...]:
    """Facts of two people in any order and on any days, lawful or not, some of them void."""
    who = some.sampled_from([SECRETARY, CLERK])
    account = some.sampled_from(["zhang3", "li4"])
    post = some.integers(1, 4)
    length = some.none() | some.integers(0, 20)
    kinds = some.one_of(
        some.builds(linked, account, DAYS, who),
        some.builds(unlinked, account, DAYS, who),
        some.builds(
            lambda p, on, n, s: assumed(p + (10 if s == CLERK else 0), on, None if n is None else on + n * DAY, staff=s),
            post, DAYS, length, who,
        ),
        some.builds(lambda on, p, s: left(on, p + (10 if s == CLERK else 0), s), DAYS, post, who),
        some.builds(
            lambda on, n, p, s: delegated(
                on, on + n * DAY, p + (10 if s == CLERK else 0), staff=s, deputy=CLERK if s == SECRETARY else SECRETARY
            ),
            DAYS, some.integers(0, 20), post, who,
        ),
    )  # fmt: skip
    told: list[StaffFact] = [registered(), registered(CLERK)]
    seen: set[UUID] = set()
    for fact in draw(some.lists(kinds, max_size=12)):
        post_id = getattr(fact, "post_id", None)
        # A post is assumed once and, as the rules have it, left after that.
        if type(fact).__name__ == "PostAssumed":
            if post_id in seen:
                continue
            seen.add(post_id)  # type: ignore[arg-type]
        told.append(fact)
    facts = list(recorded(*told))
    for void in draw(some.lists(some.sampled_from(facts), max_size=2, unique_by=lambda r: r.id)):
        assert isinstance(void.fact, StaffFact)
        reason: Personal[str] = Personal.sealed("A256GCM.1.AAAA")
        annulment = StaffActsAnnulled(
            effective_on=HIRED, entered_by="operator-1", staff_id=void.fact.staff_id, acts=(void.command_id,),
            reason=reason, annuls=(void.id,),
        )  # fmt: skip
        facts += recorded(annulment, start=len(facts) + 1)
    return tuple(facts)


@given(stories(), some.sampled_from(["zhang3", "li4"]), DAYS, some.integers(0, 20))
def test_audit_and_the_directory_agree(facts: tuple[Recorded, ...], account: str, day: date, known: int) -> None:
    known_before = FIRST_RECORDED_AT + timedelta(seconds=known)
    members = {
        s: fold(
            timeline(
                [r for r in facts if isinstance(r.fact, StaffFact) and r.fact.staff_id == s],
                as_of=day, known_at=known_before,
            )
        )
        for s in (SECRETARY, CLERK)
    }  # fmt: skip
    acting = [s for s, m in members.items() if any(k.account == account and k.holds_on(day) for k in m.links)]
    expected = [
        PostThen(p.role, p.title, p.division, standing_in=False)
        for s in sorted(acting)
        for p in members[s].posts_held(day)
    ]
    for holder in sorted(members):
        covered = {p.post_id for s in acting for p in members[holder].posts_delegated(s, day)}
        expected += [
            PostThen(p.role, p.title, p.division, standing_in=True)
            for p in members[holder].posts_held(day)
            if p.post_id in covered
        ]
    assert then(facts, account, day, known_before) == expected
