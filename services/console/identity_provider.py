"""The identity provider that people sign in at: OpenID Connect, authorization code flow with PKCE (RFC 6749, RFC 7636)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import anyio
import httpx
import requests
import structlog
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.chassis.ground.key_files import read_secret_text
from services.chassis.ground.oidc_settings import OidcSettings
from services.chassis.ground.provider_addresses import is_encrypted_or_here
from services.chassis.ground.refreshed import Refreshed
from services.chassis.ground.refusals import Refused, Unavailable, rule
from services.chassis.security.provider_keys import KEYS_OUT_OF_REACH, ProviderKeys, json_at
from services.chassis.security.verifier import ALGORITHMS
from services.console.cookies import PATH, PROVIDER

CALLBACK = f"{PROVIDER}/callback"
DISCOVERY = "/.well-known/openid-configuration"
DISCOVERY_AGE = 600.0
RETRY_SECONDS = 5.0
EXCHANGE_SECONDS = 10.0
KEYS_SERVE_SECONDS = 3600.0
LEEWAY_SECONDS = 30
_ERROR = re.compile(r"[A-Za-z_]{1,40}")

PROVIDER_REFUSED = rule(
    "identity_provider_refused",
    zh="身份平台没有让您登录：请重新登录；仍不成功的，请与身份平台的管理员联系。",
    en="The identity provider did not sign you in: try again, and where that does not help ask whoever administers it.",
    source="RFC 6749 §4.1.2.1",
    status=403,
)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Of a provider, as its discovery document says. ``end_session``: where it has one."""

    authorization: str
    token: str
    keys: str
    end_session: str | None


class IdentityProvider:
    """``settings`` name one; ``now``: the real clock. Raises ``KeyFileExposed`` where others may read the client's secret, and
    ``KeyFileDamaged`` where there is none in its file."""

    def __init__(self, settings: OidcSettings, now: Callable[[], datetime]) -> None:
        secret = settings.client_secret_file
        self._settings, self._now = settings, now
        self.issuer, self._client_id = settings.issuer or "", settings.client_id or ""
        self._secret = read_secret_text(secret) if secret is not None else None
        self._endpoints = Refreshed(self._discover, age=DISCOVERY_AGE, rest=RETRY_SECONDS)
        self._keys: tuple[str, ProviderKeys] | None = None

    async def address_to_sign_in(self, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent. ``verifier``: PKCE's. Raises ``Unavailable``."""
        endpoints = await self._endpoints.get()
        with self._client() as client:
            address, _ = client.create_authorization_url(
                endpoints.authorization, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address)

    async def address_to_sign_out(self) -> str | None:
        """Where a browser is sent to end its session at the provider, too (OpenID Connect RP-Initiated Logout 1.0); ``None``
        where it has no such address, or cannot be asked. No ID token goes along: addresses are written down on the way. The
        provider asks instead."""
        try:
            endpoints = await self._endpoints.get()
        except Unavailable:
            return None
        if endpoints.end_session is None:
            return None
        back = {
            "client_id": self._client_id,
            "post_logout_redirect_uri": f"{self._settings.console_url}{PATH}/sign-in",
        }
        return str(httpx.URL(endpoints.end_session).copy_merge_params(back))

    async def token_for(self, code: str, nonce: str, verifier: str) -> tuple[str, str]:
        """The access token for a code, and whose it is by the ID token beside it. Raises ``Refused`` where the provider or
        that ID token says no, and ``Unavailable``."""
        endpoints = await self._endpoints.get()
        try:
            answer = await anyio.to_thread.run_sync(self._exchange, endpoints.token, code, verifier)
        except OAuthError as error:
            raise refused_by_provider(error.error) from None
        except requests.RequestException as error:
            raise _away(error) from None
        try:
            return str(answer["access_token"]), await self._subject(answer["id_token"], nonce, endpoints)
        except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise refused_by_provider(type(error).__name__) from None

    async def _subject(self, id_token: str, nonce: str, endpoints: Endpoints) -> str:
        if self._keys is None or self._keys[0] != endpoints.keys:
            self._keys = endpoints.keys, ProviderKeys(json_at(endpoints.keys), serves=KEYS_SERVE_SECONDS)
        keys = await self._keys[1].with_number(jws.extract_compact(id_token.encode()).headers().get("kid"))
        claims = jwt.decode(id_token, KeySet(list(keys)), algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=lambda: int(self._now().timestamp()), leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer}, aud={"essential": True, "value": self._client_id},
            azp={"value": self._client_id},
            nonce={"essential": True, "value": nonce},
            sub={"essential": True}, exp={"essential": True},
        ).validate(claims)  # fmt: skip
        return str(claims["sub"])

    def _exchange(self, address: str, code: str, verifier: str) -> dict[str, Any]:
        with self._client() as client:
            answer: dict[str, Any] = client.fetch_token(
                address, code=code, code_verifier=verifier, timeout=EXCHANGE_SECONDS, allow_redirects=False
            )
        return answer

    def _client(self) -> OAuth2Session:
        client = OAuth2Session(
            self._client_id, self._secret, scope=self._settings.scope,
            redirect_uri=f"{self._settings.console_url}{CALLBACK}", code_challenge_method="S256",
            token_endpoint_auth_method="none" if self._secret is None else "client_secret_basic",
        )  # fmt: skip
        client.trust_env = False  # a .netrc of the machine is none of the provider's business
        return client

    def _discover(self) -> Endpoints:
        try:
            told = anyio.run(json_at(f"{self.issuer}{DISCOVERY}"))
            if told["issuer"] != self.issuer:
                raise ValueError("a document of another issuer")
            found = Endpoints(
                told["authorization_endpoint"],
                told["token_endpoint"],
                told["jwks_uri"],
                told.get("end_session_endpoint"),
            )
            if not all(is_encrypted_or_here(each) for each in (found.authorization, found.token, found.keys)):
                raise ValueError("an endpoint that anybody between may read")
        except (OSError, httpx.HTTPError, ValueError, TypeError, KeyError) as error:
            raise _away(error) from None
        return found


def refused_by_provider(error: str) -> Refused:
    """``error``: its code (RFC 6749), which is on record; whatever looks like none is not."""
    told = error if _ERROR.fullmatch(error) else "other"
    structlog.get_logger().warning("identity_provider_refused", code=told)
    return Refused(PROVIDER_REFUSED)


def _away(error: Exception) -> Unavailable:
    structlog.get_logger().warning("identity_provider_unreachable", exception=type(error).__name__)
    return Unavailable(KEYS_OUT_OF_REACH, retry_after=5)
