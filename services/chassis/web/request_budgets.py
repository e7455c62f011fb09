"""How many requests one account may make, and how many sign-ins may fail from one address: of one process, in memory."""

import math
from typing import TypeVar

from joserfc.errors import JoseError
from starlette.types import Scope

from contracts.roles import Role
from services.chassis.ground.limits import Limits
from services.chassis.ground.networks import network_of
from services.chassis.ground.refusals import Unavailable, rule
from services.chassis.ground.token_buckets import TokenBuckets
from services.chassis.security.access_table import AccessRow
from services.chassis.security.actor import Actor
from services.chassis.security.service_tokens import is_service_token

K = TypeVar("K")
V = TypeVar("V")

SCOPE_KEY = "lika.budgets"
"""Key in the ASGI scope of what ``root_app`` counts with; absent where a service is tried alone."""
IS_SIGNED_IN = "lika.is_signed_in"
"""Key in the ASGI scope of a function that says whether the request is of somebody who had signed in, where that shows in
something else than the header by which a caller is known; absent otherwise."""
REMEMBERED = 10_000

TOO_MANY_REQUESTS = rule(
    "too_many_requests",
    zh="您的账户请求过于频繁，请稍后再试；批量工作请用导入、导出。",
    en="Your account makes too many requests; try again shortly, and use imports and exports for work in bulk.",
    source="RFC 6585 §4",
    status=429,
)
TOO_MANY_COSTLY_REQUESTS = rule(
    "too_many_costly_requests",
    zh="您的账户连续请求费时的项目（报表、导入、导出、查找）过多，请稍后再试。",
    en="Your account asked for too much that takes long (statements, imports, exports, searches); try again shortly.",
    source="RFC 6585 §4",
    status=429,
)
SIGN_INS_THROTTLED = rule(
    "sign_ins_throttled",
    zh="该网络地址登录失败过多，暂不接受新的登录；已登录的不受影响。",
    en="Too many sign-ins from your network address have failed: new ones are not taken for now. Whoever is signed in goes on.",
    source="RFC 6585 §4",
    status=429,
)


class RequestBudgets:
    """Used by the event loop of one server. A header that signed somebody in is remembered as a number that nobody can
    choose (``hash``), so that a throttled address still serves those who are signed in there."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._failures = TokenBuckets(limits.failed_sign_ins, limits.failed_sign_ins_per_second)
        self._ended = TokenBuckets(limits.failed_sign_ins, limits.failed_sign_ins_per_second)
        self._ended_tokens: dict[int, str] = {}
        self._requests = TokenBuckets(limits.requests, limits.requests_per_second)
        self._costly = TokenBuckets(limits.costly_requests, limits.costly_requests_per_second)
        self._signed_in: dict[int, bool] = {}
        self._services_at: dict[str, bool] = {}

    def is_throttled(self, scope: Scope) -> bool:
        """Whether too many sign-ins have failed at this address, and this request is nobody's who had signed in; or it sends
        again, and too often, a token that has ended."""
        client = scope.get("client")
        if client is not None and (again := authorization(scope)) is not None:
            account = self._ended_tokens.get(hash(again))
            if account is not None and self._ended.wait((account, network_of(client[0]))):
                return True
        if client is None or not self._failures.wait(network := network_of(client[0])):
            return False
        if IS_SIGNED_IN in scope and scope[IS_SIGNED_IN]():
            return False
        sent = authorization(scope)
        if sent is None or hash(sent) in self._signed_in:
            return sent is None
        # Services sign a new token every few minutes: where one is known to be, who says it is one is heard.
        return network not in self._services_at or not _says_it_is_a_service(sent)

    def sign_in_failed(self, scope: Scope, account: str | None) -> None:
        """``account``: whose genuine token it was that has ended. A network whose tokens all end at noon is no attacker, and
        whoever found somebody's old token must not use up what the account itself may ask: each account has a budget of
        ended tokens in each network. Raises ``Unavailable`` (429) where it is used up."""
        client = scope.get("client")
        if client is None:
            return
        network = network_of(client[0])
        if account is None:
            self._failures.take(network)
            return
        if (sent := authorization(scope)) is not None:
            _remember(self._ended_tokens, hash(sent), account)
        if wait := self._ended.take((account, network)):
            raise Unavailable(SIGN_INS_THROTTLED, retry_after=math.ceil(wait))

    def signed_in(self, scope: Scope, actor: Actor) -> None:
        sent, client = authorization(scope), scope.get("client")
        if sent is not None:
            _remember(self._signed_in, hash(sent), True)
        if client is not None and actor.roles == {Role.SERVICE}:
            _remember(self._services_at, network_of(client[0]), True)

    def spend(self, actor: Actor, row: AccessRow) -> None:
        """Raises ``Unavailable`` (429). Services of Lika have no budget: how fast they read is how fast figures are right."""
        if actor.roles == {Role.SERVICE}:
            return
        if wait := self._requests.take(actor.subject):
            raise Unavailable(TOO_MANY_REQUESTS, retry_after=math.ceil(wait), **_rate(self._limits.requests_per_second))
        if row.is_costly:
            self.spend_costly(actor)

    def spend_costly(self, actor: Actor) -> None:
        """For what is costly by the way in which it is asked. Raises ``Unavailable`` (429)."""
        if wait := self._costly.take(actor.subject):
            rate = _rate(self._limits.costly_requests_per_second)
            raise Unavailable(TOO_MANY_COSTLY_REQUESTS, retry_after=math.ceil(wait), **rate)


def _remember(known: dict[K, V], what: K, of_it: V) -> None:
    while len(known) >= REMEMBERED and what not in known:
        del known[next(iter(known))]
    known[what] = of_it


def _says_it_is_a_service(sent: bytes) -> bool:
    try:
        return is_service_token(sent.partition(b" ")[2].decode())
    except (JoseError, ValueError):
        return False


def _rate(per_second: float) -> dict[str, float]:
    return {"per_second": per_second}


def authorization(scope: Scope) -> bytes | None:
    """The header by which a caller is known. ASGI servers give the names in lower case."""
    return next((value for name, value in scope["headers"] if name == b"authorization"), None)
