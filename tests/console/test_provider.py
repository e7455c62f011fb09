"""Signing in at an identity provider: who comes back is whom this browser sent, with a token that the services accept."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.chassis.ground.key_files import KeyFileDamaged
from services.chassis.ground.oidc_settings import OidcSettings
from services.chassis.ground.settings import Settings
from services.console.identity_provider import IdentityProvider
from services.console.pending_sign_ins import PREFIX, PendingSignIn, page_of_console
from services.console.sealing import Seal
from tests.chassis.web.tokens import NOW
from tests.console.small_house import SmallHouse, small_house
from tests.console.small_provider import CLIENT, SECRET, SmallProvider, small_provider
from tests.support.security_lines import security_lines

HTML = {"Accept": "text/html"}
BEGIN, CALLBACK = "/console/provider/sign-in", "/console/provider/callback"


@pytest.fixture(scope="module")
def signing_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallHouse, SmallProvider]]:
    folder = tmp_path_factory.mktemp("provider")
    with ExitStack() as stack:
        provider = stack.enter_context(small_provider(folder))
        yield stack.enter_context(small_house(settings_for(provider, folder))), provider


def settings_for(provider: SmallProvider, folder: Path, secret: str = SECRET) -> Settings:
    file = folder / f"{secret}.txt"
    file.touch(0o600)
    file.write_text(f"{secret}\n")
    oidc = OidcSettings(
        issuer=provider.issuer, client_id=CLIENT, client_secret_file=file, console_url="https://lika.test"
    )
    return Settings(
        data_dir=folder / "data", jwks_url=f"{provider.issuer}/keys", token_issuer=provider.issuer, oidc=oidc
    )


@pytest.fixture
def house(signing_in: tuple[SmallHouse, SmallProvider]) -> SmallHouse:
    return signing_in[0]


@pytest.fixture
def provider(signing_in: tuple[SmallHouse, SmallProvider]) -> SmallProvider:
    """As if nobody had tried it before."""
    found = signing_in[1]
    for each in (found.claims, found.id_claims, found.told, found.codes, found.asked):
        each.clear()
    return found


def begun(browser: httpx.Client, back: str = "/console/households") -> str:
    """Where the browser is sent."""
    answer = browser.get(BEGIN, params={"back": back})
    assert answer.status_code == 303
    return answer.headers["location"]


def refused(answer: httpx.Response, status: int, code: str) -> None:
    """Without a session, and in both languages."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["title"] != answer.json()["title_en"]
    assert [each for each in answer.headers.get_list("set-cookie") if "lika-session-" in each] == []


def test_who_signs_in_there_is_led_back_to_where_they_were_and_signed_in(
    house: SmallHouse, provider: SmallProvider
) -> None:
    page = "/console/households?place=990001&status=registered"
    began = house.browser(scheme="https").get(BEGIN, params={"back": page})
    browser = house.browser(began.headers["set-cookie"].partition(";")[0], scheme="https")
    with security_lines() as lines:
        answer = browser.get(CALLBACK, params=provider.agree(began.headers["location"]))
    assert answer.headers["location"] == page
    session, pending = answer.headers.get_list("set-cookie")
    assert session.startswith("__Secure-lika-session-")
    assert "Max-Age=3600; HttpOnly; SameSite=Lax; Secure" in session
    assert (pending.startswith(f"__Secure-{PREFIX}"), "Path=/console/provider; Max-Age=0" in pending) == (True, True)
    assert [(line["event"], line["account"]) for line in lines if line["event"] == "sign_in"] == [
        ("sign_in", "cadre-1")
    ]
    hats = house.browser(session.partition(";")[0], scheme="https").get("/console/bff/session").json()
    assert ([hat["account"] for hat in hats["hats"]], hats["hats"][0]["roles"], hats["provider"]) == (
        ["cadre-1"],
        ["cadre"],
        True,
    )


def test_what_begins_a_sign_in_is_kept_by_this_browser_alone_sealed_and_for_minutes(
    house: SmallHouse, provider: SmallProvider
) -> None:
    answer = house.browser(scheme="https").get(BEGIN)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
    assert (asked["client_id"], asked["scope"]) == (CLIENT, "openid")
    assert asked["redirect_uri"] == f"https://lika.test{CALLBACK}"
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert set(attributes) == {"Path=/console/provider", "Max-Age=600", "HttpOnly", "SameSite=Lax", "Secure"}
    assert asked["state"] not in name
    assert asked["nonce"] not in name
    assert answer.headers["cache-control"] == "no-store"


def test_another_browser_s_sign_in_one_that_was_used_and_none_at_all_open_nothing(
    house: SmallHouse, provider: SmallProvider
) -> None:
    browser = house.browser()
    back = provider.agree(begun(browser))
    refused(house.browser().get(CALLBACK, params=back), 403, "sign_in_not_begun_here")
    refused(browser.get(CALLBACK, params={**back, "state": "another"}), 403, "sign_in_not_begun_here")
    refused(browser.get(CALLBACK, params={**back, "iss": "https://other.test"}), 403, "sign_in_not_begun_here")
    refused(browser.get(CALLBACK), 403, "sign_in_not_begun_here")
    assert provider.asked == []
    assert browser.get(CALLBACK, params=back).status_code == 303
    refused(browser.get(CALLBACK, params=back), 403, "sign_in_not_begun_here")


@pytest.mark.parametrize(("left", "is_known"), [(timedelta(seconds=1), True), (timedelta(0), False)])
def test_a_sign_in_that_was_begun_too_long_ago_is_begun_again(
    house: SmallHouse, left: timedelta, is_known: bool
) -> None:
    pending = PendingSignIn("state", "nonce", "verifier", "/console/", NOW + left)
    seal = Seal.of(house.settings)
    cookie = pending.cookie(seal, {"scheme": "http"}).partition(";")[0]
    scope = {"type": "http", "headers": [(b"cookie", cookie.encode())]}
    assert (PendingSignIn.brought(seal, scope, "state", NOW) == pending) is is_known


def test_two_tabs_begin_and_each_comes_back_to_its_own_page(house: SmallHouse, provider: SmallProvider) -> None:
    browser = house.browser()
    tabs = [(page, provider.agree(begun(browser, page))) for page in ("/console/inbox", "/console/duties")]
    for page, back in tabs:
        assert browser.get(CALLBACK, params=back).headers["location"] == page


def test_the_provider_s_no_is_told(house: SmallHouse, provider: SmallProvider) -> None:
    browser = house.browser()
    state = provider.agree(begun(browser))["state"]
    told = {"error": "access_denied", "error_description": "<b>no</b>", "state": state}
    answer = browser.get(CALLBACK, params=told, headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    for expected in (
        "identity_provider_refused",
        "身份平台没有让您登录",
        "did not sign you in",
        'href="/console/sign-in"',
    ):
        assert expected in answer.text
    assert ("<b>no" in answer.text, "<script" in answer.text) == (False, False)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("where", "wrong", "status", "code"),
    [
        ("claims", {"roles": None}, 403, "sign_in_without_post"),
        ("claims", {"division": None}, 403, "sign_in_without_post"),
        ("claims", {"roles": ["offline_access"]}, 403, "sign_in_without_post"),
        ("claims", {"aud": "elsewhere"}, 401, "token_not_accepted"),
        ("claims", {"iss": "https://other.test"}, 401, "token_not_accepted"),
        ("claims", {"exp": int(NOW.timestamp()) - 60}, 401, "token_expired"),
        ("claims", {"exp": int(NOW.timestamp()) + 13 * 3600}, 401, "token_lives_too_long"),
        ("claims", {"sub": "cadre-2"}, 401, "token_not_accepted"),
        ("claims", {"padding": "x" * 3000}, 409, "token_too_long_for_session"),
        ("id_claims", {"nonce": "another"}, 403, "identity_provider_refused"),
        ("id_claims", {"aud": "another-client"}, 403, "identity_provider_refused"),
        ("id_claims", {"iss": "https://other.test"}, 403, "identity_provider_refused"),
        ("id_claims", {"exp": int(NOW.timestamp()) - 60}, 403, "identity_provider_refused"),
        ("told", {"id_token": "no token"}, 403, "identity_provider_refused"),
        ("told", {"access_token": "opaque"}, 401, "token_not_accepted"),
    ],
)
def test_a_token_that_no_service_would_accept_opens_no_session(
    house: SmallHouse, provider: SmallProvider, where: str, wrong: dict[str, Any], status: int, code: str
) -> None:
    getattr(provider, where).update(wrong)
    browser = house.browser()
    answer = browser.get(CALLBACK, params=provider.agree(begun(browser)))
    refused(answer, status, code)
    assert PREFIX in answer.headers["set-cookie"]  # it is over, and begun anew


def test_a_client_that_the_provider_does_not_know_is_told_as_its_no(provider: SmallProvider, tmp_path: Path) -> None:
    with small_house(settings_for(provider, tmp_path, "wrong-secret")) as house:
        browser = house.browser()
        refused(browser.get(CALLBACK, params=provider.agree(begun(browser))), 403, "identity_provider_refused")


def test_a_provider_that_is_away_is_said_and_nobody_waits_long(tmp_path: Path) -> None:
    with small_provider(tmp_path) as gone:
        settings = settings_for(gone, tmp_path)
    with small_house(settings) as house:
        answer = house.browser().get(BEGIN)
        refused(answer, 503, "identity_provider_unreachable")
        assert answer.headers["retry-after"] == "5"
        ending = house.browser(house.cookie()).post("/console/bff/session/endings", headers={"Lika-Account": "cadre-1"})
        assert (ending.status_code, ending.json()) == (200, {"provider": None})
        assert "Max-Age=0" in ending.headers["set-cookie"]


def test_signing_out_leads_to_the_provider_which_is_told_nothing_of_the_person(
    house: SmallHouse, provider: SmallProvider
) -> None:
    browser = house.browser(house.cookie())
    address = browser.post("/console/bff/session/endings", headers={"Lika-Account": "cadre-1"}).json()["provider"]
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{provider.issuer}/end"
    assert parse_qs(parts.query) == {
        "realm": ["1"],
        "client_id": [CLIENT],
        "post_logout_redirect_uri": ["https://lika.test/console/sign-in"],
    }


@pytest.mark.parametrize(
    "elsewhere",
    [
        None, "", "https://other.test/", "//other.test/console/", "/\\other.test", "/registry/docs", "/console", "/consoles/",
        "/console/../registry/docs", "/console/%2e%2e/registry", "/console/..%2fregistry", "/console/a\\..\\..\\x",
        "/console//other.test", "/console/\r\nSet-Cookie: x=y", "javascript:alert(1)", "/console/" + "x" * 1024,
    ],
)  # fmt: skip
def test_nobody_is_led_out_of_the_console(elsewhere: str | None) -> None:
    assert page_of_console(elsewhere) == "/console/"


@pytest.mark.parametrize(
    "page", ["/console/", "/console/households/1?as_of=2014-05-20#top", "/console/acts/registry/x?path=/registry/y"]
)
def test_every_page_of_the_console_can_be_come_back_to(page: str) -> None:
    assert page_of_console(page) == page


def test_where_there_is_no_provider_the_pages_say_so(tmp_path: Path) -> None:
    with small_house(Settings(data_dir=tmp_path)) as house:
        assert house.browser().get("/console/bff/session").json()["provider"] is False
        assert (
            house.browser().get(BEGIN).headers["content-type"] == "text/html; charset=utf-8"
        )  # a page that says it is none


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({"issuer": "https://idp.test"}, "LIKA_OIDC_CLIENT_ID"),
        ({"issuer": "http://idp.test", "client_id": "x", "console_url": "https://lika.test"}, "https://"),
        ({"issuer": "https://idp.test", "client_id": "x", "console_url": "http://lika.test"}, "https://"),
        ({"issuer": "https://idp.test", "client_id": "x", "console_url": "https://lika.test/path"}, "console_url"),
        ({"scope": "profile"}, "scope"),
    ],
)
def test_half_a_provider_is_none(settings: dict[str, str], names: str) -> None:
    with pytest.raises(ValueError, match=names):
        OidcSettings(**settings)  # type: ignore[arg-type]


def test_with_a_provider_tokens_are_verified_by_its_keys(tmp_path: Path) -> None:
    oidc = OidcSettings(issuer="https://idp.test", client_id="x", console_url="https://lika.test")
    with pytest.raises(ValueError, match="LIKA_JWKS_URL"):
        Settings(data_dir=tmp_path, oidc=oidc, jwks_url=None, jwks_file=None)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_a_file_without_a_secret_is_refused_at_the_start(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret.txt"
    file.touch(0o600)
    file.write_bytes(content)
    settings = OidcSettings(
        issuer="https://id.example.test", client_id=CLIENT, client_secret_file=file, console_url="https://lika.test"
    )
    with pytest.raises(KeyFileDamaged) as refused:
        IdentityProvider(settings, lambda: NOW)
    assert refused.value.message.code == "secret_file_unreadable"
