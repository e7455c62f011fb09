"""An edit behind everybody's back, of any column of any table, is named: log, position, which copy."""

from uuid import uuid4

import pytest

from tests.chassis.integrity.conftest import Compared, Trio
from tests.chassis.sample import enrolled, record

UNLIKE = {
    "originator_id": "originator_id || 'x'",
    "originator_version": "originator_version + 1000",
    "topic": "'HouseholdEnrolled/2'",
    "state": "state || ' '::bytea",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "command_id": "gen_random_uuid()",
    "actor": "'somebody-else'",
    "notification_id": "100000",
}
"""Column → another value."""


def edits(table: str, columns: dict[str, str], step: int = 1) -> dict[int, str]:
    """Position → the statement that alters one column there."""
    return {
        1 + step * n: f"UPDATE {table} SET {column} = {value} WHERE notification_id = {1 + step * n}"
        for n, (column, value) in enumerate(columns.items())
    }


def test_every_column_of_the_log(trio: Trio) -> None:
    trio.grow()
    altered = edits("log", UNLIKE) | {12: "DELETE FROM log WHERE notification_id = 12"}
    trio.registry.edit(*altered.values())
    assert trio.registry.look() == {("registry", p): "log_or_digests" for p in altered}
    for reader in (trio.audit, trio.assistance):
        assert reader.look() == {("registry", p): "log" for p in altered}


@pytest.mark.parametrize("reader", ["audit", "assistance"])
def test_every_column_of_a_copy(trio: Trio, reader: str) -> None:
    trio.grow()
    named: Compared = getattr(trio, reader)
    altered = edits("copies", {**UNLIKE, "log": "'monitoring'", "subject": "gen_random_uuid()"}, step=2)
    named.edit(*altered.values(), "DELETE FROM copies WHERE notification_id = 19")
    assert named.look() == {("registry", p): "copy" for p in (*altered, 19)}
    assert trio.registry.look() == {}


def test_log_and_copy_altered_alike(trio: Trio) -> None:
    trio.grow()
    alike = "UPDATE {} SET state = state || ' '::bytea WHERE notification_id = 3"
    trio.registry.edit(alike.format("log"))
    for reader in (trio.audit, trio.assistance):
        reader.edit(alike.format("copies"))
        assert reader.look() == {("registry", 3): "log_and_copy"}


def test_the_log_rewritten_with_its_digests_is_remembered_by_whoever_copied_it(trio: Trio) -> None:
    trio.grow()
    trio.registry.edit("UPDATE log SET actor = 'somebody-else' WHERE notification_id = 3", "DELETE FROM log_digests")
    assert trio.registry.look() == {}
    for reader in (trio.audit, trio.assistance):
        assert reader.look() == {("registry", 3): "log"}


def test_digests_altered_beside_the_log_or_beside_the_copy(trio: Trio) -> None:
    trio.grow()
    flip = "UPDATE log_digests SET digests = overlay(digests placing '\\x00'::bytea from 1) WHERE position = 8"
    trio.registry.edit(flip)
    assert trio.registry.look() == {("registry", 1): "log_or_digests"}
    assert trio.audit.look() == {("registry", 1): "published_digests"}
    trio.assistance.edit(flip)
    assert ("registry", 1) in trio.assistance.look()


def test_digests_altered_where_a_copy_is_kept(trio: Trio) -> None:
    trio.grow()
    trio.audit.edit(
        "UPDATE log_digests SET digests = overlay(digests placing '\\x00'::bytea from 1) WHERE position = 8"
    )
    assert trio.audit.look() == {("registry", 1): "written_digests"}


def test_a_stretch_of_digests_that_is_dropped(trio: Trio) -> None:
    trio.grow()
    for each in trio.all:
        each.edit("DELETE FROM log_digests WHERE position = 8")
    assert trio.registry.look()["registry", 1] == "log_or_digests"
    assert trio.audit.look()["registry", 1] == "written_digests"
    assert trio.assistance.look()["registry", 1] == "written_digests"


def test_the_newest_entries_before_a_stretch_is_full(trio: Trio) -> None:
    trio.grow(1)
    trio.registry.edit("UPDATE log SET actor = 'somebody-else' WHERE notification_id = 2")
    assert trio.registry.look() == {("registry", 2): "log_or_digests"}
    assert trio.audit.look() == {("registry", 2): "log"}


def test_entries_cut_off_at_the_end(trio: Trio) -> None:
    trio.grow(2)
    trio.registry.edit("DELETE FROM log WHERE notification_id > 2")
    assert trio.audit.look() == {("registry", 3): "log", ("registry", 4): "log"}


def test_what_was_altered_before_any_digest_is_undecided(trio: Trio) -> None:
    trio.grow(1)
    record(trio.registry.store, enrolled(uuid4()))
    trio.audit.follow()
    trio.registry.edit("UPDATE log SET actor = 'somebody-else' WHERE notification_id = 3")
    assert trio.registry.look() == {}
    assert trio.audit.look() == {("registry", 3): "undecided"}
    assert trio.audit.look() == {("registry", 3): "undecided"}


def test_a_copy_that_was_never_made(trio: Trio) -> None:
    """Of some types only: nobody's digest tells that an entry is missing, the log does."""
    trio.grow(1)
    record(trio.registry.store, enrolled(uuid4()))
    trio.registry.look()
    trio.assistance.follow()
    trio.assistance.edit("DELETE FROM copies WHERE notification_id = 3")
    assert trio.assistance.look() == {("registry", 3): "copy"}


def test_what_is_put_back_is_gone_and_stays_on_record(trio: Trio) -> None:
    trio.grow(1)
    trio.audit.edit("UPDATE copies SET actor = 'somebody-else' WHERE notification_id = 1")
    assert trio.audit.look() == {("registry", 1): "copy"}
    trio.audit.edit("UPDATE copies SET actor = 'lika' WHERE notification_id = 1")
    assert trio.audit.look() == {}
    assert trio.audit.rows("SELECT position, gone_at IS NOT NULL FROM integrity_differences") == [(1, True)]
