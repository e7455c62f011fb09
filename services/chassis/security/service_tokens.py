"""Tokens by which the services of an installation know one another (RFC 7519, RFC 7523).

A service signs its own, good for five minutes and for one peer: ``iss`` and ``sub`` are its account ``service:NAME``,
``aud`` is the peer's. The header's ``typ`` keeps them apart from tokens of persons (RFC 8725 §3.11), so neither kind of
key can stand in for the other: a service's key makes no person, and no identity provider makes a service.
"""

import time
from collections.abc import Callable, Collection, Generator
from datetime import datetime, timedelta

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError

from contracts.accounts import SERVICE_PREFIX
from contracts.roles import Role
from services.chassis.ground.clock import SystemClock
from services.chassis.ground.refusals import Refused, rule
from services.chassis.security.actor import Actor
from services.chassis.security.service_keys import CURVE, PublicKeys, ServiceKey

TYPE = "lika-service+jwt"
LIFE = timedelta(minutes=5)
RENEWED_BEFORE = timedelta(minutes=1)
LEEWAY_SECONDS = 30
LOOK_AGAIN_SECONDS = 1.0
"""A key that was taken out of the set counts for so much longer."""

SERVICE_KEY_UNKNOWN = rule(
    "service_key_unknown",
    zh="对方服务的公钥不在本系统的服务公钥集（LIKA_SERVICES_JWKS_FILE）中：请将其公钥加入该文件，或确认没有连到另一套系统。",
    en="The key of the calling service is not among the public keys of this installation's services"
    " (LIKA_SERVICES_JWKS_FILE): add it there, or see whether this is another installation.",
    source="decision 0040",
    status=401,
)
SERVICE_TOKEN_FOR_ANOTHER = rule(
    "service_token_for_another",
    zh="服务令牌是发给另一个服务的：请核对 LIKA_PEERS 中各服务的地址。",
    en="The service's token is meant for another service: check the addresses in LIKA_PEERS.",
    source="decision 0040",
    status=401,
)
SERVICE_TOKEN_NOT_ACCEPTED = rule(
    "service_token_not_accepted",
    zh="服务令牌无效或已过期：请核对双方的时钟，以及对方的私钥（LIKA_SERVICE_KEY_FILE）与公钥集是否相符。",
    en="The service's token is not valid or has expired: check both machines' clocks, and that the caller's private key"
    " (LIKA_SERVICE_KEY_FILE) fits the public one.",
    source="decision 0040",
    status=401,
)


def service_token(key: ServiceKey, peer: str, now: datetime) -> str:
    """A token of the service whose key it is, for one peer."""
    issued = int(now.timestamp())
    account = f"{SERVICE_PREFIX}{key.name}"
    claims = {
        "iss": account,
        "sub": account,
        "aud": f"{SERVICE_PREFIX}{peer}",
        "roles": [Role.SERVICE],
        "iat": issued,
        "exp": issued + int(LIFE.total_seconds()),
    }
    return jwt.encode({"alg": CURVE, "kid": key.name, "typ": TYPE}, claims, key.key, algorithms=[CURVE])


class ServiceAuth(httpx.Auth):
    """Signs a service's requests to one peer; the token is renewed in time. Threadsafe."""

    def __init__(self, key: ServiceKey, peer: str, now: Callable[[], datetime] | None = None) -> None:
        self._key, self._peer, self._now = key, peer, now or SystemClock().now
        self._current: tuple[str, datetime] | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        current, now = self._current, self._now()
        # A clock that was set back makes a new one, too.
        if current is None or not timedelta() <= now - current[1] < LIFE - RENEWED_BEFORE:
            self._current = current = service_token(self._key, self._peer, now), now
        request.headers["Authorization"] = f"Bearer {current[0]}"
        yield request


def is_service_token(token: str) -> bool:
    """Whether it says so of itself. Raises ``JoseError`` or ``ValueError`` for what is no token."""
    return jws.extract_compact(token.encode()).headers().get("typ") == TYPE


class ServiceTokens:
    """Verifies the tokens of an installation's services. ``here``: the services that this process is; ``now``: the real
    clock."""

    def __init__(self, keys: PublicKeys, here: Collection[str], now: Callable[[], datetime]) -> None:
        self._keys, self._now = keys, now
        self._audiences = {f"{SERVICE_PREFIX}{name}" for name in here}
        self._look_again_at = 0.0
        self._verified: dict[str, tuple[Actor, int]] = {}

    def actor(self, token: str) -> Actor:
        """The calling service. Raises ``Refused`` (401)."""
        if time.monotonic() >= self._look_again_at:
            self._look_again_at = time.monotonic() + LOOK_AGAIN_SECONDS
            if self._keys.refresh():
                self._verified.clear()
        now = int(self._now().timestamp())
        actor, expires = self._verified.get(token, (None, 0))
        if actor is not None and now < expires:
            return actor
        try:
            actor, expires = self._verify(token, now)
        except (JoseError, ValueError, TypeError, KeyError):
            raise Refused(SERVICE_TOKEN_NOT_ACCEPTED) from None
        self._verified = {known: made for known, made in self._verified.items() if now < made[1]}
        self._verified[token] = actor, expires
        return actor

    def _verify(self, token: str, now: int) -> tuple[Actor, int]:
        name = jws.extract_compact(token.encode()).headers().get("kid")
        keys = self._keys.of(name)
        if not keys:
            raise Refused(SERVICE_KEY_UNKNOWN)
        *others, last = keys
        for key in others:
            try:
                return self._check(jwt.decode(token, key, algorithms=[CURVE]).claims, str(name), now)
            except JoseError:
                continue
        return self._check(jwt.decode(token, last, algorithms=[CURVE]).claims, str(name), now)

    def _check(self, claims: dict[str, object], name: str, now: int) -> tuple[Actor, int]:
        """Raises ``Refused``, or ``ValueError`` where a claim is not as such a token has it."""
        actor, issued, expires = Actor.of_service(name), claims["iat"], claims["exp"]
        if claims["iss"] != actor.subject or claims["sub"] != actor.subject or claims["roles"] != [Role.SERVICE]:
            raise ValueError("a service speaks for itself only")
        if claims["aud"] not in self._audiences:
            raise Refused(SERVICE_TOKEN_FOR_ANOTHER)
        if not isinstance(issued, int) or not isinstance(expires, int) or expires - issued > LIFE.total_seconds():
            raise ValueError("the token's life is too long")
        if not issued - LEEWAY_SECONDS <= now < expires + LEEWAY_SECONDS:
            raise ValueError("the token's life is over, or yet to begin")
        return actor, expires + LEEWAY_SECONDS
