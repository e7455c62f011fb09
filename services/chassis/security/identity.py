"""Who is asking: bearer tokens, roles and the division scope. Tokens run on the real clock even when a log does not."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Self

import anyio
import httpx
import structlog
from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet, OKPKey

from contracts.roles import Role
from services.chassis.ground.key_files import read_or_create
from services.chassis.ground.refusals import FORBIDDEN, NOT_FOUND, Refused, Rule, Unavailable, rule
from services.chassis.ground.settings import Settings

ALGORITHMS = ("Ed25519", "EdDSA", "ES256", "RS256")
"""Signatures that are accepted. ``EdDSA`` is the older name of ``Ed25519`` (RFC 9864) and still what providers send.
No symmetric one: a secret in a published document would let anybody who reads it sign."""

LONGEST_TOKEN = 8192
SIGNING_KEY = "token-signing.jwk"
"""File of the local key in the settings' folder of keys."""
REMEMBERED = 10_000
REMEMBERED_FOR = timedelta(seconds=60)
"""A verified token is not verified again for so long; a key that the provider withdraws counts that much longer."""
KEYS_AGE = timedelta(minutes=10)
KEYS_RETRY = timedelta(seconds=30)
"""An unknown key number makes us ask the provider again, but strangers' tokens must not make us hammer it."""
KEYS_REST = timedelta(seconds=5)
"""After a failure: requests are answered at once instead of queueing for a provider that is away."""

_SUBJECT = re.compile(r"[A-Za-z0-9._:@|/-]{1,128}")
_DIVISION = re.compile(r"([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?")

NOT_SIGNED_IN = rule(
    "not_signed_in",
    zh="请先登录：缺少访问令牌。",
    en="Sign in first: no bearer token was sent.",
    source="RFC 6750",
    status=401,
)
TOKEN_EXPIRED = rule(
    "token_expired",
    zh="登录已过期，请重新登录。",
    en="The token has expired; sign in again.",
    source="RFC 7519 §4.1.4",
    status=401,
)
TOKEN_NOT_ACCEPTED = rule(
    "token_not_accepted",
    zh="访问令牌无效。",
    en="The token is not accepted.",
    source="RFC 6750",
    status=401,
)
KEYS_OUT_OF_REACH = rule(
    "identity_provider_unreachable",
    zh="暂时无法核对登录身份，请稍后再试。",
    en="The identity provider's keys cannot be read at this moment.",
    source="Lika access rules",
    status=503,
)


class Unauthenticated(Refused):
    """401, with the challenge that RFC 6750 asks for."""

    @property
    def headers(self) -> dict[str, str]:
        error = "" if self.rule is NOT_SIGNED_IN else ', error="invalid_token"'
        return {"WWW-Authenticate": f'Bearer realm="lika"{error}'}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account without a name, what it does, and where. ``division`` is a code prefix, "" everywhere."""

    subject: str
    roles: frozenset[Role]
    division: str

    def __post_init__(self) -> None:
        if not _SUBJECT.fullmatch(self.subject):
            raise ValueError("a subject is an account, 1 to 128 of A-Z a-z 0-9 . _ : @ | / -")
        if not _DIVISION.fullmatch(self.division):
            raise ValueError("a division scope has 0, 2, 4, 6, 9 or 12 digits")

    def covers(self, division_code: str) -> bool:
        """Whether that division lies in the actor's area; a division above the area does not."""
        return division_code.startswith(self.division)

    @property
    def is_everywhere(self) -> bool:
        """Whether the area is all that an installation holds: at most one province, whose code has two digits."""
        return len(self.division) <= 2

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds one of these roles."""
        return not self.roles.isdisjoint(roles)


LoadKeys = Callable[[], Awaitable[Mapping[str, Any]]]
"""Brings a JWKS document. Raises ``OSError``, ``httpx.HTTPError`` or ``ValueError``."""


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


def jwks_file(path: Path) -> LoadKeys:
    async def load() -> Mapping[str, Any]:
        document: Mapping[str, Any] = json.loads(await anyio.Path(path).read_bytes())
        return document

    return load


def jwks_url(url: str, transport: httpx.AsyncBaseTransport | None = None) -> LoadKeys:
    async def load() -> Mapping[str, Any]:
        async with httpx.AsyncClient(timeout=5, transport=transport) as client:
            answer = await client.get(url)
            document: Mapping[str, Any] = answer.raise_for_status().json()
            return document

    return load


class Verifier:
    """Turns a token into an ``Actor``. ``now`` must be the real clock: a token's life is not simulated."""

    def __init__(
        self, load: LoadKeys, *, issuer: str, audience: str, now: Callable[[], datetime],
        leeway: timedelta = timedelta(seconds=30),
    ) -> None:  # fmt: skip
        self._load = load
        self._now = now
        self._loading = anyio.Lock()
        self._keys: KeySet | None = None
        self._verified: dict[bytes, tuple[Actor, datetime]] = {}
        self._stale_at = self._ask_again_at = self._rest_until = datetime.min.replace(tzinfo=UTC)
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(now().timestamp()),
            leeway=int(leeway.total_seconds()),
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    @classmethod
    def of(cls, settings: Settings, *, now: Callable[[], datetime]) -> Self:
        """With the JWKS that the settings name, or the local key."""
        if settings.jwks_url:
            load = jwks_url(settings.jwks_url)
        elif settings.jwks_file:
            load = jwks_file(settings.jwks_file)
        else:
            load = LocalKey.of(settings).jwks
        return cls(load, issuer=settings.token_issuer, audience=settings.token_audience, now=now)

    async def actor(self, token: str) -> Actor:
        """Raises ``Unauthenticated`` (401), or ``Unavailable`` (503) when the keys cannot be read."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(TOKEN_NOT_ACCEPTED)
        fingerprint = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        actor, until = self._verified.get(fingerprint, (None, datetime.min.replace(tzinfo=UTC)))
        if actor is None or self._now() >= until:
            actor, expires = await self._verify(token)
            if len(self._verified) >= REMEMBERED:
                self._verified.clear()
            self._verified[fingerprint] = actor, min(expires, self._now() + REMEMBERED_FOR)
        return actor

    async def _verify(self, token: str) -> tuple[Actor, datetime]:
        """The caller, and when the token ends."""
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
            keys = await self._keys_with(kid)
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            self._claims.validate(claims)
            return _actor(claims), datetime.fromtimestamp(claims["exp"], UTC)
        except ExpiredTokenError:
            raise Unauthenticated(TOKEN_EXPIRED) from None
        except (JoseError, ValueError, TypeError, KeyError):
            # Which check failed helps an attacker more than a user.
            raise Unauthenticated(TOKEN_NOT_ACCEPTED) from None

    async def _keys_with(self, kid: object) -> KeySet:
        async with self._loading:
            now = self._now()
            known = any(key.kid == kid for key in self._keys or ())
            stale = now >= self._stale_at
            if stale or (not known and now >= self._ask_again_at):
                if not stale:
                    self._ask_again_at = now + KEYS_RETRY
                try:
                    await self._refresh(now)
                except Unavailable:
                    if not known:  # otherwise the keys at hand serve until the provider answers again
                        raise
            return KeySet([key for key in self._keys or () if isinstance(kid, str) and key.kid == kid])

    async def _refresh(self, now: datetime) -> None:
        if now < self._rest_until:
            raise Unavailable(KEYS_OUT_OF_REACH, retry_after=5)
        try:
            self._keys = await self._fetch()
        except Unavailable:
            self._rest_until = now + KEYS_REST
            raise
        self._stale_at = now + KEYS_AGE

    async def _fetch(self) -> KeySet:
        try:
            return KeySet.import_key_set(dict(await self._load()))  # type: ignore[arg-type]
        except (OSError, httpx.HTTPError, JoseError, ValueError, TypeError, KeyError) as error:
            structlog.get_logger().error("identity_keys_unreadable", exception=type(error).__name__)
            raise Unavailable(KEYS_OUT_OF_REACH, retry_after=5) from None


def _actor(claims: Mapping[str, Any]) -> Actor:
    roles = claims["roles"]
    if not isinstance(roles, list):
        raise TypeError("roles are a list")
    # A provider's token may carry roles of other systems; a missing scope is never taken for "everywhere".
    return Actor(claims["sub"], frozenset(Role(r) for r in roles if r in set(Role)), claims["division"])


_bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT", description="lika token")


async def actor_of(request: Request) -> Actor:
    """The verified caller. Raises ``Unauthenticated`` (401). The verifier stands in ``app.state.verifier``."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(NOT_SIGNED_IN)
    verifier: Verifier = request.app.state.verifier
    return await verifier.actor(token)


async def current_actor(
    request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Actor:
    """FastAPI dependency: the verified caller, or 401."""
    return await actor_of(request)


CurrentActor = Annotated[Actor, Depends(current_actor)]


def require(*roles: Role, why: Rule = FORBIDDEN) -> Callable[[Actor], Awaitable[Actor]]:
    """FastAPI dependency: the caller if they hold one of ``roles``, else 403."""

    async def allowed(actor: CurrentActor) -> Actor:
        if not actor.has(*roles):
            raise Refused(why)
        return actor

    return allowed


def require_everywhere(*roles: Role) -> Callable[[Actor], Awaitable[Actor]]:
    """The same for what cannot be divided by area; whoever has a smaller one finds nothing there (404)."""

    async def allowed(actor: Annotated[Actor, Depends(require(*roles))]) -> Actor:
        if not actor.is_everywhere:
            raise Refused(NOT_FOUND)
        return actor

    return allowed
