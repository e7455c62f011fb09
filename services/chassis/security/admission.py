"""Whom of the verified callers an installation serves: those whose area lies in its province and, where the staff
directory is enforced, whose roles and area are covered by posts that they hold today."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Self

import anyio

from contracts.roles import Role
from services.chassis.ground.refusals import Refused, Unavailable, rule
from services.chassis.ground.settings import Settings
from services.chassis.security.actor import Actor

AREA_IN_ANOTHER_PROVINCE = rule(
    "area_in_another_province",
    zh="您的辖区不属于本系统所在的省份；请登录本省的系统，或请管理员更正账号的辖区。",
    en="Your area lies in another province than this installation; sign in to your own, or have your account's area"
    " corrected by its administrator.",
    source="Lika access rules",
    status=403,
)
NO_POST_HELD = rule(
    "no_post_held",
    zh="名册中没有您的账号在任的岗位；请上一级的系统管理员（村、乡岗位由县，县岗位由省）登记岗位或代理。",
    en="The staff directory has no post that your account holds today; ask the operator of the level above (the county's for"
    " village and township posts, the province's for county posts) to enter your post or delegation.",
    source="LIKA_DIRECTORY=enforced",
    status=403,
)
POST_DOES_NOT_COVER = rule(
    "post_does_not_cover",
    zh="访问令牌中的角色或辖区超出您在任的岗位；请上一级的系统管理员登记岗位，或请身份平台管理员更正令牌。",
    en="A role or the area of your token goes beyond the posts you hold today; ask the operator of the level above to enter"
    " the post, or the identity provider's administrator to correct the token.",
    source="LIKA_DIRECTORY=enforced",
    status=403,
)
DIRECTORY_UNREAD = rule(
    "directory_unread",
    zh="本服务尚未读取人员名册，暂不能核对岗位；请联系系统管理员。",
    en="This service has no staff directory to check posts against; tell the operator.",
    source="LIKA_DIRECTORY=enforced",
    status=503,
)

LEVEL_BOUND = frozenset({Role.CADRE, Role.REVIEWER, Role.DECIDER})
"""Roles whose level of office is the length of the area: a narrower area would make a county's reviewer a township's."""

REMEMBERED = 10_000
REMEMBERED_SECONDS = 30.0
"""Whoever leaves a post acts for so much longer at most."""


class HeldPost(NamedTuple):
    """A post as far as it matters here. ``division`` is a code of 2 to 12 digits."""

    role: Role
    division: str


LOOK_AGAIN_SECONDS = 1.0
"""While no division is declared there is nothing to keep from anybody, and nobody shall wait for looking."""

PostsHeld = Callable[[str], Sequence[HeldPost]]
"""The posts that an account holds today or stands in for. Blocking."""


class Admission:
    """One for all services of a process. ``province``: two digits, or yet to be learned; ``enforced``: whether posts are
    asked for. The registry hands in how to look for the province; whoever keeps the directory, or copies of it, offers to
    say who holds which post."""

    def __init__(self, province: str | None = None, *, enforced: bool = False) -> None:
        self.province, self.enforced = province, enforced
        self.find_province: Callable[[], str | None] | None = None
        self.posts_held: PostsHeld | None = None
        self._look_again_at = 0.0
        self._remembered: dict[str, tuple[Sequence[HeldPost], float]] = {}

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.province, enforced=settings.directory == "enforced")

    def offer(self, posts_held: PostsHeld) -> None:
        """The first offer is taken: the registry's where it is among the services of the process, else of its copies."""
        self.posts_held = self.posts_held or posts_held

    async def admit(self, actor: Actor) -> None:
        """Raises ``Refused`` (403), or ``Unavailable`` (503) where posts cannot be asked for."""
        if self.province is None and self.find_province is not None and time.monotonic() >= self._look_again_at:
            self._look_again_at = time.monotonic() + LOOK_AGAIN_SECONDS
            self.province = await anyio.to_thread.run_sync(self.find_province)
        if self.province is not None and actor.division and not actor.division.startswith(self.province):
            raise Refused(AREA_IN_ANOTHER_PROVINCE)
        # A service of Lika is no member of staff.
        if self.enforced and actor.roles != {Role.SERVICE}:
            held = await self._posts_of(actor.subject)
            if not held:
                raise Refused(NO_POST_HELD)
            if uncovered(actor, held):
                raise Refused(POST_DOES_NOT_COVER)

    async def _posts_of(self, account: str) -> Sequence[HeldPost]:
        if self.posts_held is None:
            raise Unavailable(DIRECTORY_UNREAD, retry_after=60)
        held, until = self._remembered.get(account, ((), 0.0))
        if time.monotonic() >= until:
            held = await anyio.to_thread.run_sync(self.posts_held, account)
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[account] = held, time.monotonic() + REMEMBERED_SECONDS
        return held


def uncovered(actor: Actor, held: Iterable[HeldPost]) -> list[Role]:
    """The actor's roles for whose area no post is held, in order."""
    posts = tuple(held)
    return sorted(role for role in actor.roles if not any(_covers(post, role, actor.division) for post in posts))


def _covers(post: HeldPost, role: Role, area: str) -> bool:
    if post.role is not role:
        return False
    if len(post.division) == 2 and not area:
        return True  # everywhere is the province
    return area == post.division if role in LEVEL_BOUND else area.startswith(post.division)
