"""Whether what a fund is used for was posted before anything of it is paid (source facts §5 rules 31 and 52): of a fund of monitoring's its
notice there is over; money that no fund there is posted here, where the programme's document asks for it (``Fund.posted``)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.assistance import payment_funds as facts
from contracts.facts import Recorded
from contracts.roles import Role
from contracts.selection import surviving
from services.assistance.payments import rules
from services.assistance.payments.fund_quotas import nearest_fund
from services.assistance.programmes.lookup import Programmes
from services.casework.dates import require_not_future
from services.casework.documents.lookup import Lookup
from services.chassis.ground.next_steps import NextStep, Office
from services.chassis.ground.refusals import NOT_FOUND, Refused
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx
from services.chassis.security.actor import Actor

COUNTY_DIGITS = 6
NOTICE_OVER = b"SELECT 1 FROM fund_use_notices WHERE fund_id = %s AND programme = %s AND until < %s LIMIT 1"
POST = NextStep("post_payment_fund", Office((Role.REVIEWER, Role.DECIDER)))


@dataclass(frozen=True, slots=True)
class Posting:
    """``number``: by which it is annulled."""

    number: int
    fund_document: str
    posted_on: date
    place: str


def stream_of(programme: str, division: str) -> str:
    return f"fund-use-{programme}-{division[:COUNTY_DIGITS]}"


def location_of(programme: str, division: str) -> str:
    return f"/assistance/payments/fund-postings?programme={programme}&division={division[:COUNTY_DIGITS]}"


def postings(recorded: Sequence[Recorded]) -> list[Posting]:
    """Those that stand."""
    return [
        Posting(r.version, r.fact.fund_document, r.fact.effective_on, r.fact.place)
        for r in surviving(recorded)
        if isinstance(r.fact, facts.PaymentFundUsePosted)
    ]


def require_posted(tx: Tx, lookup: Lookup, programme: str, division: str, on: date, fund_document: str) -> None:
    """Raises ``Refused``."""
    if (fund_id := nearest_fund(tx.cur, division, fund_document)) is not None:
        if tx.cur.execute(NOTICE_OVER, (fund_id, programme, on)).fetchone() is None:
            raise Refused(rules.FUND_USE_NOT_POSTED, fund_document=fund_document, fund_id=str(fund_id), on=on)
        return
    edition = Programmes(lookup).found(programme, on, division)
    if edition is None or edition.fund is None or not edition.fund.posted:
        return
    hung = postings(tx.load(stream_of(programme, division)))
    if not any(one.fund_document == fund_document and one.posted_on <= on for one in hung):
        raise Refused(rules.FUND_NOT_POSTED, fund_document=fund_document, on=on).advising(POST)


def posting(fact: facts.PaymentFundUsePosted, actor: Actor) -> Callable[[Tx], Reply]:
    """The handler that records a posting."""

    def work(tx: Tx) -> Reply:
        if not actor.covers(fact.division):
            raise Refused(NOT_FOUND)
        require_not_future(fact.effective_on, tx.today)
        if (fund_id := nearest_fund(tx.cur, fact.division, fact.fund_document)) is not None:
            raise Refused(rules.FUND_IS_IN_MONITORING, fund_document=fact.fund_document, fund_id=str(fund_id))
        tx.append(stream_of(fact.programme, fact.division), fact)
        return Reply(location=location_of(fact.programme, fact.division))

    return work


def annulling(programme: str, division: str, number: int, reason: str, actor: Actor) -> Callable[[Tx], Reply]:
    """The handler that says of a posting that it never hung."""

    def work(tx: Tx) -> Reply:
        if not actor.covers(division):
            raise Refused(NOT_FOUND)
        stream = stream_of(programme, division)
        void = next((r for r in surviving(tx.load(stream)) if r.version == number), None)
        if void is None or not isinstance(void.fact, facts.PaymentFundUsePosted):
            raise Refused(NOT_FOUND)
        annulled = facts.PaymentFundUsePostingsAnnulled(
            programme=programme, division=division, effective_on=tx.today, entered_by=actor.subject, annuls=(void.id,),
            reason=reason,
        )  # fmt: skip
        tx.append(stream, annulled)
        return Reply(location=location_of(programme, division))

    return work
