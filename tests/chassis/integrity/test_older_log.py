"""A log that ends before its views refuses to start, and nothing is changed."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest

from services.chassis.integrity.older_log import LogOlderThanViews, require_log_behind_views
from services.chassis.log.store import Store
from tests.chassis.conftest import OpenStore
from tests.chassis.sample import NAME, append_households, enrolled, record, sample
from tests.support.running import lika
from tests.support.silent_edits import edit_silently


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store("registry")


def require_sound(store: Store) -> None:
    with store.reading() as conn:
        require_log_behind_views(conn, store.name)


def test_a_log_as_far_as_its_views_or_farther_is_sound(store: Store) -> None:
    require_sound(store)
    append_households(store, 3)
    with store.reading() as conn:
        conn.execute("INSERT INTO cursors VALUES ('registry', 'registry', 3), ('registry', 'assistance', 99)")
    require_sound(store)
    record(store, enrolled(uuid4()))
    require_sound(store)


@pytest.mark.parametrize(
    "row", ["cursors VALUES ('registry', 'registry', 4)", "log_digests VALUES ('registry', 4, %s)"]
)
def test_views_or_digests_of_entries_that_the_log_does_not_have(store: Store, row: str) -> None:
    append_households(store, 3)
    with store.reading() as conn:
        conn.execute(f"INSERT INTO {row}".encode(), [bytes(32)] * row.count("%s"))
    with pytest.raises(LogOlderThanViews) as refused:
        require_sound(store)
    assert "到第 3 条" in refused.value.message.zh
    assert "up to 4" in refused.value.message.en
    assert "as of one moment" in refused.value.message.en


def test_the_start_refuses(database: Callable[[str], str], tmp_path: Path) -> None:
    same = cache(database)
    with lika([sample], same, tmp_path) as running:
        record(running.services[NAME].store, enrolled(uuid4()), enrolled(uuid4()))
    edit_silently(same(NAME), "DELETE FROM log WHERE notification_id = 2")
    with pytest.raises(LogOlderThanViews), lika([sample], same, tmp_path):
        pass
