"""Cursors."""

import base64
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ground.refusals import Refused
from services.chassis.web.paging import LARGEST_INT, Keyset

THINGS = Keyset("things", date, str, int, UUID)
ANY_KEY = st.tuples(
    st.dates(), st.text(st.characters(categories=["L", "N"])), st.integers(-(2**63), 2**63 - 1), st.uuids()
)


@given(ANY_KEY)
def test_a_cursor_brings_back_its_key(key: tuple[object, ...]) -> None:
    assert THINGS.after(THINGS.encode(*key)) == key


def test_an_instant_comes_back_in_utc() -> None:
    moments = Keyset("moments", datetime)
    key = datetime.fromisoformat("2026-03-01T09:00:00.000001+08:00")
    assert moments.after(moments.encode(key)) == (key,)
    with pytest.raises(Refused):
        moments.after(packed("moments", "0001-01-01T00:00:00+01:00"))


def test_no_cursor_is_the_first_page() -> None:
    assert THINGS.after(None) is None


def packed(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "", "!", "汉字", "AAAA", packed(), packed("things"), packed("others", 1), packed("numbers", "1"),
        packed("numbers", True), packed("numbers", 1.5), packed("numbers", LARGEST_INT + 1), packed("numbers", 1, 2),
        packed("words", "a\x00b"), packed("words", None), packed("words", "\ud800"),
        base64.b64encode(b"[" * 100_000).decode(),
    ],
)  # fmt: skip
def test_anything_else_is_a_bad_cursor(cursor: str) -> None:
    for keyset in (Keyset("numbers", int), Keyset("words", str), THINGS):
        with pytest.raises(Refused) as no:
            keyset.after(cursor)
        assert (no.value.rule.code, no.value.rule.status) == ("bad_cursor", 422)


@given(st.text())
def test_no_text_at_all_breaks_decoding(cursor: str) -> None:
    with pytest.raises(Refused):
        THINGS.after(cursor)


def test_pages_cover_a_list_once() -> None:
    numbers, keyset = list(range(7)), Keyset("numbers", int)
    seen: list[list[int]] = []
    cursor: str | None = None
    while True:
        after = keyset.after(cursor)
        rows = [n for n in numbers if after is None or n > after[0]][:4]
        page = keyset.page(rows, 3, lambda n: (n,))
        seen.append(page.items)
        cursor = page.next
        if cursor is None:
            break
    assert seen == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_list_that_fills_its_last_page_has_no_further_one() -> None:
    assert Keyset("numbers", int).page([1, 2, 3], 3, lambda n: (n,)).next is None
