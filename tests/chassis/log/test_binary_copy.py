"""What is laid down for COPY is what psycopg would lay down, and what PostgreSQL reads back."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.chassis.log.binary_copy import BLOCK, copy_blocks
from services.chassis.log.entries import COLUMNS, Row

NOON = datetime(2016, 12, 31, 12, 0, 0, 7, tzinfo=UTC)
COPY = f"COPY log ({COLUMNS}) FROM STDIN (FORMAT BINARY)".encode()


def row(position: int, **other: object) -> Row:
    fields: dict[str, object] = {
        "stream": "household-1", "version": position, "topic": "MemberJoined/1", "state": b'{"name":"\xe5\xbc\xa0"}',
        "recorded_at": NOON, "command_id": UUID(int=position // 3), "actor": "cadre-1",
    }  # fmt: skip
    made: Row = (position, *(fields | other).values())  # type: ignore[assignment]
    return made


AWKWARD = [
    row(1),
    row(2, stream="村-11", actor="干部"),
    row(3, state=b"", stream="", topic="", actor=""),
    row(4, state=bytes(range(256)), version=2**62),
    row(5, recorded_at=datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
    row(6, recorded_at=NOON.astimezone(UTC) + timedelta(days=40_000), command_id=UUID(int=2**128 - 1)),
    row(7, command_id=UUID(int=2**128 - 1), actor="干部"),
]


def laid_into(conn: psycopg.Connection[Any], rows: Sequence[Row]) -> None:
    with conn.cursor() as cur, cur.copy(COPY) as copy:
        for block in copy_blocks(rows):
            copy.write(block)


def test_every_row_is_read_back_as_it_was(database: Callable[[str], str]) -> None:
    with psycopg.connect(database("chassis")) as conn:
        laid_into(conn, AWKWARD)
        with conn.cursor(binary=True) as cur:
            assert cur.execute(f"SELECT {COLUMNS} FROM log ORDER BY notification_id".encode()).fetchall() == AWKWARD


def test_it_is_byte_for_byte_what_the_client_library_lays_down(database: Callable[[str], str]) -> None:
    class Kept(psycopg.copy.LibpqWriter):
        def write(self, data: object) -> None:
            assert isinstance(data, bytes | bytearray)
            laid.extend(data)
            super().write(data)

    laid = bytearray()
    with psycopg.connect(database("chassis")) as conn, conn.cursor() as cur:
        with cur.copy(COPY, writer=Kept(cur)) as copy:
            copy.set_types(("int8", "text", "int8", "text", "bytea", "timestamptz", "uuid", "text"))
            for one in AWKWARD:
                copy.write_row(one)
    assert b"".join(copy_blocks(AWKWARD)) == bytes(laid)


def test_much_goes_in_several_blocks_and_nothing_in_an_empty_one() -> None:
    rows = [row(number, state=b"x" * (BLOCK // 2)) for number in range(1, 6)]
    cut = list(copy_blocks(rows))
    assert len(cut) == 3
    assert b"".join(cut) == b"".join(copy_blocks(rows))
    assert list(copy_blocks([])) == [b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\xff\xff"]


@pytest.mark.parametrize("field", ["stream", "topic", "actor"])
def test_text_that_postgresql_cannot_hold_is_refused(database: Callable[[str], str], field: str) -> None:
    with psycopg.connect(database("chassis")) as conn, pytest.raises(psycopg.DataError):
        laid_into(conn, [row(1, **{field: "a\0b"})])
