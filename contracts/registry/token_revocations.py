"""Facts about accounts whose tokens are void: stream ``account-<uuid>``, the UUID derived from the account."""

from datetime import datetime
from enum import StrEnum

from contracts.facts import Fact, published


class RevocationReason(StrEnum):
    """Why tokens were revoked; what happened is not told here."""

    LOST = "lost"
    LEFT = "left"
    MISUSE = "misuse"
    OTHER = "other"


@published("TokensRevoked", rank=22)
class TokensRevoked(Fact, frozen=True, kw_only=True):
    """Tokens issued to the account before ``issued_before`` (on the real clock, whatever the log's) are void in every service,
    as are those that do not say when they were issued. Later ones are good."""

    account: str
    issued_before: datetime
    reason: RevocationReason
