"""Sessions of browsers: each token in a cookie of its own, sealed, so that no script and no disk shows it, a restart ends no
session and any replica serves it. Nothing is kept here."""

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any, Self

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.types import Scope

from services.chassis.ground.key_files import read_or_create
from services.chassis.ground.refusals import rule
from services.chassis.ground.settings import KEY_BYTES, Settings

KEY_FILE = "console.key"
PREFIX = "lika-session-"
PATH = "/console"
LONGEST_COOKIE = 4096
"""Bytes that every browser keeps (RFC 6265 §6.1)."""

TOKEN_TOO_LONG = rule(
    "token_too_long_for_session",
    zh="访问令牌过长，浏览器存不下；请让身份平台只签发 Lika 所需的内容（账号、岗位、区划）。",
    en="The token is too long for a browser to keep; have the identity provider put in only what Lika needs (account, roles,"
    " division).",
    source="RFC 6265 §6.1",
    status=409,
)


@dataclass(frozen=True, slots=True)
class Session:
    """One account signed in. ``until``: when its token ends."""

    account: str
    token: str
    until: datetime

    def seconds_left(self, now: datetime) -> int:
        return max(0, int((self.until - now).total_seconds()))


class Sessions:
    """Seals sessions into cookies and opens them (JWE, AES-256-GCM). ``secure``: cookies go over TLS only."""

    def __init__(self, key: bytes, *, secure: bool) -> None:
        self._key = OctKey.import_key(key)
        self.secure = secure

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """With the installation's key, made first where there is none. Raises ``KeyFileExposed``."""
        key = read_or_create(settings.keys_dir / KEY_FILE, lambda: secrets.token_bytes(KEY_BYTES))
        return cls(key, secure=settings.tls_certfile is not None)

    def cookie(self, session: Session, now: datetime) -> str | None:
        """The value of a ``Set-Cookie``; ``None`` where no browser would keep it."""
        content = json.dumps([session.account, session.token, session.until.timestamp()]).encode()
        sealed = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, content, self._key)
        cookie = self._set(_name(session.account), sealed, session.seconds_left(now))
        return cookie if len(cookie) <= LONGEST_COOKIE else None

    def ended(self, account: str) -> str:
        """The ``Set-Cookie`` that takes a session away."""
        return self._set(_name(account), "", 0)

    def all_of(self, scope: Scope, now: datetime) -> list[Session]:
        """The sessions that a request brings, the one that ends last first."""
        opened = (self._open(name, value) for name, value in _cookies(scope) if name.startswith(PREFIX))
        return sorted((s for s in opened if s and s.until > now), key=lambda s: (s.until, s.account), reverse=True)

    def of_account(self, scope: Scope, account: str, now: datetime) -> Session | None:
        wanted = _name(account)
        opened = (self._open(name, value) for name, value in _cookies(scope) if name == wanted)
        return next((s for s in opened if s and s.until > now and s.account == account), None)

    def _set(self, name: str, value: str, seconds: int) -> str:
        # Lax, not Strict: whoever comes back from the identity provider is signed in.
        secure = "; Secure" if self.secure else ""
        return f"{name}={value}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"

    def _open(self, name: str, value: str) -> Session | None:
        try:
            content: Any = json.loads(jwe.decrypt_compact(value, self._key).plaintext or b"")
            account, token, until = content
        except (JoseError, ValueError, TypeError):
            return None  # sealed with another key, or by nobody
        session = Session(account, token, datetime.fromtimestamp(until, UTC))
        return session if name == _name(account) else None


def _name(account: str) -> str:
    """Accounts have signs that a cookie's name may not have."""
    return PREFIX + hashlib.sha256(account.encode()).hexdigest()[:16]


def _cookies(scope: Scope) -> Iterator[tuple[str, str]]:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                yield from ((key, each.value) for key, each in SimpleCookie(value.decode("latin-1")).items())
            except CookieError:
                continue
