"""A one-time link is good once, for a quarter of an hour, and no heap of them grows."""

import time

import pytest

from services.chassis.security.one_time_links import MOST_OPEN, VALID_SECONDS, OneTimeLinks


def test_a_link_gives_its_token_once() -> None:
    links = OneTimeLinks()
    code = links.issue("token")
    assert [links.redeem(code), links.redeem(code), links.redeem("another")] == [("token",), (), ()]


def test_a_link_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    links = OneTimeLinks()
    in_time, too_late = links.issue("a"), links.issue("b")
    now[0] += VALID_SECONDS - 1
    assert links.redeem(in_time) == ("a",)
    now[0] += 1
    assert links.redeem(too_late) == ()


def test_the_oldest_of_too_many_is_given_up() -> None:
    links = OneTimeLinks()
    codes = [links.issue(str(number)) for number in range(MOST_OPEN + 1)]
    assert [links.redeem(codes[0]), links.redeem(codes[1])] == [(), ("1",)]
