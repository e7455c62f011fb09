"""The digests that searches read: under every active key, the same in every process, and gone with a shredded person."""

import os
import pickle
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from contracts.roles import Role
from services.chassis.security.sealing import KeyedDigest
from services.registry.households.domain import stream_of
from services.registry.searches.feed import IdentityDigests
from services.registry.searches.shredded import DigestsOfShredded
from services.registry.vault.keys import Vault
from tests.registry.households.example_requests import (
    VILLAGE,
    member_body,
    member_ids,
    record_household,
    registry_with_villages,
    unused_resident_id,
)
from tests.support.running import ApiClient, Lika


@pytest.fixture(scope="module")
def running(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lika]:
    with registry_with_villages(module_database, tmp_path_factory.mktemp("lika")) as started:
        yield started


@pytest.fixture
def cadre(running: Lika) -> ApiClient:
    return running.client_for("cadre-1", VILLAGE, Role.CADRE)


def digests(running: Lika, more: dict[int, bytes] | None = None) -> IdentityDigests:
    environment = running.services["registry"].environment
    keys = {**environment.settings.load_index_keys(), **(more or {})}
    return IdentityDigests(environment.open_data_keys, KeyedDigest(keys))


def rows_of(rows: IdentityDigests, running: Lika, location: str) -> list[tuple[object, ...]]:
    household = UUID(location.rpartition("/")[2])
    return sorted(rows(household, running.services["registry"].store.stream(stream_of(household)))[0])


def kept(running: Lika, location: str) -> list[tuple[object, ...]]:
    with running.services["registry"].store.reading() as conn:
        return sorted(
            conn.execute(
                "SELECT household_id, person_id, kind, key_number, digest, division FROM identity_digests"
                " WHERE household_id = %s",
                (location.rpartition("/")[2],),
            ).fetchall()
        )


def test_everybody_has_a_digest_under_every_active_key_and_another_process_makes_the_same(
    running: Lika, cadre: ApiClient
) -> None:
    location = record_household(
        cadre, members=[member_body("head", id_number=unused_resident_id()), member_body("spouse")]
    )
    cadre.get(location)
    rows = rows_of(digests(running), running, location)
    assert sorted((str(kind), number) for _, _, kind, number, _, _ in rows) == [
        ("full_name", 1), ("full_name", 1), ("resident_id", 1),
    ]  # fmt: skip
    sent = pickle.loads(pickle.dumps(digests(running)))  # noqa: S301 - our own, as a rebuild sends it
    try:
        assert rows_of(sent, running, location) == rows == kept(running, location)
    finally:
        sent.open_data_keys().close()
    rotated = rows_of(digests(running, {2: os.urandom(32)}), running, location)
    assert len(rotated) == 2 * len(rows)
    assert set(rows) < set(rotated)


def test_whoever_is_shredded_has_no_digest_any_more(running: Lika, cadre: ApiClient) -> None:
    location = record_household(cadre, members=[member_body("head"), member_body("spouse", name="李某")])
    gone, stays = (UUID(person) for person in member_ids(cadre, location))
    service = running.services["registry"]
    vault = service.environment.open_data_keys()
    assert isinstance(vault, Vault)
    assert {row[1] for row in kept(running, location)} == {gone, stays}
    vault.shred(gone)
    next(each for each in service.background if isinstance(each, DigestsOfShredded)).step()
    assert {row[1] for row in kept(running, location)} == {stays}
    assert {row[1] for row in rows_of(digests(running), running, location)} == {stays}
