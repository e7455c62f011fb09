"""Where blocks of knowledge end, and what they take that comes late."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from services.chassis.views.knowledge_blocks import BEGINNING, STILL_KNOWN, KnowledgeBlocks

BLOCKS = KnowledgeBlocks("stock_blocks", size=3)
FIRST = datetime(2014, 6, 1, tzinfo=UTC)
Row = dict[str, datetime]


@pytest.fixture(scope="module")
def database_of_audit(module_database: Callable[[str], str]) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(module_database("audit"), autocommit=True) as conn:
        yield conn


@pytest.fixture
def conn(database_of_audit: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    database_of_audit.execute("TRUNCATE stock_blocks")
    return database_of_audit


def at(hour: int) -> datetime:
    return FIRST + timedelta(hours=hour)


def learned(*hours: int) -> list[Row]:
    """Rows that became known then, and are still."""
    return [{"known_from": at(hour), "known_to": STILL_KNOWN} for hour in hours]


def change(conn: psycopg.Connection[Any], new: Sequence[Row], gone: Sequence[Row] = ()) -> None:
    with conn.cursor() as cur:
        BLOCKS.change(cur, gone, new)


def blocks(conn: psycopg.Connection[Any]) -> list[tuple[int, int, int]]:
    """Of each in turn: the hours of its beginning and of what is known last in it, and its changes."""
    found = conn.execute("SELECT block, begins, latest, changes FROM stock_blocks ORDER BY block").fetchall()
    assert [number for number, *_ in found] == list(range(len(found)))
    assert not found or found[0][1] == BEGINNING
    return [
        (round((max(b, at(-1)) - FIRST) / timedelta(hours=1)), (last - FIRST) // timedelta(hours=1), n)
        for _, b, last, n in found
    ]


def whole(conn: psycopg.Connection[Any], before: datetime, together: int = 1) -> tuple[int, datetime | None]:
    ((until, since),) = conn.execute(BLOCKS.whole(sql.Literal(before), together))
    return until, since


@pytest.mark.parametrize("batches", [[(0, 1, 2, 3, 4, 5, 6)], [(n,) for n in range(7)], [(0, 1), (2, 3, 4), (5, 6)]])
def test_a_block_ends_after_so_many_changes_however_they_come(
    conn: psycopg.Connection[Any], batches: list[tuple[int, ...]]
) -> None:
    for hours in batches:
        change(conn, learned(*hours))
    assert blocks(conn) == [(-1, 2, 3), (3, 5, 3), (6, 6, 1)]


def test_an_instant_of_many_changes_has_a_block_of_its_own(conn: psycopg.Connection[Any]) -> None:
    change(conn, learned(0, *[1] * 10, 2))
    change(conn, learned(*[3] * 4))
    change(conn, learned(4))
    assert blocks(conn) == [(-1, 0, 1), (1, 1, 10), (2, 2, 1), (3, 3, 4), (4, 4, 1)]


def test_what_is_superseded_is_a_change_and_what_stays_is_none(conn: psycopg.Connection[Any]) -> None:
    change(conn, learned(0))
    change(conn, [{"known_from": at(0), "known_to": at(1)}, *learned(1)], gone=learned(0))
    assert blocks(conn) == [(-1, 1, 3)]
    change(conn, learned(0), gone=[{"known_from": at(0), "known_to": at(1)}, *learned(1)])
    assert blocks(conn) == [(-1, 1, 1)]


def test_what_comes_late_is_counted_where_it_lies_and_moves_no_block(conn: psycopg.Connection[Any]) -> None:
    change(conn, learned(0, 10, 20, 30, 40, 50, 60))
    change(conn, learned(-5, 25, 30, 60))
    assert blocks(conn) == [(-1, 25, 5), (30, 50, 4), (60, 60, 2)]
    change(conn, learned(61, 62))
    assert blocks(conn) == [(-1, 25, 5), (30, 50, 4), (60, 61, 3), (62, 62, 1)]


def test_a_block_to_which_much_came_late_is_ended_by_what_comes_next(conn: psycopg.Connection[Any]) -> None:
    change(conn, learned(0, 10))
    change(conn, learned(*[5] * 6))
    change(conn, learned(11))
    assert blocks(conn) == [(-1, 10, 8), (11, 11, 1)]


def test_whoever_knows_more_than_a_block_has_it_whole(conn: psycopg.Connection[Any]) -> None:
    """The newest, too: nothing is read beside the sums."""
    change(conn, learned(*range(5)))
    assert whole(conn, at(2)) == (0, BEGINNING)
    assert whole(conn, at(2) + timedelta(microseconds=1)) == (1, at(3))
    assert whole(conn, at(3)) == (1, at(3))
    assert whole(conn, at(4)) == (1, at(3))
    assert whole(conn, at(5)) == (2, None)


def test_where_blocks_are_summed_together_the_rest_is_read_since_the_last_sum(conn: psycopg.Connection[Any]) -> None:
    change(conn, learned(*range(9)))
    assert whole(conn, at(5), together=2) == (1, BEGINNING)
    assert whole(conn, at(6), together=2) == (2, at(6))
    assert whole(conn, at(9), together=2) == (3, at(6))
