"""Tokens are void in every service once an operator has revoked them, and later ones are good."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI

from contracts.registry.token_revocations import RevocationReason, TokensRevoked
from contracts.roles import Role
from services.casework.revocations.view import stream_of, view, void_before
from services.chassis.environment import Environment
from services.chassis.following.reactions import Reaction
from services.chassis.log.unit import Tx
from services.chassis.security import revocations
from services.chassis.security.tokens import issue_token
from services.chassis.service import Service
from services.chassis.store_opening import open_store
from services.registry.service import registry
from tests.audit.producers import stub_service
from tests.support.access import NO_ROUTES
from tests.support.eventually import eventually
from tests.support.running import ApiClient, Lika, lika

ROUTE = "/registry/token-revocations"
LOST = {"account": "Cadre-7", "reason": "lost"}


def issued_later(running: Lika, account: str) -> ApiClient:
    """A token of the next second: Unix times in tokens have no fractions."""
    now = datetime.now(UTC) + timedelta(seconds=1)
    token = issue_token(
        running._key, subject=account, roles=[Role.CADRE], division="990001", ttl=timedelta(hours=1), now=now
    )
    return ApiClient(running.client, token, running.positions)


def test_an_operator_revokes_what_was_issued_to_an_account_and_nothing_else(
    database: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "LOOK_AGAIN_SECONDS", 0.1)
    with lika([registry], database, tmp_path) as running:
        cadre = running.client_for("cadre-7", "990001", Role.CADRE)
        other = running.client_for("cadre-8", "990001", Role.CADRE)
        assert cadre.get("/registry/divisions").status_code == 200
        assert other.post(ROUTE, LOST).json()["code"] == "role_not_allowed"
        assert running.client_for("op-2", "990001", Role.OPERATOR).post(ROUTE, LOST).status_code == 404
        operator = running.client_for("op-1", "", Role.OPERATOR)
        assert operator.post(ROUTE, {**LOST, "reason": "张三偷走了"}).status_code == 422
        assert operator.post(ROUTE, LOST).status_code == 201
        eventually(lambda: cadre.get("/registry/divisions").status_code == 401, within=10)
        assert cadre.get("/registry/divisions").json()["code"] == "token_revoked"
        assert issued_later(running, "cadre-7").get("/registry/divisions").status_code == 200
        assert other.get("/registry/divisions").status_code == 200


def follower(environment: Environment) -> tuple[Service, FastAPI]:
    reactions: tuple[Reaction, ...] = (view("registry"),)
    service = Service(
        name="follower", title="follower", environment=environment, store=open_store("follower", environment),
        reads={"registry": reactions}, access=NO_ROUTES,
    )  # fmt: skip
    return service, service.app()


def revoked(account: str, before: datetime) -> TokensRevoked:
    return TokensRevoked(
        effective_on=date(2026, 3, 1), entered_by="op-1", account=account, issued_before=before,
        reason=RevocationReason.LOST,
    )  # fmt: skip


def append(tx: Tx, fact: TokensRevoked) -> None:
    tx.append(stream_of(fact.account), fact)


def test_a_service_apart_learns_it_from_the_registry_s_log_and_the_latest_counts(
    database: Callable[[str], str], tmp_path: Path
) -> None:
    nine, ten = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)
    with lika([stub_service("registry"), follower], database, tmp_path) as running:
        store, of_follower = running.services["registry"].store, running.services["follower"]
        for account, before in (("cadre-7", ten), ("cadre-7", nine), ("cadre-8", nine)):
            store.transact(partial(append, fact=revoked(account, before)))
        eventually(lambda: of_follower.reached("registry") == store.head().position)
        assert void_before(of_follower.store) == {"cadre-7": ten, "cadre-8": nine}


def test_an_account_has_one_stream_that_does_not_say_it() -> None:
    assert stream_of("cadre-7") == stream_of("cadre-7") != stream_of("cadre-8")
    assert UUID(stream_of("cadre/7|x").removeprefix("account-")).version == 5
