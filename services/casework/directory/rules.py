"""The rules of the staff directory: one named rule per refusal."""

from collections.abc import Callable, Mapping
from typing import Any

from contracts.casework.directory import (
    AccountUnlinked,
    PostAssumed,
    PostLeft,
    PostRecertified,
    PostsDelegated,
    StaffAbsent,
    StaffFact,
)
from services.casework.directory.state import StaffMember
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.actor import account

OWN_RECORD = rule(
    "own_staff_record",
    zh="本人的账号、岗位和代理由他人登记；请另一位系统管理员办理。",
    en="Nobody enters their own accounts, posts or delegations; ask another operator to.",
    source="segregation of duties (不相容岗位分离)",
)
LEVEL_ABOVE = rule(
    "post_needs_level_above",
    zh="岗位由上一级登记：村、乡岗位由县级系统管理员，县级以上岗位由省级系统管理员；请上一级办理。",
    en="Posts are entered from the level above: those of villages and townships by the county's operator, all others by the"
    " province's; ask there.",
    source="cadre management by level (干部分级管理)",
    status=403,
)
ACCOUNT_TAKEN = rule(
    "account_of_another",
    zh="该账号属于名册中的另一人；账号不得转给他人，请为其申请新账号，或先更正误登的账号。",
    en="This account is another person's on the directory; accounts are never handed on: get a new one, or correct the"
    " entry that was wrong.",
    source="Lika access rules",
)
NUMBER_TAKEN = rule(
    "staff_number_of_another",
    zh="该工号属于名册中的另一人；请核对工号，或先更正误登的工号。",
    en="This staff number is another person's on the directory; check it, or correct the entry that was wrong.",
    source="Lika access rules",
)
ACCOUNT_UNUSABLE = rule(
    "account_unusable",
    zh="这不是可用的账号：应为1至128位小写字母、数字或 . _ : @ | / -，且不得用系统保留的名称（如 lika、timer、角色名）。",
    en="This is no account that can be used: 1 to 128 letters, digits or . _ : @ | / -, and none of Lika's own names (lika,"
    " timer, the names of roles).",
    source="Lika access rules",
    status=422,
)
ACCOUNT_NOT_LINKED = rule(
    "account_not_linked",
    zh="在该日期，此人没有使用该账号；请核对账号和日期。",
    en="The person had no such account on that day; check account and day.",
    source="Lika access rules",
)
UNKNOWN_DIVISION = rule(
    "post_in_unknown_division",
    zh="没有这个区划代码；请先登记区划，或核对代码。",
    en="There is no division under this code; declare it first, or check the code.",
    source="GB/T 2260",
)
BOOTSTRAPPED = rule(
    "province_has_an_operator",
    zh="名册中已有在任的省级系统管理员；其他岗位请由其登记。",
    en="An operator of the province is in post already; have them enter everybody else.",
    source="segregation of duties (不相容岗位分离)",
)
TERM_ENDS_EARLY = rule(
    "term_ends_before_it_begins",
    zh="任期届满日早于任职日；请核对两个日期。",
    en="The term ends before the post is assumed; check both days.",
    source="Organic Law of Villagers' Committees, art. 11 (terms)",
)
POST_HELD = rule(
    "post_held_already",
    zh="此人在这段时间已任该岗位；连任的，从上一任期届满次日起登记。",
    en="The person holds this very post at that time already; who is elected again assumes it on the day after the former"
    " term.",
    source="Organic Law of Villagers' Committees, art. 11 (terms)",
)
POST_UNKNOWN = rule(
    "post_not_assumed",
    zh="名册中此人没有这个岗位；请先登记任职。",
    en="The person has no such post on the directory; enter that it was assumed first.",
    source="Lika access rules",
)
LEFT_ALREADY = rule(
    "post_left_already",
    zh="该岗位已登记离任；日期有误的，先更正原登记。",
    en="It is on record already that the post was left; if the day is wrong, correct that entry first.",
    source="Lika design: two times",
)
LEFT_EARLY = rule(
    "post_left_before_it_was_held",
    zh="离任日应晚于任职日；从未到任的，请更正任职登记。",
    en="The first day without the post comes after the first day with it; a post never taken up is corrected instead.",
    source="Lika design: two times",
)
RECERTIFIED_NOT_HELD = rule(
    "recertifies_post_not_held",
    zh="在该日期，此人不任该岗位；已离任的无须确认，请核对日期。",
    en="The person does not hold the post on that day; one that was left needs no confirmation: check the day.",
    source="GB/T 22239-2019, 8.1.4 (review of accounts and rights)",
)
RECERTIFIED_AHEAD = rule(
    "recertified_ahead",
    zh="确认日期不能晚于今天；请在核实之后登记。",
    en="The day of the confirmation lies ahead; enter it once the post was looked at.",
    source="GB/T 22239-2019, 8.1.4 (review of accounts and rights)",
)
ENDS_EARLY = rule(
    "staff_period_ends_before_it_begins",
    zh="结束日早于开始日；请核对两个日期。",
    en="The last day comes before the first; check both.",
    source="Lika design: two times",
)
DEPUTY_IS_HOLDER = rule(
    "deputy_is_the_holder",
    zh="代理人应是另一人。",
    en="Somebody else stands in.",
    source="Lika design: staff directory",
)
DELEGATES_NO_POST = rule(
    "delegates_post_not_held",
    zh="在代理开始日，此人不任其中某个岗位；只能委托在任的岗位。",
    en="On the first day the person does not hold one of these posts; only a post that is held is delegated.",
    source="Lika design: staff directory",
)
UNKNOWN_STAFF_ACT = rule(
    "unknown_staff_act",
    zh="此人没有这一次登记，或其内容均已作废。",
    en="The person has no such act, or everything in it is void already.",
    source="Lika design: two times",
)
RESTED_ON = rule(
    "staff_act_is_rested_on",
    zh="另有登记以此为前提（离任、停用账号、代理，或姓名登记后的岗位）；请一并作废。",
    en="Other entries rest on this one (a leaving, an account's end, a delegation, posts of the person registered); annul"
    " them together.",
    source="Lika design: any order of telling",
)


def usable_account(text: str) -> str:
    """Normalised. Raises ``Refused`` (422)."""
    try:
        return account(text)
    except ValueError:
        raise Refused(ACCOUNT_UNUSABLE) from None


Check = Callable[[StaffMember, Any], None]
"""(the member as all facts have it, the new fact). Raises ``Refused``."""


def term_in_order(_: StaffMember, fact: PostAssumed) -> None:
    if fact.term_ends is not None and fact.term_ends < fact.effective_on:
        raise Refused(TERM_ENDS_EARLY)


def held_once(member: StaffMember, fact: PostAssumed) -> None:
    """An earlier time in the same post may be entered after a later one; that it was left is entered next, where no term
    says so."""
    for post in member.posts.values():
        same = (post.role, post.title, post.division) == (fact.role, fact.title, fact.division)
        reaches = fact.term_ends is not None and fact.effective_on <= post.since <= fact.term_ends
        if same and (reaches or post.held_on(fact.effective_on)):
            raise Refused(POST_HELD, since=post.since.isoformat())


def leaves_what_was_held(member: StaffMember, fact: PostLeft) -> None:
    post = member.posts.get(fact.post_id)
    if post is None:
        raise Refused(POST_UNKNOWN)
    if post.left_on is not None:
        raise Refused(LEFT_ALREADY, left_on=post.left_on.isoformat())
    if fact.effective_on <= post.since:
        raise Refused(LEFT_EARLY, since=post.since.isoformat())


def recertifies_what_is_held(member: StaffMember, fact: PostRecertified) -> None:
    post = member.posts.get(fact.post_id)
    if post is None or not post.held_on(fact.effective_on):
        raise Refused(RECERTIFIED_NOT_HELD)


def account_was_linked(member: StaffMember, fact: AccountUnlinked) -> None:
    if not any(
        link.account == fact.account and link.until is None and link.since < fact.effective_on for link in member.links
    ):
        raise Refused(ACCOUNT_NOT_LINKED)


def ends_in_order(_: StaffMember, fact: StaffAbsent | PostsDelegated) -> None:
    if fact.until < fact.effective_on:
        raise Refused(ENDS_EARLY)


def deputy_is_another(_: StaffMember, fact: PostsDelegated) -> None:
    if fact.deputy == fact.staff_id:
        raise Refused(DEPUTY_IS_HOLDER)


def delegates_what_is_held(member: StaffMember, fact: PostsDelegated) -> None:
    if not all(p in member.posts and member.posts[p].held_on(fact.effective_on) for p in fact.post_ids):
        raise Refused(DELEGATES_NO_POST)


CHECKS: Mapping[type[StaffFact], tuple[Check, ...]] = {
    AccountUnlinked: (account_was_linked,),
    PostAssumed: (term_in_order, held_once),
    PostLeft: (leaves_what_was_held,),
    PostRecertified: (recertifies_what_is_held,),
    StaffAbsent: (ends_in_order,),
    PostsDelegated: (deputy_is_another, ends_in_order, delegates_what_is_held),
}
"""What each kind of fact must fulfil, in order."""
