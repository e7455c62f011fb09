"""Members of staff as Hypothesis draws them, put on a real directory: posts of every level, several accounts a person, and
deputies who stand in for one another."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from hypothesis import strategies as st

from contracts.casework.directory import AccountLinked, Appointment, PostAssumed, PostsDelegated, StaffRegistered
from contracts.personal import Personal
from contracts.registry.divisions import DIGITS, Level
from contracts.roles import Role
from services.casework.directory.domain import current, stream_of
from services.casework.directory.store import DirectoryCommands
from services.casework.procedures.competent_office import CompetentOffice
from services.chassis.log.command_record import Reply
from services.chassis.log.store import Store
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

OFFICES = tuple(
    CompetentOffice(level=level, role=role)
    for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)
    for role in (Role.CADRE, Role.REVIEWER, Role.DECIDER)
)
SINCE, UNTIL = date(2014, 1, 1), date(2099, 12, 31)
NAMESPACE = UUID("5b0a8f0e-2d8c-4e3e-9c58-0f1c7f4a8b02")


@dataclass(frozen=True)
class DrawnStaff:
    """``holders``: of each of ``OFFICES``, by number of the person; ``accounts``: how many each person has; ``deputies``: who
    stands in for each, themselves where nobody does."""

    holders: tuple[int, ...]
    accounts: tuple[int, ...]
    deputies: tuple[int, ...]


def drawn_staff(persons: int = 5) -> st.SearchStrategy[DrawnStaff]:
    numbers = st.integers(0, persons - 1)
    return st.builds(
        DrawnStaff,
        holders=st.tuples(*[numbers] * len(OFFICES)),
        accounts=st.tuples(*[st.integers(1, 2)] * persons),
        deputies=st.tuples(*[numbers] * persons),
    )


class Staff:
    """The members of one installation, on the directory of this store's log."""

    def __init__(self, store: Store, name: str, village: str, drawn: DrawnStaff) -> None:
        self._store, self._drawn, self.village = store, drawn, village
        self.ids = [uuid5(NAMESPACE, f"{name} {number}") for number in range(len(drawn.accounts))]
        self._accounts = [[f"{name}-{n}-{a}" for a in range(many)] for n, many in enumerate(drawn.accounts)]
        commands = DirectoryCommands("/staff", lambda *_: True)
        keeper = Actor(f"{name}-keeper", frozenset({Role.OPERATOR}), village[:2])
        entered: dict[str, Any] = {"effective_on": SINCE, "entered_by": keeper.subject}
        for staff_id, accounts in zip(self.ids, self._accounts, strict=True):
            registered = StaffRegistered(**entered, staff_id=staff_id, name=Personal.sealed("A256GCM.1.AAAA"))
            links = [AccountLinked(**entered, staff_id=staff_id, account=account) for account in accounts]
            self._enter(commands.register(keeper, registered, links))
        for office, holder in zip(OFFICES, drawn.holders, strict=True):
            post = PostAssumed(
                **entered, staff_id=self.ids[holder], post_id=self._post(office), role=office.role, title="post",
                division=village[: DIGITS[office.level]], appointment=Appointment.CONCURRENT,
            )  # fmt: skip
            self._enter(commands.record(keeper, post))
        for number, deputy in enumerate(drawn.deputies):
            posts = tuple(self._post(o) for o, holder in zip(OFFICES, drawn.holders, strict=True) if holder == number)
            if posts and deputy != number:
                delegated = PostsDelegated(
                    **entered, staff_id=self.ids[number], delegation_id=uuid5(self.ids[number], "delegation"),
                    post_ids=posts, deputy=self.ids[deputy], until=UNTIL, ordered_by=self.ids[number],
                )  # fmt: skip
                self._enter(commands.record(keeper, delegated))

    def able(self, office: CompetentOffice, day: date) -> list[Actor]:
        """Everybody who may act for this office on that day, under each of their accounts: holders and deputies."""
        members = [current(self._store.stream(stream_of(staff_id))) for staff_id in self.ids]
        division = self.village[: DIGITS[office.level]]
        found = []
        for staff_id, accounts in zip(self.ids, self._accounts, strict=True):
            own = members[self.ids.index(staff_id)].posts_held(day)
            posts = [*own, *(post for member in members for post in member.posts_delegated(staff_id, day))]
            if any((post.role, post.division) == (office.role, division) for post in posts):
                found += [Actor(account, frozenset({office.role}), division) for account in accounts]
        return found

    def account(self, number: int) -> str:
        return self._accounts[number][0]

    def person(self, account: str) -> object:
        """Whose account this is: the same answer for two of one person, itself for an account of nobody here."""
        return next((n for n, accounts in enumerate(self._accounts) if account in accounts), account)

    def _post(self, office: CompetentOffice) -> UUID:
        return uuid5(self.ids[0], f"{office.level} {office.role}")

    def _enter(self, handler: Callable[[Tx], Reply]) -> None:
        self._store.transact(handler)
