"""Rows of a staff list assembled to members and delegations, with the checks that span rows."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from contracts.casework.directory import Appointment, LeavingReason
from contracts.personal import Personal
from contracts.roles import Role
from services.casework.directory.rules import usable_account
from services.casework.directory.staff_list import rules
from services.casework.directory.staff_list.layout import DELEGATIONS, POSTS, STAFF
from services.casework.workbooks.importing.results import Subjects
from services.casework.workbooks.rows import ReadForm, Row, check_unique
from services.casework.workbooks.values import PlaceName
from services.chassis.ground.refusals import Refused

_BETWEEN = re.compile(r"[、,，;；\s]+")
MOST_ACCOUNTS, LONGEST_TITLE = 5, 60

DivisionsNamed = Callable[[Set[str]], Mapping[str, Sequence[str]]]
"""Names of divisions → the codes that each has in the caller's area."""


@dataclass(frozen=True, slots=True)
class PostLine:
    """A row of the posts sheet."""

    row: int
    role: Role
    title: str
    division: str
    appointment: Appointment
    since: date
    term_ends: date | None
    left_on: date | None
    left_because: LeavingReason | None


@dataclass(frozen=True, slots=True)
class StaffDraft:
    """A member: a row of the staff sheet with those of their posts. ``number``: the staff number."""

    row: int
    number: str
    name: Personal[str]
    since: date
    accounts: tuple[str, ...]
    posts: tuple[PostLine, ...]


@dataclass(frozen=True, slots=True)
class DelegationDraft:
    """A row of the delegations sheet. ``members``: of the same file, by staff number, as far as they have no errors."""

    row: int
    number: str
    title: str
    division: str
    deputy_no: str
    since: date
    until: date
    ordered_by_no: str
    members: Mapping[str, StaffDraft] = field(repr=False)


Draft = StaffDraft | DelegationDraft


def assemble(form: ReadForm, today: date, divisions_named: DivisionsNamed) -> Subjects[Draft]:
    """Members first: a delegation names members, and is recorded after them."""
    staff, posts, delegations = form.rows[STAFF], form.rows[POSTS], form.rows[DELEGATIONS]
    _find_divisions([*posts, *delegations], divisions_named)
    check_unique(staff, "staff_no", _number, rules.STAFF_TWICE)
    accounts = {row.number: _accounts(row) for row in staff}
    _check_accounts(staff, accounts)
    by_number = {number: row for row in staff if (number := _number(row)) is not None}
    posts_of: dict[str, list[Row]] = defaultdict(list)
    for row in posts:
        _check_post(row)
        if (number := _number(row)) is not None:
            posts_of[number].append(row)
            if number not in by_number:
                row.add_error(rules.WITHOUT_MEMBER, "staff_no")
    members = {
        number: _member(row, posts_of[number], accounts[row.number], today)
        for number, row in by_number.items()
        if not any(part.errors for part in (row, *posts_of[number]))
    }
    rows = [*staff, *posts, *delegations]
    return Subjects(
        [*members.values(), *(_delegation(row, members) for row in delegations if not row.errors)],
        errors=[error for row in rows for error in row.errors],
        warnings=[warning for row in rows for warning in row.warnings],
        seen=len(staff) + len(delegations),
        rows_seen=len(rows),
    )


def _number(row: Row) -> str | None:
    return row.get("staff_no", str)


def _find_divisions(rows: Iterable[Row], divisions_named: DivisionsNamed) -> None:
    """The code for the name of a division."""
    named = [(row, place.name) for row in rows if (place := row.get("division", PlaceName)) is not None]
    codes = divisions_named({name for _, name in named}) if named else {}
    for row, name in named:
        found = codes.get(name, ())
        if len(found) == 1:
            row.values["division"] = found[0]
        else:
            row.refuse_cell(rules.DIVISION_NAME_TWICE if found else rules.UNKNOWN_DIVISION_NAME, "division")


def _accounts(row: Row) -> tuple[str, ...]:
    try:
        found = tuple(dict.fromkeys(map(usable_account, filter(None, _BETWEEN.split(row.get("accounts", str) or "")))))
    except Refused as unusable:
        row.refuse_cell(unusable.rule, "accounts")
        return ()
    if len(found) > MOST_ACCOUNTS:
        row.refuse_cell(rules.TOO_MANY_ACCOUNTS, "accounts")
    return found


def _check_accounts(staff: Sequence[Row], accounts: Mapping[int, tuple[str, ...]]) -> None:
    for account in {account for of in accounts.values() for account in of}:
        holders = [row for row in staff if account in accounts[row.number]]
        check_unique(holders, "accounts", partial(_same, account), rules.ACCOUNT_TWICE)


def _same(account: str, _: Row) -> str:
    return account


def _check_post(row: Row) -> None:
    if row.has("left_on") is not row.has("left_because"):
        row.add_error(rules.LEAVING_INCOMPLETE, "left_because" if row.has("left_on") else "left_on")
    if len(row.get("title", str) or "") > LONGEST_TITLE:
        row.refuse_cell(rules.LONG_TITLE, "title")


def _member(row: Row, posts: Iterable[Row], accounts: tuple[str, ...], today: date) -> StaffDraft:
    lines = tuple(map(_post, posts))
    since = row.get("since", date) or min((line.since for line in lines), default=today)
    return StaffDraft(
        row.number, row.require("staff_no", str), Personal(row.require("name", str)), since, accounts, lines
    )


def _post(row: Row) -> PostLine:
    return PostLine(
        row=row.number, role=row.require("role", Role), title=row.require("title", str),
        division=row.require("division", str), appointment=row.require("appointment", Appointment),
        since=row.require("since", date), term_ends=row.get("term_ends", date), left_on=row.get("left_on", date),
        left_because=row.get("left_because", LeavingReason),
    )  # fmt: skip


def _delegation(row: Row, members: Mapping[str, StaffDraft]) -> DelegationDraft:
    return DelegationDraft(
        row=row.number, number=row.require("staff_no", str), title=row.require("title", str),
        division=row.require("division", str), deputy_no=row.require("deputy_no", str), since=row.require("since", date),
        until=row.require("until", date), ordered_by_no=row.require("ordered_by_no", str), members=members,
    )  # fmt: skip
