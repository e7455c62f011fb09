"""Whatever is sent to a service, it answers as its OpenAPI document says, without server errors or echoes of input."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import pytest

from tests.contracts.fuzzing import LONG_BUDGET, SHORT_BUDGET, Fuzzer
from tests.contracts.seeded_county import SeededCounty, seeded_county
from tests.contracts.valid_requests import AUDIT, NOT_TAKEN, MakeRequest
from tests.contracts.valid_requests_assistance import ASSISTANCE
from tests.contracts.valid_requests_monitoring import MONITORING
from tests.contracts.valid_requests_registry import REGISTRY
from tests.support.long_run import LONG

BUDGET = LONG_BUDGET if LONG else SHORT_BUDGET
SEED = random.SystemRandom().randrange(2**32) if LONG else 20140520
SERVICES: Mapping[str, Mapping[str, MakeRequest]] = {
    "monitoring": MONITORING, "assistance": ASSISTANCE, "audit": AUDIT, "registry": REGISTRY,
}  # fmt: skip
"""The registry last: the others read its log, and its clock ends in another century."""


@pytest.fixture(scope="module")
def county(module_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededCounty]:
    with seeded_county(module_database, tmp_path_factory.mktemp("lika")) as seeded:
        yield seeded


@pytest.mark.parametrize("service", SERVICES)
def test_the_first_and_the_last_day_of_the_calendar_are_answered_like_any_other(
    service: str, county: SeededCounty
) -> None:
    document = county.client.get(f"/{service}/openapi.json").json()
    broken = []
    for path, methods in document["paths"].items():
        days = {p["name"] for p in methods.get("get", {}).get("parameters", ())} & {"as_of", "known_at"}
        if not days:
            continue
        request = SERVICES[service][methods["get"]["operationId"]](county)
        for first, second in ((date.min, date.max), (date.max, date.min)):
            asked = {"as_of": first.isoformat(), "known_at": second.isoformat()}
            query = {**request.query, **{name: asked[name] for name in days}}
            answer = request.client.get(f"/{service}{path.format(**request.path)}", **query)
            if answer.status_code >= 500:
                broken.append((path, query, answer.text))
    assert not broken


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_no_request_breaks_a_service_and_four_fifths_of_its_operations_succeed(
    service: str, county: SeededCounty, capsys: pytest.CaptureFixture[str]
) -> None:
    operations = Fuzzer(county, service, SERVICES[service], SEED, BUDGET).run()
    succeeded = [operation for operation in operations if operation.succeeded]
    unsuccessful = "\n".join(str(operation) for operation in operations if not operation.succeeded)
    with capsys.disabled():
        print(
            f"\n{service} (seed {SEED}): {sum(o.answers.total() for o in operations)} requests;"
            f" {len(succeeded)} of {len(operations)} operations reached 2xx{unsuccessful and chr(10) + unsuccessful}"
        )
    violations = [text for operation in operations for text in operation.violations]
    assert not violations, f"seed {SEED}: {len(violations)} broken answers\n" + "\n".join(violations[:10])
    taken = [operation for operation in operations if operation.name not in NOT_TAKEN.get(service, ())]
    assert len(succeeded) >= 0.8 * len(taken), unsuccessful
