"""Sessions of browsers: each token in a cookie of its own, sealed, so that no script and no disk shows it, a restart ends no
session and any replica serves it. Nothing is kept here."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import HTTPConnection
from starlette.types import Scope

from services.chassis.ground.refusals import Refused, rule
from services.console.cookies import LONGEST, cookie_name, set_cookie
from services.console.sealing import Seal

PREFIX = "lika-session-"
MOST_BROUGHT = 16 * 1024
"""Bytes of cookies that a browser is to bring: half of the headers that a server of ours takes by default. Beyond those every
request would be refused, signing out included."""

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
    """Seals sessions into cookies and opens them."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def cookie(self, scope: Scope, session: Session, now: datetime) -> str:
        """The value of a ``Set-Cookie``. Raises ``Refused`` where no browser would keep it."""
        sealed = self._seal.sealed(PREFIX, [session.account, session.token, session.until.timestamp()])
        cookie = set_cookie(scope, _name(session.account), sealed, session.seconds_left(now))
        if len(cookie) > LONGEST:
            raise Refused(TOKEN_TOO_LONG)
        return cookie

    def signed_in(self, scope: Scope, opened: Sequence[Session], now: datetime) -> list[str]:
        """The values of ``Set-Cookie`` that sign these in; of the sessions that the request brings, those that end first are
        taken away where all together would be more than ``MOST_BROUGHT``. Raises ``Refused`` where no browser would keep one.
        """
        answer = [self.cookie(scope, session, now) for session in opened]
        size = sum(len(cookie.partition(";")[0]) for cookie in answer)
        brought = HTTPConnection(scope).cookies
        replaced = {session.account for session in opened}
        for held in self.all_of(scope, now):
            if held.account not in replaced:
                name = cookie_name(scope, _name(held.account))
                size += len(name) + len(brought[name])
                if size > MOST_BROUGHT:
                    answer.append(self.ended(scope, held.account))
        return answer

    def ended(self, scope: Scope, account: str) -> str:
        """The ``Set-Cookie`` that takes a session away."""
        return set_cookie(scope, _name(account), "", 0)

    def all_of(self, scope: Scope, now: datetime) -> list[Session]:
        """The sessions that a request brings, the one that ends last first."""
        brought = HTTPConnection(scope).cookies.items()
        prefix = cookie_name(scope, PREFIX)
        opened = (self._open(scope, name, value) for name, value in brought if name.startswith(prefix))
        return sorted((s for s in opened if s and s.until > now), key=lambda s: (s.until, s.account), reverse=True)

    def of_account(self, scope: Scope, account: str, now: datetime) -> Session | None:
        name = cookie_name(scope, _name(account))
        session = self._open(scope, name, HTTPConnection(scope).cookies.get(name, ""))
        return session if session and session.until > now and session.account == account else None

    def _open(self, scope: Scope, name: str, value: str) -> Session | None:
        match self._seal.opened(PREFIX, value):
            case [str(account), str(token), float(until)] if name == cookie_name(scope, _name(account)):
                return Session(account, token, datetime.fromtimestamp(until, UTC))
        return None


def _name(account: str) -> str:
    """Accounts have signs that a cookie's name may not have."""
    return PREFIX + hashlib.sha256(account.encode()).hexdigest()[:16]
