"""The built pages: which build, kept how long, and what a browser may do with them."""

import re

import pytest

from services.console.built_files import POLICY
from tests.console.small_house import SmallHouse

SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
ASSET = re.compile(r'="(/console/assets/[0-9a-f]{16}/([^"]+))"')


@pytest.mark.parametrize(
    "path",
    [
        "/console/",
        "/console/households?place=99",
        "/console/sign-in",
        "/console/a/b",
        "/console//x",
        "/console/%2e%2e/x",
    ],
)
def test_every_address_of_the_console_has_the_one_page_which_runs_this_build_and_nothing_else(
    house: SmallHouse, path: str
) -> None:
    answer = house.browser().get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (answer.headers["content-security-policy"], answer.headers["cache-control"]) == (POLICY, "no-cache")
    assert SAFE.items() <= dict(answer.headers).items()
    assert ASSET.findall(answer.text)
    assert re.findall(r"<script(?![^>]* src=)|<style|\son\w+=", answer.text) == []


@pytest.mark.parametrize(
    ("path", "file"), [("/console/", "inbox"), ("/console/households", "households"), ("/console/x/y", "")]
)
def test_a_page_names_what_its_scripts_will_ask_for(house: SmallHouse, path: str, file: str) -> None:
    browser = house.browser()
    addresses = [part.split(">")[0].strip(" <") for part in browser.get(path).headers["link"].split(",")]
    labels = browser.get("/console/bff/session").json()["labels"]
    assert addresses[:2] == ["/console/bff/session", f"/console/bff/labels/{labels}"]
    assert [each.rsplit("/", 1)[1] for each in addresses[2:]] == ([f"{file}.js", f"{file}.css"] if file else [])
    assert all(browser.get(each).status_code == 200 for each in addresses)


def test_the_policy_lets_nothing_run_that_is_not_ours() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["connect-src"]) == ("'self'",) * 3
    assert (rules["frame-ancestors"], rules["base-uri"], rules["form-action"]) == ("'none'", "'none'", "'self'")
    assert "unsafe" not in POLICY


def test_an_asset_is_kept_for_good_under_the_digest_of_its_build_and_packed_for_who_can_unpack(
    house: SmallHouse,
) -> None:
    browser = house.browser()
    for address, name in ASSET.findall(browser.get("/console/").text):
        answer = browser.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert SAFE.items() <= dict(answer.headers).items()
        assert answer.content == browser.get(address, headers={"Accept-Encoding": "identity"}).content
        assert answer.headers["content-type"].startswith("text/css" if name.endswith(".css") else "text/javascript")
        assert answer.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("wrong", ["digest", "name", "up"])
def test_another_build_s_asset_and_what_is_no_asset_are_not_there(house: SmallHouse, wrong: str) -> None:
    browser = house.browser()
    address, name = ASSET.findall(browser.get("/console/").text)[0]
    path = {
        "digest": f"/console/assets/{'0' * 16}/{name}",
        "name": address.replace(name, "nothing.js"),
        "up": address.replace(name, "%2e%2e/sessions.py"),
    }[wrong]
    answer = browser.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_is_sent_to_a_page(house: SmallHouse) -> None:
    answer = house.browser().post("/console/households", content=b"x")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (
        405,
        "method_not_allowed",
        "GET, HEAD",
    )
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_labels_are_asked_for_by_their_digest_and_kept(house: SmallHouse) -> None:
    browser = house.browser()
    digest = browser.get("/console/bff/session").json()["labels"]
    answer = browser.get(f"/console/bff/labels/{digest}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.json()["codes"]["Role"]["cadre"][0]
    assert browser.get(f"/console/bff/labels/{'0' * 16}").status_code == 404


def test_who_is_signed_in_is_kept_by_no_cache(house: SmallHouse) -> None:
    answer = house.browser(house.cookie()).get("/console/bff/session")
    assert (answer.headers["cache-control"], "set-cookie" in answer.headers) == ("no-store", False)
    assert house.token() not in answer.text
