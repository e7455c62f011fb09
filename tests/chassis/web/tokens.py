"""Tokens of a local key, for small applications without a house."""

from datetime import UTC, datetime, timedelta

from contracts.roles import Role
from services.chassis.ground.settings import Settings
from services.chassis.security.tokens import LocalKey, issue_token

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def token_of(settings: Settings, *roles: Role, subject: str = "cadre-1", since: datetime = NOW) -> str:
    """Good for an hour."""
    key = LocalKey.of(settings)
    return issue_token(key, subject=subject, roles=roles, division="", ttl=timedelta(hours=1), now=since)
