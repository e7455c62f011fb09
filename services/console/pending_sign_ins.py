"""A sign-in that is under way at the identity provider: what must come back with it stands in a sealed cookie of a few
minutes, one for each tab that began."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import unquote, urlsplit

from starlette.requests import HTTPConnection
from starlette.types import Scope

from services.console.cookies import PATH, PROVIDER, cookie_name, set_cookie
from services.console.sealing import Seal

PREFIX = "lika-sign-in-"
LIFE = timedelta(minutes=10)
LONGEST_PATH = 1024
RANDOM_BYTES = 32


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """``state``: comes back in the address, ``nonce`` in the ID token; ``verifier``: PKCE's, told to the provider alone;
    ``back``: where the browser was."""

    state: str
    nonce: str
    verifier: str
    back: str
    until: datetime

    @classmethod
    def new(cls, back: str | None, now: datetime) -> Self:
        state, nonce, verifier = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(3))
        return cls(state, nonce, verifier, page_of_console(back), now + LIFE)

    def cookie(self, seal: Seal, scope: Scope) -> str:
        content = [self.state, self.nonce, self.verifier, self.back, self.until.timestamp()]
        return set_cookie(scope, _name(self.state), seal.sealed(PREFIX, content), int(LIFE.total_seconds()), PROVIDER)

    def ended(self, scope: Scope) -> str:
        return set_cookie(scope, _name(self.state), "", 0, PROVIDER)

    @classmethod
    def brought(cls, seal: Seal, scope: Scope, state: str, now: datetime) -> Self | None:
        """The one that this browser began with ``state``; ``None`` for another browser's, an old one, or none."""
        match seal.opened(PREFIX, HTTPConnection(scope).cookies.get(cookie_name(scope, _name(state)), "")):
            case [str(sealed), str(nonce), str(verifier), str(back), float(until)] if sealed == state:
                found = cls(state, nonce, verifier, back, datetime.fromtimestamp(until, now.tzinfo))
                return found if now < found.until else None
        return None


def page_of_console(address: str | None) -> str:
    """``address`` where it is the path of a page of the console, else its first page: nobody is led elsewhere by a link to the
    sign-in."""
    first = f"{PATH}/"
    if address is None or len(address) > LONGEST_PATH or not address.startswith(first) or not address.isprintable():
        return first
    parts = unquote(urlsplit(address).path).replace("\\", "/").split("/")
    return first if "" in parts[1:-1] or {".", ".."}.intersection(parts) else address


def _name(state: str) -> str:
    return PREFIX + hashlib.sha256(state.encode()).hexdigest()[:16]
