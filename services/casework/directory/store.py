"""The staff directory in the log: command handlers under the append lock. Questions are in ``queries``."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from contracts.casework.directory import (
    AccountLinked,
    PostAssumed,
    PostRecertified,
    PostsDelegated,
    StaffActsAnnulled,
    StaffFact,
    StaffNumberAssigned,
    StaffRegistered,
)
from contracts.facts import Recorded
from contracts.roles import Role
from contracts.selection import surviving
from services.casework.directory import domain
from services.casework.directory.domain import stream_of
from services.casework.directory.rules import (
    ACCOUNT_TAKEN,
    BOOTSTRAPPED,
    NUMBER_TAKEN,
    RECERTIFIED_AHEAD,
    UNKNOWN_DIVISION,
)
from services.casework.directory.state import StaffMember
from services.chassis.ground.refusals import Refused, Rule
from services.chassis.log.command_record import Reply
from services.chassis.log.needs import Claim
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

STAFF_ACCOUNT, STAFF_NUMBER = "staff_account", "staff_number"
"""Kinds of claims. Neither an account nor a staff number is personal data: its digest is itself, under no key."""
UNKEYED = 0

OPERATORS = """
SELECT DISTINCT originator_id FROM log
WHERE originator_id >= 'staff-' AND originator_id < 'staff.' AND topic LIKE %s AND position(%s IN state) > 0
"""
"""Streams in which somebody assumed an operator's post: few."""

NOBODY: Mapping[UUID, StaffMember] = {}
DivisionExists = Callable[[Tx, str, date], bool]
"""Whether a division is declared and has not ended by a day; whoever mounts the directory knows."""


def account_claim(account: str) -> Claim:
    """The claim by which an account is one person's."""
    return STAFF_ACCOUNT, UNKEYED, account.encode()


def number_claim(staff_no: str) -> Claim:
    """The claim by which a staff number is one person's."""
    return STAFF_NUMBER, UNKEYED, staff_no.encode()


def claim_of(fact: StaffFact) -> tuple[Claim, Rule] | None:
    """What this fact makes one person's, and the rule by which it is refused as another's."""
    match fact:
        case AccountLinked():
            return account_claim(fact.account), ACCOUNT_TAKEN
        case StaffNumberAssigned():
            return number_claim(fact.staff_no), NUMBER_TAKEN
    return None


def holder_of(tx: Tx, claim: Claim) -> UUID | None:
    """Whose it is."""
    kind, number, digest = claim
    return tx.holders(kind, [(number, digest)]).get((number, digest))


def require_unclaimed(tx: Tx, fact: StaffFact) -> None:
    """What the fact names is nobody's, or this member's. Raises ``Refused``."""
    if (claimed := claim_of(fact)) is not None and holder_of(tx, claimed[0]) not in (None, fact.staff_id):
        raise Refused(claimed[1])


def accounts_of(tx: Tx, account: str) -> frozenset[str]:
    """Every account, former ones too, of the person whose this one is; itself alone where it is nobody's. In the log that
    holds the directory."""
    staff_id = holder_of(tx, account_claim(account))
    known = tx.load(stream_of(staff_id)) if staff_id is not None else ()
    return frozenset({account, *(r.fact.account for r in surviving(known) if isinstance(r.fact, AccountLinked))})


Reconcile = Callable[[Tx, Sequence[UUID]], None]
"""Brings what is owed for these posts in line with what the unit recorded."""


def no_duties(_: Tx, posts: Sequence[UUID]) -> None:
    """Where nothing is owed for any post."""


class DirectoryCommands:
    """Handlers of the directory's commands. ``root``: path under which members are read."""

    def __init__(self, root: str, division_exists: DivisionExists, reconcile: Reconcile = no_duties) -> None:
        self._root, self._division_exists, self._reconcile = root, division_exists, reconcile

    def register(
        self,
        actor: Actor,
        registered: StaffRegistered,
        accounts: Sequence[AccountLinked],
        number: StaffNumberAssigned | None = None,
    ) -> Callable[[Tx], Reply]:
        """A new member, with accounts and perhaps a number. By a county's operator or one above it."""
        numbers = () if number is None else (number,)

        def work(tx: Tx) -> Reply:
            domain.require_directory_keeper(actor.division)
            domain.require_other_hands(actor.subject, accounts=(link.account for link in accounts))
            return self.append(tx, registered.staff_id, (registered, *numbers, *accounts))

        return work

    def record(self, actor: Actor, fact: StaffFact) -> Callable[[Tx], Reply]:
        """A fact about a member on the directory, by another person, from the level above the posts it concerns."""

        def work(tx: Tx) -> Reply:
            # Before anything is looked up: whoever keeps no directory is not told who is on it.
            domain.require_directory_keeper(actor.division)
            member = self._member(tx, fact.staff_id)
            return self.append(tx, fact.staff_id, self.accepted(tx, actor, member, fact))

        return work

    def accepted(
        self, tx: Tx, actor: Actor, member: StaffMember, fact: StaffFact, expected: Mapping[UUID, StaffMember] = NOBODY
    ) -> list[StaffFact]:
        """What is recorded where this actor enters the fact about this member. ``expected``: members who will be recorded
        before it. Raises ``Refused``."""
        domain.require_directory_keeper(actor.division)
        domain.require_entered_from_above(actor.division, domain.divisions_concerned(member, fact, tx.today))
        self._require_other_hands(tx, actor, member, fact, expected=expected)
        if isinstance(fact, PostsDelegated) and fact.ordered_by not in expected:
            self._member(tx, fact.ordered_by)
        # Provinces and cities stand above what an installation need declare.
        if isinstance(fact, PostAssumed) and len(fact.division) >= domain.COUNTY:
            self._require_declared(tx, fact.division, fact.effective_on)
        if isinstance(fact, PostRecertified) and fact.effective_on > tx.today:
            raise Refused(RECERTIFIED_AHEAD)
        require_unclaimed(tx, fact)
        return domain.record(member, fact)

    def annul(self, actor: Actor, correction: StaffActsAnnulled) -> Callable[[Tx], Reply]:
        """Annuls acts, or restores what annulled acts recorded."""

        def work(tx: Tx) -> Reply:
            domain.require_directory_keeper(actor.division)
            known = tx.load(domain.stream_of(correction.staff_id))
            member = domain.current(known)
            divisions = domain.divisions_touched(known, correction, tx.today)
            domain.require_entered_from_above(actor.division, divisions)
            self._require_other_hands(tx, actor, member, *domain.touched(known, correction))
            return self.append(tx, correction.staff_id, domain.annul(known, correction))

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
            return self.append(tx, registered.staff_id, (registered, account, post))

        return work

    def _member(self, tx: Tx, staff_id: UUID) -> StaffMember:
        return domain.current(tx.load(domain.stream_of(staff_id)))

    def _require_other_hands(
        self,
        tx: Tx,
        actor: Actor,
        member: StaffMember,
        *facts: StaffFact,
        expected: Mapping[UUID, StaffMember] = NOBODY,
    ) -> None:
        """Neither the member's own hands, nor those of whoever these facts make a deputy, or give an account."""
        named = {fact.deputy for fact in facts if isinstance(fact, PostsDelegated)}
        deputies = [expected.get(deputy) or self._member(tx, deputy) for deputy in named]
        accounts = [fact.account for fact in facts if isinstance(fact, AccountLinked)]
        domain.require_other_hands(actor.subject, member, *deputies, accounts=accounts)

    def _require_declared(self, tx: Tx, division: str, day: date) -> None:
        if not self._division_exists(tx, division, day):
            raise Refused(UNKNOWN_DIVISION, division=division)

    def append(self, tx: Tx, staff_id: UUID, facts: Sequence[StaffFact]) -> Reply:
        """Append, and let accounts and numbers follow what stands afterwards."""
        stream = domain.stream_of(staff_id)
        before = _acts_that_claim(tx.load(stream))
        for fact in facts:
            if (claimed := claim_of(fact)) is not None:
                require_unclaimed(tx, fact)
                kind, number, digest = claimed[0]
                tx.claim(kind, [(number, digest)], staff_id)
        tx.append(stream, *facts)
        if any(fact.annuls for fact in facts):
            after = _acts_that_claim(tx.load(stream))
            tx.suspend_claims(before - after)
            if taken := tx.restore_claims(after - before):
                raise Refused(NUMBER_TAKEN if taken[0][0] == STAFF_NUMBER else ACCOUNT_TAKEN)
        posts = {r.fact.post_id: None for r in tx.load(stream) if isinstance(r.fact, PostAssumed)}
        self._reconcile(tx, list(posts))
        return Reply(location=f"{self._root}/{staff_id}")


def _acts_that_claim(known: Sequence[Recorded]) -> frozenset[UUID]:
    return frozenset(r.command_id for r in surviving(known) if isinstance(r.fact, AccountLinked | StaffNumberAssigned))
