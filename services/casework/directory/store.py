"""The staff directory in the log: command handlers under the append lock. Questions are in ``queries``."""

from collections.abc import Callable, Sequence
from uuid import UUID

from contracts.casework.directory import (
    AccountLinked,
    PostAssumed,
    PostsDelegated,
    StaffActsAnnulled,
    StaffFact,
    StaffRegistered,
)
from contracts.facts import Recorded
from contracts.roles import Role
from contracts.selection import surviving
from services.casework.directory import domain
from services.casework.directory.domain import stream_of
from services.casework.directory.rules import ACCOUNT_TAKEN, BOOTSTRAPPED, UNKNOWN_DIVISION
from services.casework.directory.state import StaffMember
from services.chassis.ground.refusals import Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

STAFF_ACCOUNT = "staff_account"
"""Kind of the claim of an account. An account is no personal data: its digest is itself, under no key."""
UNKEYED = 0

OPERATORS = """
SELECT DISTINCT originator_id FROM log
WHERE originator_id >= 'staff-' AND originator_id < 'staff.' AND topic LIKE %s AND position(%s IN state) > 0
"""
"""Streams in which somebody assumed an operator's post: few."""

DivisionExists = Callable[[Tx, str], bool]
"""Whether a division is declared; whoever mounts the directory knows."""


def account_claim(account: str) -> Claim:
    """The claim by which an account is one person's."""
    return STAFF_ACCOUNT, UNKEYED, account.encode()


def accounts_of(tx: Tx, account: str) -> frozenset[str]:
    """Every account, former ones too, of the person whose this one is; itself alone where it is nobody's. In the log that
    holds the directory."""
    kind, number, digest = account_claim(account)
    staff_id = tx.holders(kind, [(number, digest)]).get((number, digest))
    known = tx.load(stream_of(staff_id)) if staff_id is not None else ()
    return frozenset({account, *(r.fact.account for r in surviving(known) if isinstance(r.fact, AccountLinked))})


class DirectoryCommands:
    """Handlers of the directory's commands. ``root``: path under which members are read."""

    def __init__(self, root: str, division_exists: DivisionExists) -> None:
        self._root, self._division_exists = root, division_exists

    def register(
        self, actor: Actor, registered: StaffRegistered, accounts: Sequence[AccountLinked]
    ) -> Callable[[Tx], Reply]:
        """A new member, with accounts. By a county's operator or one above it."""

        def work(tx: Tx) -> Reply:
            domain.require_directory_keeper(actor.division)
            domain.require_other_hands(actor.subject, accounts=(link.account for link in accounts))
            return self._append(tx, registered.staff_id, (registered, *accounts))

        return work

    def record(self, actor: Actor, fact: StaffFact) -> Callable[[Tx], Reply]:
        """A fact about a member on the directory, by another person, from the level above the posts it concerns."""

        def work(tx: Tx) -> Reply:
            member = self._member(tx, fact.staff_id)
            domain.require_directory_keeper(actor.division)
            domain.require_entered_from_above(actor.division, domain.divisions_concerned(member, fact, tx.today))
            self._require_other_hands(tx, actor, member, fact)
            if isinstance(fact, PostsDelegated):
                self._member(tx, fact.ordered_by)
            # Provinces and cities stand above what an installation need declare.
            if isinstance(fact, PostAssumed) and len(fact.division) >= domain.COUNTY:
                self._require_declared(tx, fact.division)
            return self._append(tx, fact.staff_id, domain.record(member, fact))

        return work

    def annul(self, actor: Actor, correction: StaffActsAnnulled) -> Callable[[Tx], Reply]:
        """Annuls acts, or restores what annulled acts recorded."""

        def work(tx: Tx) -> Reply:
            known = tx.load(domain.stream_of(correction.staff_id))
            member = domain.current(known)
            domain.require_directory_keeper(actor.division)
            divisions = domain.divisions_touched(known, correction, tx.today)
            domain.require_entered_from_above(actor.division, divisions)
            self._require_other_hands(tx, actor, member, *domain.touched(known, correction))
            return self._append(tx, correction.staff_id, domain.annul(known, correction))

        return work

    def bootstrap(
        self, registered: StaffRegistered, account: AccountLinked, post: PostAssumed
    ) -> Callable[[Tx], Reply]:
        """An installation's first operator, entered by whoever has the machine; while there is one of the province,
        they enter everybody else. Reads the log itself: nothing need keep the view at that moment."""

        def work(tx: Tx) -> Reply:
            for (stream,) in tx.cur.execute(OPERATORS, (PostAssumed.type_name + "/%", b'"role":"operator"')).fetchall():
                posts = domain.current(tx.load(stream)).posts_held(tx.today)
                if any(post.role is Role.OPERATOR and len(post.division) == domain.PROVINCE for post in posts):
                    raise Refused(BOOTSTRAPPED)
            return self._append(tx, registered.staff_id, (registered, account, post))

        return work

    def _member(self, tx: Tx, staff_id: UUID) -> StaffMember:
        return domain.current(tx.load(domain.stream_of(staff_id)))

    def _require_other_hands(self, tx: Tx, actor: Actor, member: StaffMember, *facts: StaffFact) -> None:
        """Neither the member's own hands, nor those of whoever these facts make a deputy, or give an account."""
        deputies = [self._member(tx, fact.deputy) for fact in facts if isinstance(fact, PostsDelegated)]
        accounts = [fact.account for fact in facts if isinstance(fact, AccountLinked)]
        domain.require_other_hands(actor.subject, member, *deputies, accounts=accounts)

    def _require_declared(self, tx: Tx, division: str) -> None:
        if not self._division_exists(tx, division):
            raise Refused(UNKNOWN_DIVISION, division=division)

    def _append(self, tx: Tx, staff_id: UUID, facts: Sequence[StaffFact]) -> Reply:
        """Append, and let accounts follow what stands afterwards."""
        stream = domain.stream_of(staff_id)
        before = _acts_with_accounts(tx.load(stream))
        for fact in facts:
            if isinstance(fact, AccountLinked):
                kind, number, account = account_claim(fact.account)
                if any(holder != staff_id for holder in tx.holders(kind, [(number, account)]).values()):
                    raise Refused(ACCOUNT_TAKEN)
                tx.claim(kind, [(number, account)], staff_id)
        tx.append(stream, *facts)
        if any(fact.annuls for fact in facts):
            after = _acts_with_accounts(tx.load(stream))
            tx.suspend_claims(before - after)
            if tx.restore_claims(after - before):
                raise Refused(ACCOUNT_TAKEN)
        return Reply(location=f"{self._root}/{staff_id}")


def _acts_with_accounts(known: Sequence[Recorded]) -> frozenset[UUID]:
    return frozenset(r.command_id for r in surviving(known) if isinstance(r.fact, AccountLinked))
