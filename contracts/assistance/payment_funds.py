"""Facts about the posting of what a fund is used for. Stream ``fund-use-<programme>-<division>``, of the county that pays."""

from contracts.facts import Fact, published


class FundUseFact(Fact, frozen=True, kw_only=True):
    """``division``: of the county that pays."""

    programme: str
    division: str


@published("PaymentFundUsePosted")
class PaymentFundUsePosted(FundUseFact, frozen=True, kw_only=True):
    """From ``effective_on`` on it hung at ``place`` what the money of ``fund_document`` is used for (source facts §5 rule 31)."""

    fund_document: str
    place: str


@published("PaymentFundUsePostingsAnnulled", rank=99)
class PaymentFundUsePostingsAnnulled(FundUseFact, frozen=True, kw_only=True):
    """These postings (``annuls``) never hung."""

    reason: str
