"""Cookies that hold a token: nobody but the console opens one, and none opens for what it was not sealed for."""

from datetime import timedelta

import pytest

from services.chassis.ground.refusals import Refused
from services.chassis.ground.settings import Settings
from services.console.sealing import Seal
from services.console.sessions import MOST_BROUGHT, Session, Sessions
from tests.chassis.web.tokens import NOW
from tests.console.small_house import API, CADRE, SmallHouse

HTTP, HTTPS = {"scheme": "http"}, {"scheme": "https"}
NOTES = f"{API}/notes"


def test_no_script_reads_it_no_other_site_posts_with_it_and_over_tls_it_goes_over_tls_only(house: SmallHouse) -> None:
    session = Session("cadre-1", house.token(), NOW + timedelta(hours=1))
    name, *attributes = house.sessions.cookie(HTTPS, session, NOW).split("; ")
    assert set(attributes) == {"Path=/console", "Max-Age=3600", "HttpOnly", "SameSite=Lax", "Secure"}
    assert name.startswith("__Secure-lika-session-")  # nobody plants one over plain HTTP
    assert house.token() not in name
    assert "cadre-1" not in name
    assert "Secure" not in house.sessions.cookie(HTTP, session, NOW)
    assert "Max-Age=0; HttpOnly; SameSite=Lax; Secure" in house.sessions.ended(HTTPS, "cadre-1")


def test_it_asks_as_the_account_that_it_is_of(either: SmallHouse) -> None:
    answer = either.browser(either.cookie()).get(NOTES, headers=CADRE)
    assert (answer.status_code, answer.json()["account"]) == (200, "cadre-1")


def altered(house: SmallHouse) -> str:
    cookie = house.cookie()
    at = len(cookie) // 2
    return cookie[:at] + ("A" if cookie[at] != "A" else "B") + cookie[at + 1 :]


def foreign(house: SmallHouse) -> str:
    session = Session("cadre-1", house.token(), NOW + timedelta(hours=1))
    return Sessions(Seal(b"x" * 32)).cookie(HTTP, session, NOW).partition(";")[0]


def renamed(house: SmallHouse) -> str:
    name, other = house.cookie().partition("=")[0], house.cookie("cadre-2").partition("=")[2]
    return f"{name}={other}"


def sealed_for_something_else(house: SmallHouse) -> str:
    content = ["cadre-1", house.token(), (NOW + timedelta(hours=1)).timestamp()]
    return f"{house.cookie().partition('=')[0]}={Seal.of(house.settings).sealed('lika-sign-in-', content)}"


def plain(house: SmallHouse) -> str:
    return f"{house.cookie().partition('=')[0]}={house.token()}"


@pytest.mark.parametrize("forged", [altered, foreign, renamed, sealed_for_something_else, plain])
def test_what_was_not_sealed_as_it_stands_opens_nothing(house: SmallHouse, forged: object) -> None:
    browser = house.browser(forged(house))  # type: ignore[operator]
    answer = browser.get(NOTES, headers=CADRE)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
    assert browser.get("/console/bff/session").json()["hats"] == []


def test_another_account_s_session_serves_that_account_alone(house: SmallHouse) -> None:
    browser = house.browser(house.cookie("cadre-2"))
    assert browser.get(NOTES, headers=CADRE).json()["code"] == "session_ended"
    assert browser.get(NOTES, headers={"Lika-Account": "cadre-2"}).json()["account"] == "cadre-2"


def test_a_session_ends_with_its_token_and_says_what_to_do(house: SmallHouse) -> None:
    browser = house.browser(house.cookie(life=timedelta(seconds=1)))
    assert browser.get(NOTES, headers=CADRE).status_code == 200
    ended = house.browser(house.cookie(life=timedelta(0)))
    answer = ended.get(NOTES, headers=CADRE)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
    assert "另一个标签页" in answer.json()["title"]
    assert "another tab" in answer.json()["title_en"]
    assert ended.get("/console/bff/session").json()["hats"] == []


def test_two_accounts_are_signed_in_at_once_and_signing_out_takes_both_away(house: SmallHouse) -> None:
    browser = house.browser(house.cookie(), house.cookie("cadre-2", timedelta(hours=2)))
    hats = browser.get("/console/bff/session").json()["hats"]
    assert [(hat["account"], hat["roles"], hat["division"]) for hat in hats] == [
        ("cadre-2", ["cadre"], "9900"),
        ("cadre-1", ["cadre"], "9900"),
    ]
    answer = browser.post("/console/bff/session/endings", headers=CADRE)
    taken = answer.headers.get_list("set-cookie")
    assert (answer.status_code, answer.json(), len(taken)) == (200, {"provider": None}, 2)
    assert {each.partition("=")[0] for each in taken} == {
        house.cookie(account).partition("=")[0] for account in ("cadre-1", "cadre-2")
    }
    assert all("=; Path=/console; Max-Age=0;" in each for each in taken)


def test_a_token_that_no_browser_would_keep_is_refused_by_name(house: SmallHouse) -> None:
    with pytest.raises(Refused) as refused:
        house.sessions.cookie(HTTP, Session("cadre-1", "x" * 3000, NOW + timedelta(hours=1)), NOW)
    assert refused.value.rule.code == "token_too_long_for_session"
    longest = house.sessions.cookie(HTTP, Session("cadre-1", "x" * 2800, NOW + timedelta(hours=1)), NOW)
    assert len(longest) <= 4096


def test_over_tls_a_cookie_without_the_prefix_is_none_of_ours(house: SmallHouse) -> None:
    def scope(cookie: str) -> dict[str, object]:
        return {"type": "http", "scheme": "https", "headers": [(b"cookie", cookie.encode())]}

    planted = house.cookie()
    assert house.sessions.of_account(scope(planted), "cadre-1", NOW) is None
    assert house.sessions.all_of(scope(planted), NOW) == []
    kept = house.sessions.cookie(HTTPS, Session("cadre-1", house.token(), NOW + timedelta(hours=1)), NOW)
    assert house.sessions.of_account(scope(kept.partition(";")[0]), "cadre-1", NOW) is not None


def test_who_signs_in_once_too_often_loses_the_session_that_ends_first_and_can_still_sign_out(
    house: SmallHouse,
) -> None:
    def session(number: int) -> Session:
        return Session(f"cadre-{number}", "x" * 2800, NOW + timedelta(hours=number))

    cookies = [house.sessions.cookie(HTTP, session(number), NOW).partition(";")[0] for number in (1, 2, 3)]
    scope = {"type": "http", "headers": [(b"cookie", "; ".join(cookies).encode())]}
    assert len(house.sessions.signed_in(scope, [session(4)], NOW)) == 1  # four of some 3,900 bytes
    cookies.append(house.sessions.cookie(HTTP, session(4), NOW).partition(";")[0])
    scope = {"type": "http", "headers": [(b"cookie", "; ".join(cookies).encode())]}
    kept, ended = house.sessions.signed_in(scope, [session(5)], NOW)
    assert ended == house.sessions.ended(HTTP, "cadre-1")
    assert len(kept.partition(";")[0]) + sum(map(len, cookies[1:])) < MOST_BROUGHT
    assert len(house.sessions.signed_in(scope, [session(1)], NOW)) == 1  # anew, in the place of the former


def test_a_cookie_of_another_application_at_this_address_spoils_none_of_ours(house: SmallHouse) -> None:
    browser = house.browser('other={"a": "b, c"}', house.cookie(), "broken", "=x")
    assert browser.get(NOTES, headers=CADRE).status_code == 200


def test_a_restart_ends_no_session_and_another_installation_knows_none(house: SmallHouse, settings: Settings) -> None:
    scope = {"type": "http", "headers": [(b"cookie", house.cookie().encode())]}
    assert Sessions(Seal.of(settings)).of_account(scope, "cadre-1", NOW) is not None
    assert Sessions(Seal(b"y" * 32)).of_account(scope, "cadre-1", NOW) is None
    assert (settings.keys_dir / "console.key").stat().st_mode & 0o777 == 0o600
