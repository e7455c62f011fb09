"""Array literals mean in PostgreSQL what their values mean here."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest

from services.chassis.log.array_literals import TYPES

TEXTS = [
    "",
    "plain",
    "null",
    "NULL",
    None,
    'quo"ted',
    "back\\slash",
    "{a,b}",
    " ",
    "line\nbreak\t\x01\x7f",
    "贫困户",
    "\u2028",
]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", TEXTS),
        *(("text", [text]) for text in TEXTS),
        ("bigint", [0, -1, 2**63 - 1]),
        ("bytea", [b"", b"\\x", b"\0\xff"]),
        ("timestamptz", [datetime(2014, 6, 1, 7, 8, 9, 123456, UTC), datetime(1901, 1, 1, tzinfo=UTC)]),
        ("uuid", [uuid4(), None]),
        *((kind, []) for kind in TYPES),
    ],
)
def test_every_value_comes_back_as_it_was(database: Callable[[str], str], kind: str, values: list[object]) -> None:
    with psycopg.connect(database("chassis")) as conn:
        row = conn.execute(f"SELECT %s::{kind}[]".encode(), (TYPES[kind](values),)).fetchone()
    assert row == (values,)
