"""Tokens of an installation without an identity provider: signed with a key of its own."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from contracts.roles import Role
from services.chassis.ground.key_files import read_or_create
from services.chassis.ground.settings import Settings
from services.chassis.security.actor import Actor

SIGNING_KEY = "token-signing.jwk"
"""File of the local key in the settings' folder of keys."""


class LocalKey:
    """The signing key of an installation without an identity provider, in one file (0600)."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key

    @classmethod
    def at(cls, path: Path) -> Self:
        """Read the key, or make one first."""
        stored = read_or_create(path, lambda: json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)).encode())
        return cls(OKPKey.import_key(json.loads(stored)))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls.at(settings.keys_dir / SIGNING_KEY)

    async def jwks(self) -> Mapping[str, Any]:
        """The public half."""
        return KeySet([self._key]).as_dict(private=False)

    def sign(self, claims: dict[str, Any]) -> str:
        self._key.ensure_kid()
        return jwt.encode({"alg": "Ed25519", "kid": self._key.kid}, claims, self._key, algorithms=["Ed25519"])


def issue_token(
    key: LocalKey, *, subject: str, roles: Iterable[Role], division: str, ttl: timedelta, now: datetime,
    issuer: str = "lika", audience: str = "lika",
) -> str:  # fmt: skip
    """A bearer token for the demo, tests and small installations. Raises ``ValueError`` on a wrong subject or scope."""
    actor = Actor(subject, frozenset(roles), division)
    issued = int(now.timestamp())
    return key.sign(
        {
            "iss": issuer,
            "aud": audience,
            "sub": actor.subject,
            "roles": sorted(actor.roles),
            "division": actor.division,
            "iat": issued,
            "nbf": issued,
            "exp": issued + int(ttl.total_seconds()),
        }
    )
