"""Whom an account's area covers."""

import pytest

from services.chassis.security.actor import Actor


@pytest.mark.parametrize(
    ("scope", "code", "covered"),
    [
        ("", "520203001204", True),
        ("520203001204", "520203001204", True),
        ("520203001", "520203001204", True),
        ("520203001", "520203002204", False),
        ("520203001204", "520203001", False),
        ("52", "530203001204", False),
    ],
)
def test_an_area_covers_what_lies_in_it_and_not_what_lies_above_or_beside(scope: str, code: str, covered: bool) -> None:
    assert Actor("a", frozenset(), scope).covers(code) is covered
