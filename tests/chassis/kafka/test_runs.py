"""Runs: the bytes of an HTTP page, cut where they are to end, and described as published."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID, uuid4

import jsonschema_rs
import msgspec

from contracts.publishing.catalogue import load
from contracts.publishing.channels import LONGEST_RUN, asyncapi
from services.chassis.following.sources import PAGE, PageJson
from services.chassis.kafka.runs import ENTRIES, Run, run_of, runs
from services.chassis.log.entries import Entry, EntryJson

NOW = datetime(2026, 1, 2, 3, 4, 5, 678, UTC)
LINEAGE = UUID(int=7)


def entries(count: int, payload: bytes = b'{"name":"\\u6751 \\"x\\""}') -> list[Entry]:
    return [Entry(n + 1, f"stream-{n}", 1, "ClockStepped/1", payload, NOW, uuid4(), "村") for n in range(count)]


def carried(run: Run, lineage: UUID = LINEAGE) -> SimpleNamespace:
    return SimpleNamespace(headers=run.headers(lineage), value=run.value)


def test_a_run_is_the_bytes_of_a_page_over_http() -> None:
    logged = entries(3)
    (run,) = runs(logged)
    page = PageJson(
        log="registry", page=0, entries=tuple(map(EntryJson.of, logged)), head=3, closed_through=NOW, simulated=False
    )
    assert b'"entries":' + run.value + b',"head"' in msgspec.json.encode(page)
    assert (run.first, run.last, run.entries) == (1, 3, tuple(logged))
    assert run_of(carried(run), LINEAGE) == run
    assert run_of(carried(run), uuid4()) is None


def test_the_last_run_of_a_page_says_through_when_the_log_is_closed() -> None:
    *others, last = runs(entries(600), NOW)
    assert [run.closed_through for run in others] == [None, None]
    assert run_of(carried(last), LINEAGE) == last
    assert last.closed_through == NOW
    for senseless in (b"soon", b"\xff", b"2026-01-02", b"2026-01-02T03:04:05"):
        headers = [*last.headers(LINEAGE)[:-1], ("closed_through", senseless)]
        assert run_of(SimpleNamespace(headers=headers, value=last.value), LINEAGE) is None


def test_a_run_ends_at_so_many_entries_and_at_so_many_bytes() -> None:
    assert ENTRIES == PAGE == LONGEST_RUN
    assert [(run.first, run.last) for run in runs(entries(600))] == [(1, 256), (257, 512), (513, 600)]
    large = entries(5, b'"%b"' % (b"x" * 300))
    size = len(next(runs(large[:2])).value)
    assert [(run.first, run.last) for run in runs(large, most=size)] == [(1, 2), (3, 4), (5, 5)]
    assert [(run.first, run.last) for run in runs(large, most=100)] == [(n, n) for n in range(1, 6)]
    assert list(runs([])) == []


def test_a_record_that_claims_more_than_a_run_holds_is_none_of_ours() -> None:
    longest = Run(5, 4 + ENTRIES, b"[]")
    assert run_of(carried(longest), LINEAGE) == longest
    assert run_of(carried(Run(5, 5 + ENTRIES, b"[]")), LINEAGE) is None
    assert run_of(carried(Run(5, 10**18, b"[]")), LINEAGE) is None


def test_a_record_is_as_published() -> None:
    (run,) = runs(entries(2), NOW)
    message = asyncapi(load(), "schemas")["components"]["messages"]["registry.run"]
    entry = message["payload"]["schema"]["items"]["properties"]
    assert set(entry) == set(EntryJson.__struct_fields__)
    del entry["payload"]["contentSchema"]  # refers to files; that a payload fits its schema is tested with the samples
    jsonschema_rs.Draft202012Validator(message["payload"]["schema"]).validate(msgspec.json.decode(run.value))
    named = {name: value.decode() for name, value in run.headers(LINEAGE)}
    jsonschema_rs.Draft202012Validator(message["headers"]).validate(named)
