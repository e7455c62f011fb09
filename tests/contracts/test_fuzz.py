"""Whatever is sent to a service, it answers as its OpenAPI document says, never breaks, and repeats nothing."""

import os
import random
from collections.abc import Callable, Iterator, Mapping

import pytest

from tests.contracts.fuzzing import LONG, QUICK, Fuzzer
from tests.contracts.seeded_county import World, world
from tests.contracts.valid_requests import AUDIT, Make
from tests.contracts.valid_requests_assistance import ASSISTANCE
from tests.contracts.valid_requests_monitoring import MONITORING
from tests.contracts.valid_requests_registry import REGISTRY

EFFORT = LONG if os.environ.get("LIKA_FAULTS") == "long" else QUICK
SEED = random.SystemRandom().randrange(2**32) if EFFORT is LONG else 20140520
SERVICES: Mapping[str, Mapping[str, Make]] = {
    "monitoring": MONITORING, "assistance": ASSISTANCE, "audit": AUDIT, "registry": REGISTRY,
}  # fmt: skip
"""The registry last: the others read its log, and its clock ends up in another century."""


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(module_database, tmp_path_factory.mktemp("lika")) as seeded:
        yield seeded


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_no_request_breaks_a_service_and_four_fifths_of_its_operations_succeed(
    service: str, county: World, capsys: pytest.CaptureFixture[str]
) -> None:
    operations = Fuzzer(county, service, SERVICES[service], SEED, EFFORT).run()
    succeeded = [operation for operation in operations if operation.succeeded]
    barren = "\n".join(str(operation) for operation in operations if not operation.succeeded)
    with capsys.disabled():
        print(
            f"\n{service} (seed {SEED}): {sum(o.answers.total() for o in operations)} requests;"
            f" {len(succeeded)} of {len(operations)} operations reached 2xx{barren and chr(10) + barren}"
        )
    broken = [text for operation in operations for text in operation.broken]
    assert not broken, f"seed {SEED}: {len(broken)} broken answers\n" + "\n".join(broken[:10])
    assert len(succeeded) >= 0.8 * len(operations), barren
