"""Tokens, roles and scope."""

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from contracts.roles import Role
from services.chassis.ground.key_files import KeyFileExposed
from services.chassis.ground.settings import Settings
from services.chassis.security.actor import Actor
from services.chassis.security.provider_keys import jwks_file
from services.chassis.security.revocations import LOOK_AGAIN_SECONDS
from services.chassis.security.tokens import LocalKey, issue_token
from services.chassis.security.verifier import Unauthenticated, Verifier
from services.chassis.web.application import service_app
from services.chassis.web.callers import CurrentActor
from services.chassis.web.routing import DeferredRouter
from tests.support.access import access_of

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = LocalKey(OKPKey.generate_key("Ed25519"))
CLAIMS = {
    "iss": "lika",
    "aud": "lika",
    "sub": "cadre-7",
    "roles": ["cadre"],
    "division": "520203001",
    "nbf": int(NOW.timestamp()),
    "exp": int((NOW + HOUR).timestamp()),
}


def token(**changes: Any) -> str:
    return KEY.sign({name: value for name, value in {**CLAIMS, **changes}.items() if value is not None})


def verifier(now: datetime = NOW, load: Any = KEY.jwks) -> Verifier:
    return Verifier(load, issuer="lika", audience="lika", now=lambda: now)


router = DeferredRouter()


@router.get("/me")
async def who_am_i(actor: CurrentActor) -> dict[str, str]:
    return {"subject": actor.subject, "division": actor.division}


@router.post("/decisions")
async def decide(actor: CurrentActor) -> dict[str, str]:
    return {"subject": actor.subject}


def client(now: datetime = NOW) -> TestClient:
    access = access_of(router, roles={"decide": (Role.DECIDER, Role.OPERATOR)})
    return TestClient(
        service_app(name="sample", title="Sample", routers=[router], access=access, verifier=verifier(now))
    )


def ask(sent: str, now: datetime = NOW) -> httpx.Response:
    answer: httpx.Response = client(now).get("/me", headers={"Authorization": f"Bearer {sent}"})
    return answer


def issued(**changes: Any) -> str:
    wanted: dict[str, Any] = {
        "subject": "cadre-7", "roles": [Role.CADRE], "division": "520203001", "ttl": HOUR, "now": NOW,
    }  # fmt: skip
    return issue_token(KEY, **{**wanted, **changes})


def test_an_issued_token_is_accepted() -> None:
    assert ask(issued()).json() == {"subject": "cadre-7", "division": "520203001"}


def test_without_a_token_the_challenge_names_the_scheme_only() -> None:
    answer = client().get("/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == 'Bearer realm="lika"'


def test_a_token_serves_until_its_end_and_the_leeway_and_not_longer() -> None:
    sent, end = issued(), NOW + HOUR
    assert ask(sent, end + timedelta(seconds=29)).status_code == 200
    late = ask(sent, end + timedelta(seconds=30))
    assert (late.status_code, late.json()["code"]) == (401, "token_expired")


def test_a_token_serves_from_its_beginning_less_the_leeway() -> None:
    sent = token()
    assert ask(sent, NOW - timedelta(seconds=30)).status_code == 200
    assert ask(sent, NOW - timedelta(seconds=31)).status_code == 401


def unsigned() -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    kid = anyio.run(KEY.jwks)["keys"][0]["kid"]
    return f"{part({'alg': 'none', 'kid': kid})}.{part(CLAIMS)}."


def signed_with_the_public_key_as_secret() -> str:
    public = anyio.run(KEY.jwks)["keys"][0]
    secret = OctKey.import_key(public["x"].encode())
    return jwt.encode({"alg": "HS256", "kid": public["kid"]}, dict(CLAIMS), secret, algorithms=["HS256"])


def signed_by_a_stranger() -> str:
    kid = anyio.run(KEY.jwks)["keys"][0]["kid"]
    stranger = OKPKey.generate_key("Ed25519")
    return jwt.encode({"alg": "Ed25519", "kid": kid}, dict(CLAIMS), stranger, algorithms=["Ed25519"])


def token_of_another_application() -> str:
    """Its end stands before its audience: whoever looks at claims in their order finds it expired, and this account's."""
    ended = {"exp": int((NOW - HOUR).timestamp())}
    return KEY.sign({**ended, **{n: v for n, v in CLAIMS.items() if n != "exp"}, "aud": "another"})


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(lambda: token(aud="another"), id="another audience"),
        pytest.param(lambda: token(aud=None), id="no audience"),
        pytest.param(lambda: token(iss="another"), id="another issuer"),
        pytest.param(token_of_another_application, id="another application's, which has ended"),
        pytest.param(lambda: token(exp=None), id="no end"),
        pytest.param(lambda: token(iat="then"), id="a beginning that is no time"),
        pytest.param(lambda: token(exp="never"), id="an end that is no time"),
        pytest.param(lambda: token(exp=10**30), id="an end beyond all calendars"),
        pytest.param(lambda: token(exp=float("inf")), id="an end that never comes"),
        pytest.param(lambda: token(sub=None), id="no subject"),
        pytest.param(lambda: token(sub="张三"), id="a name as subject"),
        pytest.param(lambda: token(roles="cadre"), id="roles that are no list"),
        pytest.param(lambda: token(division=None), id="no scope, which is not everywhere"),
        pytest.param(lambda: token(division="52020"), id="a scope between two levels"),
        pytest.param(lambda: token(division="５２"), id="a scope in other digits"),
        pytest.param(unsigned, id="alg none"),
        pytest.param(signed_with_the_public_key_as_secret, id="the public key as an HMAC secret"),
        pytest.param(signed_by_a_stranger, id="another key"),
        pytest.param(lambda: token()[:-4], id="cut short"),
        pytest.param(lambda: token() + "A" * 9000, id="too long"),
        pytest.param(lambda: "not.a.token", id="not a token"),
    ],
)
def test_these_tokens_are_not_accepted(sent: Any) -> None:
    answer = ask(sent())
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_accepted")
    assert answer.headers["www-authenticate"] == 'Bearer realm="lika", error="invalid_token"'


@given(st.text() | st.lists(st.from_regex(r"[A-Za-z0-9_-]{0,40}", fullmatch=True), max_size=5).map(".".join))
def test_no_text_at_all_breaks_the_verifier(sent: str) -> None:
    with pytest.raises(Unauthenticated):
        anyio.run(verifier().actor, sent)


@pytest.mark.parametrize(
    ("alg", "key"),
    [("ES256", ECKey.generate_key("P-256")), ("RS256", RSAKey.generate_key(2048)), ("Ed25519", OKPKey.generate_key())],
    ids=["ES256", "RS256", "Ed25519"],
)
def test_an_identity_providers_signatures_are_accepted(tmp_path: Path, alg: str, key: Any) -> None:
    key.ensure_kid()
    document = tmp_path / "jwks.json"
    document.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    sent = jwt.encode({"alg": alg, "kid": key.kid}, {**CLAIMS, "roles": ["cadre", "of-another-system"]}, key, [alg])
    assert anyio.run(verifier(load=jwks_file(document)).actor, sent).roles == {Role.CADRE}


def test_a_symmetric_key_in_a_public_document_is_not_used(tmp_path: Path) -> None:
    secret = OctKey.generate_key(256)
    secret.ensure_kid()
    document = tmp_path / "jwks.json"
    document.write_text(json.dumps(KeySet([secret]).as_dict(private=True)))
    sent = jwt.encode({"alg": "HS256", "kid": secret.kid}, dict(CLAIMS), secret, ["HS256"])
    with pytest.raises(Unauthenticated):
        anyio.run(verifier(load=jwks_file(document)).actor, sent)


@pytest.mark.parametrize(
    ("life", "changes", "code"),
    [
        (timedelta(hours=12), {"iat": int(NOW.timestamp())}, None),
        (timedelta(hours=12, seconds=1), {"iat": int(NOW.timestamp())}, "token_lives_too_long"),
        (timedelta(hours=12), {"iat": int((NOW - HOUR).timestamp())}, "token_lives_too_long"),
        (timedelta(hours=12, seconds=30), {}, None),
        (timedelta(hours=12, seconds=31), {}, "token_lives_too_long"),
        (timedelta(days=365 * 7973), {"iat": int(NOW.timestamp())}, "token_lives_too_long"),
    ],
    ids=[
        "twelve hours",
        "a second more",
        "begun an hour ago",
        "no beginning, with the leeway",
        "beyond it",
        "the year 9999",
    ],
)
def test_a_token_may_live_for_twelve_hours(life: timedelta, changes: dict[str, Any], code: str | None) -> None:
    answer = ask(token(exp=int((NOW + life).timestamp()), **changes))
    assert answer.json().get("code") == code
    if code is not None:
        assert (answer.status_code, answer.json()["facts"]) == (401, {"hours": 12.0})


def test_tokens_issued_before_a_revocation_are_void_and_later_ones_are_not() -> None:
    void = {"cadre-7": NOW}
    asked = verifier()
    asked.revocations.look_with(lambda: void)

    def code(sent: str) -> str | None:
        try:
            anyio.run(asked.actor, sent)
        except Unauthenticated as refused:
            return refused.rule.code
        return None

    second = timedelta(seconds=1)
    assert code(issued(now=NOW - second)) == "token_revoked"
    assert code(token()) == "token_revoked"  # it does not say when it was issued
    assert code(issued()) is None
    assert code(issued(now=NOW - second, subject="cadre-8")) is None


def test_a_token_that_was_accepted_before_its_revocation_is_void_within_seconds() -> None:
    ticks, void = [0.0], dict[str, datetime]()
    asked = Verifier(KEY.jwks, issuer="lika", audience="lika", now=lambda: NOW, ticks=lambda: ticks[0])
    asked.revocations.look_with(lambda: dict(void))
    sent = issued()
    assert anyio.run(asked.actor, sent).subject == "cadre-7"
    void["cadre-7"] = NOW + HOUR
    ticks[0] += 2 * LOOK_AGAIN_SECONDS
    with pytest.raises(Unauthenticated) as refused:
        anyio.run(asked.actor, sent)
    assert (refused.value.rule.code, refused.value.account) == ("token_revoked", "cadre-7")


def test_the_wrong_role_is_403_and_the_right_one_passes() -> None:
    def decide_as(*roles: Role) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {issued(roles=roles)}"}
        answer: httpx.Response = client().post("/decisions", headers=bearer)
        return answer

    assert decide_as(Role.CADRE, Role.DECIDER).status_code == 200
    assert decide_as(Role.OPERATOR).status_code == 200
    assert decide_as(Role.CADRE, Role.AUDITOR).json()["code"] == "role_not_allowed"
    assert decide_as().status_code == 403


def test_the_local_key_is_kept_and_closed_to_others(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    sent = issue_token(LocalKey.of(settings), subject="a", roles=[Role.AUDITOR], division="", ttl=HOUR, now=NOW)
    assert anyio.run(Verifier.of(settings, now=lambda: NOW).actor, sent) == Actor("a", frozenset({Role.AUDITOR}), "")
    file = settings.keys_dir / "token-signing.jwk"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    with pytest.raises(KeyFileExposed):
        LocalKey.of(settings)


def test_the_scheme_stands_in_the_openapi_document() -> None:
    document = client().get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["bearer"]["bearerFormat"] == "JWT"
    assert document["paths"]["/me"]["get"]["security"] == [{"bearer": []}]


def test_a_token_of_another_installation_says_so_and_a_forged_one_does_not() -> None:
    other = issue_token(LocalKey(OKPKey.generate_key("Ed25519")), subject="a", roles=[], division="", ttl=HOUR, now=NOW)
    assert ask(other).json()["code"] == "token_of_another_key"
    assert ask(signed_by_a_stranger()).json()["code"] == "token_not_accepted"
    assert ask("nonsense").json()["code"] == "token_not_accepted"
