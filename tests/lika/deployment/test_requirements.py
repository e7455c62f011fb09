"""What a service needs is what it reads and calls, and whatever is missing is told at once, in both languages."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lika.deployment.requirements import NEEDS, DeploymentIncomplete, require_complete
from lika.house import BUILDS, build
from services.chassis.ground.settings import Settings


def test_needs_are_what_the_services_read_and_ask_the_vault_for(database: Callable[[str], str], tmp_path: Path) -> None:
    conninfos: dict[str, str] = {}
    house = build(
        Settings(data_dir=tmp_path, database_url=None), lambda name: conninfos.setdefault(name, database(name)), None
    )
    try:
        assert {s.name: NEEDS[s.name].reads for s in house.services} == {s.name: tuple(s.reads) for s in house.services}
    finally:
        for service in house.services:
            service.stop()
    assert NEEDS.keys() == BUILDS.keys()


@pytest.mark.parametrize("service", [*NEEDS, "vault"])
def test_everything_missing_is_told_together_and_nothing_is_made(service: str, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    with pytest.raises(DeploymentIncomplete) as refused:
        require_complete(Settings(data_dir=folder, peers={}, jwks_url=None, jwks_file=None, province=None), service)
    message = refused.value.message
    named = {word for word in ("LIKA_SERVICES_JWKS_FILE", "LIKA_PEERS", "LIKA_INDEX_KEYS", "LIKA_JWKS_URL", "LIKA_PROVINCE",
                               "LIKA_SERVICE_KEY_FILE") if word in message.zh and word in message.en}  # fmt: skip
    expected = {"LIKA_SERVICES_JWKS_FILE"}
    if service != "vault":
        expected |= {"LIKA_PEERS", "LIKA_INDEX_KEYS", "LIKA_JWKS_URL", "LIKA_SERVICE_KEY_FILE"}
    if service not in ("vault", "registry"):
        expected |= {"LIKA_PROVINCE"}
    assert named == expected
    assert not folder.exists()
