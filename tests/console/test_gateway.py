"""From a cookie to a token: what goes on to a service and what comes back, in one process as apart."""

from contextlib import ExitStack
from datetime import timedelta

import pytest

from services.chassis.ground.limits import MEBIBYTE
from services.chassis.ground.settings import Settings
from tests.chassis.web.tokens import NOW
from tests.console.small_house import API, CADRE, LIMITS, SmallHouse, opened, small_house
from tests.support.eventually import eventually
from tests.support.security_lines import security_lines

NOTES = f"{API}/notes"
PROTECTIVE = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


def test_a_service_gets_the_token_and_neither_cookie_nor_account_nor_a_token_of_the_browser(either: SmallHouse) -> None:
    answer = either.browser(either.cookie()).get(
        NOTES, headers={**CADRE, "Authorization": "Bearer another", "X-Own": "1", "Connection": "keep-alive, x-own"}
    )
    told = answer.json()
    assert told["bearer"] == f"Bearer {either.token()}"
    assert {"cookie", "lika-account"}.isdisjoint(told["headers"])
    assert either.token() not in str(answer.headers)


def test_apart_headers_of_one_connection_end_there_both_ways(apart: SmallHouse) -> None:
    sent = {**CADRE, "X-Own": "1", "Connection": "x-own", "TE": "trailers", "Forwarded": "for=10.0.0.1"}
    answer = apart.browser(apart.cookie()).get(NOTES, headers=sent)
    assert {"x-own", "te", "forwarded"}.isdisjoint(answer.json()["headers"])
    assert {"set-cookie", "x-own", "server"}.isdisjoint(answer.headers)
    assert answer.headers["lika-clock"] == "now=2016"


def test_a_service_apart_knows_the_browser_s_address_and_nobody_s_word_for_it(either: SmallHouse) -> None:
    browser = either.browser(either.cookie(scheme="https"), address="192.0.2.44", scheme="https")
    told = browser.get(NOTES, headers=CADRE).json()
    assert (told["client"], told["scheme"]) == ("192.0.2.44", "https")


def test_a_long_answer_goes_packed_to_who_can_unpack_and_is_the_same(either: SmallHouse) -> None:
    browser = either.browser(either.cookie())
    name = "x" * 2000
    for accepted, packing in (("gzip", "gzip"), ("identity", None)):
        answer = browser.get(f"{NOTES}/{name}", headers={**CADRE, "Accept-Encoding": accepted})
        assert (answer.json(), answer.headers.get("content-encoding")) == ({"name": name}, packing)
        assert PROTECTIVE.items() <= dict(answer.headers).items()


@pytest.mark.parametrize("named", [[], [("Lika-Account", "cadre-1"), ("Lika-Account", "cadre-2")]])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_that_another_site_could_send_is_not_taken(
    either: SmallHouse, method: str, named: list[tuple[str, str]]
) -> None:
    answer = either.browser(either.cookie()).request(method, NOTES, headers=named)
    assert (answer.status_code, answer.json()["code"]) == (428, "console_account_not_named")
    assert PROTECTIVE.items() <= dict(answer.headers).items()


def test_what_the_console_refuses_itself_is_on_record(house: SmallHouse) -> None:
    expected = ("refused", "console", "session_ended", "192.0.2.99")
    with security_lines() as lines:
        house.browser(house.cookie("cadre-2"), address="192.0.2.99").get(NOTES, headers=CADRE)
        # It is written when the answer is out.
        eventually(lambda: expected in [(e["event"], e["service"], e["code"], e["address"]) for e in lines])


def test_signing_out_takes_the_header_too(house: SmallHouse) -> None:
    answer = house.browser(house.cookie()).post("/console/bff/session/endings")
    assert (answer.status_code, "set-cookie" in answer.headers) == (428, False)


@pytest.mark.parametrize(
    "path",
    [
        "/console/api/console/bff/session",
        "/console/api/sign-in/x",
        "/console/api/vault/keys",
        "/console/api//registry/notes",
        "/console/api/registry",
        "/console/api/registry/../registry/notes",
        "/console/api/registry/%2e%2e/vault/keys",
        "/console/api/registry/.%2E/vault/keys",
        "/console/api/registry%2fnotes%2f..",
        "/console/api/",
    ],
)
def test_an_address_leads_to_a_service_and_nowhere_else(either: SmallHouse, path: str) -> None:
    status, headers, problem = either.asked_as_it_stands(path)
    assert (status, problem["code"]) == (404, "not_found")
    assert PROTECTIVE.items() <= headers.items()


@pytest.mark.parametrize(
    ("path", "name"), [("a%20b", "a b"), ("%25%32%65", "%2e"), ("%E6%9D%91", "村"), ("a%3Fb", "a?b"), ("a+b", "a+b")]
)
def test_what_is_escaped_in_an_address_comes_as_it_was_sent(either: SmallHouse, path: str, name: str) -> None:
    assert either.asked_as_it_stands(f"{NOTES}/{path}")[2] == {"name": name}


def test_a_body_goes_on_and_a_service_s_refusal_comes_back_as_it_is(either: SmallHouse) -> None:
    browser = either.browser(either.cookie())
    answer = browser.post(NOTES, json={"text": "长" * 100_000}, headers=CADRE)
    assert (answer.status_code, answer.json()) == (201, {"length": 100_000})
    refused = browser.get(f"{NOTES}?nobody=knows", headers=CADRE)
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert browser.get(f"{API}/parts", headers=CADRE).text == "one,two"


def test_a_revoked_token_is_refused_by_the_service_and_no_longer_shown_as_signed_in(settings: Settings) -> None:
    with small_house(settings) as house:
        browser = house.browser(house.cookie(), house.cookie("cadre-2"))
        house.verifier.revocations.look_with(lambda: {"cadre-1": NOW + timedelta(seconds=1)})
        answer = browser.get(NOTES, headers=CADRE)
        assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")
        assert [hat["account"] for hat in browser.get("/console/bff/session").json()["hats"]] == ["cadre-2"]


def test_at_a_throttled_address_signed_in_browsers_go_on_and_nobody_else(settings: Settings) -> None:
    with small_house(settings.model_copy(update={"limits": LIMITS})) as house:
        forged = {"Authorization": "Bearer eyJ.forged.token"}
        answers = [house.browser().get("/registry/notes", headers=forged).status_code for _ in range(4)]
        assert answers == [401] * 3 + [429]
        stranger, signed_in = house.browser(), house.browser(house.cookie())
        for path in ("/console/", "/console/bff/session"):
            assert stranger.get(path).json()["code"] == "sign_ins_throttled"
            assert signed_in.get(path).status_code == 200
        assert signed_in.get(NOTES, headers=CADRE).status_code == 200
        assert house.browser("lika-session-x=forged").get("/console/").status_code == 429
        assert house.browser(address="192.0.2.8").get("/console/").status_code == 200


def test_apart_a_service_that_is_away_is_said_in_both_languages_and_asked_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with ExitStack() as stack:
        house, service = opened(stack, settings, apart=True)
        browser = house.browser(house.cookie())
        assert browser.get(NOTES, headers=CADRE).status_code == 200
        service.close()
        answer = browser.post(NOTES, json={"text": "长"}, headers=CADRE)
    problem = answer.json()
    assert (answer.status_code, problem["code"], answer.headers["retry-after"]) == (503, "service_out_of_reach", "2")
    assert (problem["facts"], "重试" in problem["title"], "try again" in problem["title_en"]) == (
        {"service": "registry"},
        True,
        True,
    )
    assert PROTECTIVE.items() <= dict(answer.headers).items()
    assert house.token() not in caplog.text


def test_apart_nothing_goes_on_that_no_session_stands_behind(apart: SmallHouse) -> None:
    answer = apart.browser().get("/registry/notes", headers={"Authorization": f"Bearer {apart.token()}"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_apart_a_body_that_is_too_large_is_refused_before_it_is_sent_on(apart: SmallHouse) -> None:
    length = apart.settings.limits.upload_bytes + 1
    status, _, problem = apart.asked_as_it_stands(NOTES, "POST", **{"Content-Length": str(length)})
    assert (status, problem["code"]) == (413, "too_large")


def test_apart_an_upload_that_is_refused_early_tells_why_and_not_that_the_service_is_away(apart: SmallHouse) -> None:
    browser = apart.browser(apart.cookie())
    answer = browser.post(
        f"{API}/nowhere", content=bytes(10 * MEBIBYTE), headers={**CADRE, "Idempotency-Key": "upload-1"}
    )
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_over_tls_a_browser_is_told_to_stay_with_it(either: SmallHouse) -> None:
    browser = either.browser(either.cookie(scheme="https"), scheme="https")
    for path, headers in ((NOTES, CADRE), ("/console/", {}), (NOTES, {}), ("/console/bff/session", {})):
        assert browser.get(path, headers=headers).headers.get_list("strict-transport-security") == ["max-age=31536000"]
