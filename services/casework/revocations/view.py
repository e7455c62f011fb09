"""The table ``revoked_tokens``, of the service's own log or of what it follows of the registry's, and the verifier that asks it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from contracts.facts import Recorded
from contracts.registry.token_revocations import TokensRevoked
from services.chassis.log.store import Store
from services.chassis.security.verifier import Verifier
from services.chassis.views.table import Row, Table
from services.chassis.views.view import View, view_of_streams

REVOKED = Table("revoked_tokens", "account_id", ("account_id", "account", "issued_before"))
PREFIX = "account-"
_NAMESPACE = UUID("6b3f5a1e-44b8-5d0e-9a59-0a7f6d1f2c31")


def stream_of(account: str) -> str:
    return f"{PREFIX}{uuid5(_NAMESPACE, account)}"


def view(log: str | None = None) -> View[UUID]:
    """``log``: the registry's, for whoever follows it."""
    return view_of_streams(
        "revoked_tokens", (REVOKED,), frozenset({TokensRevoked.type_name}), PREFIX, UUID, _rows, log=log
    )


def _rows(account_id: UUID, facts: Sequence[Recorded]) -> tuple[list[Row]]:
    revoked = [r.fact for r in facts if isinstance(r.fact, TokensRevoked)]
    latest = max(revoked, key=lambda fact: fact.issued_before, default=None)
    return ([(account_id, latest.account, latest.issued_before)] if latest is not None else [],)


def refuse_revoked_tokens(verifier: Verifier, store: Store) -> None:
    """From now on the verifier refuses what this service has read of."""
    verifier.revocations.look_with(partial(void_before, store))


def void_before(store: Store) -> Mapping[str, datetime]:
    with store.reading() as conn:
        return dict(conn.execute("SELECT account, issued_before FROM revoked_tokens").fetchall())
