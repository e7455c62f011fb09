"""What an identity provider answers a client, as small as can be: for what must be tried with tokens that a real one would not
give. A real one is before ``tests/faults/test_sign_in_at_a_provider.py``."""

import base64
import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, Router

from services.chassis.security.tokens import LocalKey
from tests.chassis.web.tokens import NOW
from tests.support.serving import serving

CLIENT, SECRET = "lika-console", "made-up-secret"
LIFE = 3600


@dataclass
class SmallProvider:
    """``claims``: of the access token, in place of those that it would have; ``told``: what else the token endpoint answers;
    ``codes``: given and not yet used, with what was asked for."""

    key: LocalKey
    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    id_claims: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    asked: list[Mapping[str, str]] = field(default_factory=list)

    def agree(self, address: str) -> dict[str, str]:
        """What it sends a browser back with, which came to ``address`` and signed in there."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query, strict_parsing=True).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.issuer}/authorize"
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.issuer, "session_state": "any"}

    async def discovery(self, _: Request) -> JSONResponse:
        address = self.issuer
        return JSONResponse({
            "issuer": address, "authorization_endpoint": f"{address}/authorize", "token_endpoint": f"{address}/token",
            "jwks_uri": f"{address}/keys", "end_session_endpoint": f"{address}/end?realm=1",
        })  # fmt: skip

    async def keys(self, _: Request) -> JSONResponse:
        return JSONResponse(dict(await self.key.jwks()))

    async def token(self, request: Request) -> JSONResponse:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.asked.append(form)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(NOW.timestamp())
        both = {"iss": self.issuer, "sub": "cadre-1", "iat": now, "exp": now + LIFE}
        access = {**both, "aud": "lika", "roles": ["cadre", "offline_access"], "division": "9900", **self.claims}
        identity = {**both, "aud": CLIENT, "nonce": asked["nonce"], **self.id_claims}
        given = {name: value for name, value in access.items() if value is not None}
        return JSONResponse({
            "token_type": "Bearer", "access_token": self.key.sign(given), "id_token": self.key.sign(identity), **self.told
        })  # fmt: skip


@contextmanager
def small_provider(folder: Path) -> Iterator[SmallProvider]:
    made = SmallProvider(LocalKey.at(folder / "provider.jwk"))
    routes = [
        Route("/.well-known/openid-configuration", made.discovery),
        Route("/keys", made.keys),
        Route("/token", made.token, methods=["POST"]),
    ]
    with serving(Router(routes)) as made.issuer:
        yield made
