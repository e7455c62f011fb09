"""The small house, in one process and apart."""

from collections.abc import Iterator

import pytest

from services.chassis.ground.settings import Settings
from tests.console.small_house import SmallHouse, small_house


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("console"))


@pytest.fixture(scope="session")
def house(settings: Settings) -> Iterator[SmallHouse]:
    with small_house(settings) as made:
        yield made


@pytest.fixture(scope="session")
def apart(settings: Settings) -> Iterator[SmallHouse]:
    with small_house(settings, apart=True) as made:
        yield made


@pytest.fixture(params=["house", "apart"])
def either(request: pytest.FixtureRequest) -> SmallHouse:
    """What holds of the one holds of the other."""
    found: SmallHouse = request.getfixturevalue(request.param)
    return found
