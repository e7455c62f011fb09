"""Verifying bearer tokens against the public keys of the identity provider, or of this installation. Tokens run on the real
clock even when a log does not."""

import hashlib
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self

from joserfc import jws, jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import KeySet

from contracts.roles import Role
from services.chassis.ground.refusals import Refused, Rule, rule
from services.chassis.ground.settings import Settings
from services.chassis.security.actor import Actor
from services.chassis.security.admission import Admission
from services.chassis.security.provider_keys import LoadKeys, ProviderKeys, json_at, jwks_file
from services.chassis.security.revocations import Revocations
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
"""Tokens that are not verified again, until they end or the provider's keys change."""

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
    zh="访问令牌无效，请重新登录（lika sign-in、lika token 或身份平台）。",
    en="The token is not accepted; sign in again (lika sign-in, lika token, or your identity provider).",
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
TOKEN_LIVES_TOO_LONG = rule(
    "token_lives_too_long",
    zh="访问令牌的有效期超过本系统的上限（LIKA_TOKEN_MAX_HOURS），请重新签发有效期较短的令牌。",
    en="The token is valid for longer than this installation accepts (LIKA_TOKEN_MAX_HOURS); have one issued for a shorter time.",
    source="RFC 8725 §3.10",
    status=401,
)
TOKEN_REVOKED = rule(
    "token_revoked",
    zh="该账号此前签发的令牌已被吊销，请重新登录。",
    en="Tokens issued to this account before now were revoked; sign in again.",
    source="RFC 7009",
    status=401,
)


class Unauthenticated(Refused):
    """401, with the challenge that RFC 6750 asks for. ``account``: whose genuine token has expired."""

    def __init__(self, why: Rule, account: str | None = None, **facts: object) -> None:
        super().__init__(why, **facts)
        self.account = account

    @property
    def headers(self) -> dict[str, str]:
        error = "" if self.rule is NOT_SIGNED_IN else ', error="invalid_token"'
        return {"WWW-Authenticate": f'Bearer realm="lika"{error}'}


class Remembered(NamedTuple):
    """A token that was verified. ``issued``: Unix time, where it says so; ``generation``: of the keys."""

    actor: Actor
    issued: float | None
    until: datetime
    generation: int


class Verifier:
    """Turns a token into an ``Actor``. ``now`` must be the real clock: a token's life is not simulated. ``longest``: life of
    a token that is accepted; ``admission``: whom of the verified callers this installation serves; ``services``:
    verifies callers that are its services; ``ticks``: seconds by which keys and revocations age."""

    def __init__(
        self, load: LoadKeys, *, issuer: str, audience: str, now: Callable[[], datetime],
        leeway: timedelta = timedelta(seconds=30), longest: timedelta = timedelta(hours=12),
        admission: Admission | None = None, services: ServiceTokens | None = None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.admission, self.revocations = admission or Admission(), Revocations(ticks)
        self._services = services
        self._now, self._leeway, self._longest = now, leeway.total_seconds(), longest.total_seconds()
        # Whatever the provider signed before it went away has ended by then.
        self._keys = ProviderKeys(load, serves=self._longest, ticks=ticks)
        self._verified: dict[bytes, Remembered] = {}
        # A token of another application says nothing about this account's, also when it has ended.
        self._addressed_here = jwt.BaseClaimsRegistry(
            iss={"essential": True, "value": issuer}, aud={"essential": True, "value": audience}
        )
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
            load = json_at(settings.jwks_url)
        elif settings.jwks_file:
            load = jwks_file(settings.jwks_file)
        else:
            load = LocalKey.of(settings).jwks
        return cls(
            load, issuer=settings.token_issuer, audience=settings.token_audience, now=now,
            longest=timedelta(hours=settings.token_max_hours), admission=Admission.of(settings),
            services=ServiceTokens(PublicKeys(settings.services_jwks_file), here, now),
        )  # fmt: skip

    async def signed_in(self, token: str) -> tuple[Actor, datetime]:
        """The actor, and when the token ends. Raises as ``actor`` does; a service's token signs nobody in."""
        actor = await self.actor(token)
        if actor.service is not None:
            raise Unauthenticated(TOKEN_NOT_ACCEPTED)
        return actor, self._verified[_fingerprint(token)].until

    def remembers(self, token: str) -> bool:
        """Whether the token was verified here before."""
        return _fingerprint(token) in self._verified

    async def actor(self, token: str) -> Actor:
        """Raises ``Unauthenticated`` (401), ``Unavailable`` (503) when the keys cannot be read, or ``Refused`` (403) for
        whom ``admission`` does not admit."""
        if len(token) > LONGEST_TOKEN:
            raise Unauthenticated(TOKEN_NOT_ACCEPTED)
        fingerprint = _fingerprint(token)
        known = self._verified.get(fingerprint)
        if known is not None:
            await self._keys.look()
        if known is None or known.generation != self._keys.generation or self._now() >= known.until:
            self._verified.pop(fingerprint, None)
            if (service := self._service(token)) is not None:
                return service
            known = await self._verify(token)
            while len(self._verified) >= REMEMBERED:
                del self._verified[next(iter(self._verified))]
            self._verified[fingerprint] = known
        if await self.revocations.is_void(known.actor.subject, known.issued):
            raise Unauthenticated(TOKEN_REVOKED, known.actor.subject)
        await self.admission.admit(known.actor)
        return known.actor

    def _service(self, token: str) -> Actor | None:
        """The caller, if it is one of the services."""
        try:
            return self._services.actor(token) if self._services and is_service_token(token) else None
        except Refused as refused:
            raise Unauthenticated(refused.rule) from None
        except (JoseError, ValueError):
            raise Unauthenticated(TOKEN_NOT_ACCEPTED) from None

    async def _verify(self, token: str) -> Remembered:
        try:
            kid = jws.extract_compact(token.encode()).headers().get("kid")
            keys = await self._keys.with_number(kid)
            if isinstance(kid, str) and not keys:
                # The number of a key is no secret, and whoever mixed up two installations is helped by it.
                raise Unauthenticated(TOKEN_OF_ANOTHER_KEY)
            generation = self._keys.generation
            claims = jwt.decode(token, KeySet(list(keys)), algorithms=ALGORITHMS).claims
            actor, expires = _actor(claims), datetime.fromtimestamp(claims["exp"], UTC)
            self._addressed_here.validate(claims)
            try:
                self._claims.validate(claims)
            except ExpiredTokenError:
                raise Unauthenticated(TOKEN_EXPIRED, actor.subject) from None
            issued = claims.get("iat")
            if self._lives_too_long(claims["exp"], issued):
                raise Unauthenticated(TOKEN_LIVES_TOO_LONG, actor.subject, hours=self._longest / 3600)
            return Remembered(actor, issued, expires, generation)
        except (JoseError, ValueError, TypeError, KeyError, OverflowError):
            # Which check failed helps an attacker more than a user.
            raise Unauthenticated(TOKEN_NOT_ACCEPTED) from None

    def _lives_too_long(self, expires: float, issued: float | None) -> bool:
        left = expires - self._now().timestamp()
        return left > self._longest + self._leeway or (issued is not None and expires - issued > self._longest)


def _fingerprint(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def _actor(claims: Mapping[str, Any]) -> Actor:
    roles = claims["roles"]
    if not isinstance(roles, list):
        raise TypeError("roles are a list")
    # A provider's token may carry roles of other systems; a missing scope is never taken for "everywhere".
    return Actor(claims["sub"], frozenset(Role(r) for r in roles if r in PERSONS), claims["division"])
