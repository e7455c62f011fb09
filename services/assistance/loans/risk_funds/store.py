"""Command handlers of risk funds."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import LiteralString

from contracts.assistance.risk_funds import RiskFundFact
from services.assistance.loans.borrowers import product_in_force
from services.assistance.loans.risk_funds.domain import decide, stream_of
from services.assistance.loans.risk_funds.rules import NO_LOSSES_BORNE
from services.assistance.loans.rules import PRODUCT_NOT_IN_FORCE
from services.casework.documents.reading import Documents
from services.casework.ledgers.money import yuan_of
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor
from services.chassis.web.areas import code_range

CLAIMED: LiteralString = (
    "SELECT coalesce(sum(fund_claims[cardinality(fund_claims)]), 0)::bigint FROM loan_accounts"
    " WHERE known_until IS NULL AND office_until IS NULL AND product = %s AND division >= %s AND division < %s"
)


class RiskFundCommands:
    """Blocking. What the fund bore is as the view has it."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def handler(self, fact: RiskFundFact, actor: Actor) -> Callable[[Tx], Reply]:
        """Raises ``Refused`` when called."""

        def work(tx: Tx) -> Reply:
            if not actor.covers(fact.division):
                raise Refused(NOT_FOUND)
            self._require_bearing(tx, fact, tx.today)
            row = tx.cur.execute(CLAIMED, (fact.product, *code_range(fact.division)), prepare=True).fetchone()
            claimed = yuan_of(int(row[0])) if row else Decimal(0)
            told = tx.load(stream_of(fact.fund_id))
            tx.append(stream_of(fact.fund_id), decide(told, fact, claimed, tx.today))
            return Reply(location=f"/assistance/loans/coverage?division={fact.division}")

        return work

    def _require_bearing(self, tx: Tx, fact: RiskFundFact, today: date) -> None:
        """The paper of the day, or today's: a fund is fed before its product begins, and given back after it ended."""
        lookup = self._documents.in_unit(tx)
        papers = [product_in_force(lookup, fact.product, day, fact.division) for day in (fact.effective_on, today)]
        known = [paper for paper in papers if paper is not None]
        if not known:
            raise Refused(PRODUCT_NOT_IN_FORCE, product=fact.product, on=fact.effective_on)
        if not any(paper.losses is not None and paper.losses.fund for paper in known):
            raise Refused(NO_LOSSES_BORNE)
