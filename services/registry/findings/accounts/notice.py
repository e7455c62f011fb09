"""What is said when an account is entered that another household of the caller's area has. Of what lies outside it nothing is
said: free and taken accounts look alike."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.casework.findings.domain import grounds_of
from services.casework.findings.store import Findings
from services.chassis.ground.messages import Message
from services.chassis.log.command_record import CommandWarning, Reply
from services.chassis.log.snapshot import Connection
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.security.sealing import KeyedDigest, normal
from services.chassis.web.areas import code_range
from services.registry.findings.accounts.domain import ACCOUNT, MOST_NAMED, AccountCheck, CheckedAccount
from services.registry.households.bitemporal import FOREVER, UNTIL_CHANGED

RULE = AccountCheck.ACCOUNT_OF_ANOTHER_HOUSEHOLD
HELD = b"""
SELECT DISTINCT digest, household_id FROM account_digests
WHERE digest = ANY(%s) AND division >= %s AND division < %s AND valid_to = %s AND known_to = %s ORDER BY digest, household_id
"""
Holders = Mapping[str, Collection[UUID]]
"""Account as it is compared → the households of an area that have it now."""


class AccountNotice:
    """A help for whoever enters, no record: what was entered a moment ago may be missing."""

    def __init__(self, findings: Findings[CheckedAccount], digest: KeyedDigest) -> None:
        self._findings, self._digest = findings, digest

    def noticing(
        self, account: str | None, household: UUID, actor: Actor, work: Callable[[Tx], Reply]
    ) -> Callable[[Tx], Reply]:
        """The same work, which says so in its answer."""
        if account is None:
            return work

        def noticed(tx: Tx) -> Reply:
            reply, conn = work(tx), tx.cur.connection
            if self._is_asked(tx, actor.division, tx.today):
                holders = self.holders(conn, [account], actor.division)
                if (why := self.said(conn, account, household, holders, actor.division)) is not None:
                    tx.warnings.append(CommandWarning.of(RULE, why, {"subject": str(household)}))
            return reply

        return noticed

    def holders(self, conn: Connection, accounts: Collection[str], area: str) -> Holders:
        named = {digest: normal(a) for a in accounts for _, digest in self._digest.digests(ACCOUNT, a)}
        if not named:
            return {}
        found: defaultdict[str, dict[UUID, None]] = defaultdict(dict)
        params = (list(named), *code_range(area), FOREVER, UNTIL_CHANGED)
        for digest, household in conn.execute(HELD, params).fetchall():
            found[named[bytes(digest)]][household] = None
        return found

    def said(self, conn: Connection, account: str, household: UUID, holders: Holders, area: str) -> Message | None:
        """Nothing where the household has the account already: it has been said."""
        others: Sequence[UUID] = list(holders.get(normal(account), ()))
        if not others or household in others:
            return None
        return self._findings.explanation(conn, area, RULE, others[:MOST_NAMED], grounds_of({}, {}))

    def _is_asked(self, tx: Tx, place: str, day: date) -> bool:
        edition = self._findings.editions(tx).on(place, day)
        terms = None if edition is None else edition.document.rules.get(RULE)
        return terms is not None and terms.asked
