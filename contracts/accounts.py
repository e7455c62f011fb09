"""Accounts: the one form in which a person's account is written, and the accounts that belong to no person."""

import unicodedata

from contracts.roles import Role

SYSTEM_ACTOR = "lika"
"""``entered_by`` of what follows from other facts, and of what starts a log."""
TIMER = "timer"
"""``entered_by`` of what a deadline brings about."""

SERVICE_PREFIX = "service:"
"""``service:registry`` is the account of the registry itself, among the services of one installation."""

RESERVED = frozenset({SYSTEM_ACTOR, TIMER, *Role})
"""No person's account: a history that says ``entered_by: timer`` (or ``auditor``) must not mean somebody who chose that
name."""


def normalised(account: str) -> str:
    """The account as it is recorded and compared: ``zhang3``, ``Zhang3`` and ``ＺＨＡＮＧ３`` are one person's. Unicode's
    NFKC_Casefold but for what it ignores, which no account may hold anyway."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", account).casefold())
