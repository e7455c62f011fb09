"""Several statements in one round trip, on a real server."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID, uuid4

import psycopg
import pytest

from services.chassis.log.pipeline import Bulk, Pipeline, Statement, keep_prepared

ONE = Statement("SELECT $1::int")
ROWS = Bulk(
    "SELECT * FROM unnest({})", "bigint", "text", "bytea", "timestamptz", "uuid", "int"
)  # fmt: skip
BROKEN = Statement("SELECT 1 / $1::int")
NOON = datetime(2014, 6, 1, 12, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(params=["prepared", "plain"])
def conn(database: Callable[[str], str], request: pytest.FixtureRequest) -> Iterator[psycopg.Connection[object]]:
    with psycopg.connect(database("chassis"), autocommit=True) as connection:
        if request.param == "prepared":
            keep_prepared(connection)
        yield connection


def test_each_statement_is_answered_under_its_number(conn: psycopg.Connection[object]) -> None:
    for _ in range(3):
        asking = Pipeline(conn)
        numbers = [asking.add(ONE, str(n)) for n in (5, 6, 7)]
        answers = asking.run()
        assert [answers[n] for n in numbers] == [[(5,)], [(6,)], [(7,)]]


@pytest.mark.parametrize(
    "text", ["", "plain", 'quo"ted', "back\\slash", "{brace,s}", "NULL", "户主 一", "new\nline", None]
)
def test_values_come_back_as_they_were_sent(conn: psycopg.Connection[object], text: str | None) -> None:
    rows = [(2**40, text, bytes(range(256)), NOON, uuid4(), -3), (0, "x", b"", NOON.astimezone(UTC), UUID(int=0), 0)]
    asking = Pipeline(conn)
    asking.add_rows(ROWS, rows)
    assert asking.run() == [rows]


def test_what_exceeds_every_buffer_gets_through_both_ways(conn: psycopg.Connection[object]) -> None:
    rows = [(n, "x" * 500, b"y" * 500, NOON, UUID(int=n), n) for n in range(5_000)]
    asking = Pipeline(conn)
    for _ in range(3):
        asking.add_rows(ROWS, rows)
    assert asking.run() == [rows] * 3


def test_an_error_is_raised_as_psycopg_would_and_the_connection_goes_on(conn: psycopg.Connection[object]) -> None:
    asking = Pipeline(conn)
    asking.add(ONE, "1")
    asking.add(BROKEN, "0")
    asking.add(ONE, "2")
    with pytest.raises(psycopg.errors.DivisionByZero):
        asking.run()
    asking = Pipeline(conn)
    asking.add(ONE, "3")
    assert asking.run() == [[(3,)]]


def test_a_connection_that_is_gone_is_told_as_lost(conn: psycopg.Connection[object]) -> None:
    with psycopg.connect(conn.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (conn.info.backend_pid,))
    asking = Pipeline(conn)
    asking.add(ONE, "1")
    with pytest.raises(psycopg.OperationalError):
        asking.run()


def test_a_text_with_nul_is_refused_before_it_could_be_cut_short(conn: psycopg.Connection[object]) -> None:
    with pytest.raises(psycopg.DataError):
        Pipeline(conn).add(ONE, "1\x002")
