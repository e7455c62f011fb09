"""Cookies of the console: no script reads them, and over TLS they go over TLS only."""

from starlette.types import Scope

PATH = "/console"
PROVIDER = f"{PATH}/provider"
"""Where a browser goes to the identity provider, and comes back to."""
LONGEST = 4096
"""Bytes that every browser keeps (RFC 6265 §6.1)."""


def set_cookie(scope: Scope, name: str, value: str, seconds: int, path: str = PATH) -> str:
    """The value of a ``Set-Cookie``; of 0 seconds it takes the cookie away. ``scope``: of the request that it answers, which
    says whether that came over TLS, here or at a trusted proxy."""
    # Lax, not Strict: whoever comes back from the identity provider is signed in.
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return f"{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
