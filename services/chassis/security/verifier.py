"""Verifying bearer tokens against the public keys of the identity provider, or of this installation. Tokens run on the real
clock even when a log does not."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import anyio
import httpx
import structlog
from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from contracts.roles import Role
from services.chassis.ground.refusals import Refused, Rule, Unavailable, rule
from services.chassis.ground.settings import Settings
from services.chassis.security.actor import Actor
from services.chassis.security.admission import Admission
from services.chassis.security.service_keys import PublicKeys
from services.chassis.security.service_tokens import ServiceTokens, is_service_token
from services.chassis.security.tokens import LocalKey

ALGORITHMS = ("Ed25519", "EdDSA", "ES256", "RS256")
"""Signatures that are accepted. ``EdDSA`` is the older name of ``Ed25519`` (RFC 9864) and still what providers send.
No symmetric one: a secret in a published document would let anybody who reads it sign."""

PERSONS = frozenset(Role) - {Role.SERVICE}
"""Roles that a person's token can give. Which service calls, its own key alone can say."""

LONGEST_TOKEN = 8192
REMEMBERED = 10_000
REMEMBERED_FOR = timedelta(seconds=60)
"""A verified token is not verified again for so long; a key that the provider withdraws counts that much longer."""
KEYS_AGE = timedelta(minutes=10)
KEYS_RETRY = timedelta(seconds=30)
"""An unknown key number makes us ask the provider again, but strangers' tokens must not make us hammer it."""
KEYS_REST = timedelta(seconds=5)
"""After a failure: requests are answered at once instead of queueing for a provider that is away."""

NOT_SIGNED_IN = rule(
    "not_signed_in",
    zh="请先登录：没有发送访问令牌。请用 lika sign-in 或身份平台登录；本机管理员可用 lika token 签发。",
    en="Sign in first: no bearer token was sent. Use lika sign-in or your identity provider; on the machine itself, lika token"
    " makes one.",
    source="RFC 6750",
    status=401,
)
TOKEN_EXPIRED = rule(
    "token_expired",
    zh="登录已过期，请重新登录（lika sign-in、lika token 或身份平台）。",
    en="The token has expired; sign in again (lika sign-in, lika token, or your identity provider).",
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
TOKEN_OF_ANOTHER_KEY = rule(
    "token_of_another_key",
    zh="访问令牌是用别处的密钥签发的：另一个数据文件夹（LIKA_DATA_DIR），或另一套系统。请在本系统重新登录。",
    en="The token was signed with a key of elsewhere: of another data folder (LIKA_DATA_DIR), or another installation. Sign in"
    " to this one.",
    source="RFC 7515 §4.1.4",
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
    """401, with the challenge that RFC 6750 asks for. ``account``: whose genuine token has expired."""

    def __init__(self, why: Rule, account: str | None = None) -> None:
        super().__init__(why)
        self.account = account

    @property
    def headers(self) -> dict[str, str]:
        error = "" if self.rule is NOT_SIGNED_IN else ', error="invalid_token"'
        return {"WWW-Authenticate": f'Bearer realm="lika"{error}'}


LoadKeys = Callable[[], Awaitable[Mapping[str, Any]]]
"""Brings a JWKS document. Raises ``OSError``, ``httpx.HTTPError`` or ``ValueError``."""


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
    """Turns a token into an ``Actor``. ``now`` must be the real clock: a token's life is not simulated. ``admission``:
    whom of the verified callers this installation serves; ``services``: verifies callers that are its services."""

    def __init__(
        self, load: LoadKeys, *, issuer: str, audience: str, now: Callable[[], datetime],
        leeway: timedelta = timedelta(seconds=30), admission: Admission | None = None,
        services: ServiceTokens | None = None,
    ) -> None:  # fmt: skip
        self.admission = admission or Admission()
        self._services = services
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
    def of(cls, settings: Settings, *, now: Callable[[], datetime], here: Collection[str] = ()) -> Self:
        """With the JWKS that the settings name, or the local key. ``here``: the services that this process is."""
        if settings.jwks_url:
            load = jwks_url(settings.jwks_url)
        elif settings.jwks_file:
            load = jwks_file(settings.jwks_file)
        else:
            load = LocalKey.of(settings).jwks
        return cls(
            load, issuer=settings.token_issuer, audience=settings.token_audience, now=now,
            admission=Admission.of(settings),
            services=ServiceTokens(PublicKeys(settings.services_jwks_file), here, now),
        )  # fmt: skip

    async def actor(self, token: str) -> Actor:
        """Raises ``Unauthenticated`` (401), ``Unavailable`` (503) when the keys cannot be read, or ``Refused`` (403) for
        whom ``admission`` does not admit."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(TOKEN_NOT_ACCEPTED)
        fingerprint = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        actor, until = self._verified.get(fingerprint, (None, datetime.min.replace(tzinfo=UTC)))
        if actor is None or self._now() >= until:
            if (service := self._service(token)) is not None:
                return service
            actor, expires = await self._verify(token)
            if len(self._verified) >= REMEMBERED:
                self._verified.clear()
            self._verified[fingerprint] = actor, min(expires, self._now() + REMEMBERED_FOR)
        await self.admission.admit(actor)
        return actor

    def _service(self, token: str) -> Actor | None:
        """The caller, if it is one of the services."""
        try:
            return self._services.actor(token) if self._services and is_service_token(token) else None
        except Refused as refused:
            raise Unauthenticated(refused.rule) from None
        except (JoseError, ValueError):
            raise Unauthenticated(TOKEN_NOT_ACCEPTED) from None

    async def _verify(self, token: str) -> tuple[Actor, datetime]:
        """The caller, and when the token ends."""
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
            keys = await self._keys_with(kid)
            if isinstance(kid, str) and not keys.keys:
                # The number of a key is no secret, and whoever mixed up two installations is helped by it.
                raise Unauthenticated(TOKEN_OF_ANOTHER_KEY)
            claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
            actor, expires = _actor(claims), datetime.fromtimestamp(claims["exp"], UTC)
            try:
                self._claims.validate(claims)
            except ExpiredTokenError:
                raise Unauthenticated(TOKEN_EXPIRED, actor.subject) from None
            return actor, expires
        except (JoseError, ValueError, TypeError, KeyError, OverflowError):
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
    return Actor(claims["sub"], frozenset(Role(r) for r in roles if r in PERSONS), claims["division"])
