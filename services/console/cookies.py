"""Cookies of the console: no script reads them, and over TLS they go over TLS only."""

from typing import Literal

from starlette.types import Scope

PATH = "/console"
PROVIDER = f"{PATH}/provider"
"""Where a browser goes to the identity provider, and comes back to."""
LONGEST = 4096
"""Bytes that every browser keeps (RFC 6265 §6.1)."""


def set_cookie(
    scope: Scope, name: str, value: str, seconds: int, path: str = PATH, same_site: Literal["Lax", "Strict"] = "Lax"
) -> str:
    """The value of a ``Set-Cookie``; of 0 seconds it takes the cookie away. ``scope``: of the request that it answers, which
    says whether that came over TLS, here or at a trusted proxy."""
    # Lax where nothing else is said: whoever comes back from the identity provider is signed in.
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{cookie_name(scope, name)}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}"


def cookie_name(scope: Scope, name: str) -> str:
    """As a browser keeps it. Over TLS a prefix says that only TLS has set it (RFC 6265bis §4.1.3.1): nobody who answers plain
    HTTP for this host plants one. ``__Host-`` would want ``Path=/``, and bring every cookie everywhere."""
    return f"__Secure-{name}" if scope.get("scheme") == "https" else name
