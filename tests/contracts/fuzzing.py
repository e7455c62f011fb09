"""Schemathesis against a running service: requests drawn from its OpenAPI document, with the ids of existing objects.

A request that is only drawn ends at "malformed" or "not found". So most of them keep the ids of objects that exist, and
many are a valid request with one value replaced by the drawn one. Drawing a request takes three times as long as sending it: a
short run sends valid requests with an edge case at one place alone, at a few places of each.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeVar
from uuid import uuid4

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import CacheConfig, SchemathesisConfig
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.overrides import Override
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from services.chassis.ground.refusals import RULES
from services.chassis.web.request_names import shown
from tests.contracts.edge_case_values import TEXTS, VALUES, paths_in, replaced_at
from tests.contracts.seeded_county import SeededCounty
from tests.contracts.valid_requests import MakeRequest, ValidRequest

T = TypeVar("T")
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
SHORTEST_ECHO = 6
"""Characters of the shortest sent value that is searched for in answers; shorter ones occur in them by chance."""
SUCCESSES = 2
"""How many objects of one operation may be used up by mutated requests that succeed."""
LONGEST_WAIT = 0.05
"""Seconds; a log page accepts a much longer wait than a test has time for."""


class Mutation(Enum):
    """What of a drawn request is sent: one value, everything but its ids, everything."""

    ONE_VALUE = 1
    KNOWN_IDS = 2
    AS_DRAWN = 3


@dataclass
class Operation:
    """One operation, how often it answered with each status, and what violates its contract."""

    name: str
    answers: Counter[int] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return any(200 <= status < 300 for status in self.answers)

    def __str__(self) -> str:
        statuses = " ".join(f"{status}×{times}" for status, times in sorted(self.answers.items()))
        return f"  {self.name:28} {statuses}"


@dataclass(frozen=True)
class Budget:
    """``examples``: requests drawn per operation; ``edge_cases``: values tried at each path of a valid body and at each
    parameter; ``boundaries``: whether every field's boundary values are sent as well, some ten thousand requests; ``places``: at how
    many places of a body, a query and a path an edge case is tried, at all where none is given."""

    examples: int
    edge_cases: int
    boundaries: bool
    places: int | None = None

    def some(self, places: Iterable[T], rng: random.Random) -> list[T]:
        """Of these places those that are tried."""
        found = list(places)
        return found if self.places is None else rng.sample(found, min(self.places, len(found)))


SHORT_BUDGET, LONG_BUDGET = Budget(0, 1, boundaries=False, places=1), Budget(100, len(TEXTS), boundaries=True)


class Fuzzer:
    """Fuzzes one service. With the same ``random_seed`` and budget the same requests are sent."""

    def __init__(
        self,
        county: SeededCounty,
        service: str,
        valid_requests: Mapping[str, MakeRequest],
        random_seed: int,
        budget: Budget,
    ) -> None:
        config = SchemathesisConfig(seed=random_seed, cache=CacheConfig(enabled=False))
        config.projects.get_default().generation.update(with_security_parameters=False)
        # All characters of a pattern are enumerated before one is drawn: sixteen Chinese ones stand for all.
        self.vocabulary = requests.get(f"{county.url}/{service}/openapi.json").text.replace(r"\\u9fff", r"\\u4e0f")
        self.schema = schemathesis.openapi.from_dict(json.loads(self.vocabulary), config=config)
        self._url = f"{county.url}/{service}"
        self._county, self._valid_requests, self._random_seed = county, valid_requests, random_seed
        self._budget = budget
        self._session = requests.Session()

    def run(self) -> list[Operation]:
        """Fuzz every operation; the clock last, since after it no notice period is open any more."""
        found: list[Any] = [result.ok() for result in self.schema.get_all_operations()]  # type: ignore[union-attr]
        found.sort(key=lambda operation: operation.definition.raw["operationId"] == "step_clock")
        return [self._fuzz(operation) for operation in found]

    def _fuzz(self, operation: Any) -> Operation:
        result = Operation(operation.definition.raw["operationId"])
        make = self._valid_requests[result.name]
        current, successes, rng = make(self._county), 0, random.Random(f"{self._random_seed} {result.name}")

        def send_mutated(case: Any, mutation: Mutation, choice: int, other_client: bool) -> None:
            nonlocal current, successes
            _mutate(case, mutation, current, choice)
            client = current.client if not other_client else self._county.clients[choice % len(self._county.clients)]
            status = self._send(result, case, client.token)
            if 200 <= status < 300 and successes < SUCCESSES and operation.method == "post":
                current, successes = make(self._county), successes + 1

        for case in self._boundary_cases(operation):
            send_mutated(case, Mutation.KNOWN_IDS, 0, other_client=False)
        for path in self._budget.some(paths_in(current.body), rng):
            for value in rng.sample(VALUES, self._budget.edge_cases):
                if current.media_type.startswith("multipart/") and value == "\ud800":
                    continue  # the client cannot write it there
                edge_case = replace(current, body=replaced_at(current.body, path, value))
                send_mutated(_unchanged(operation, edge_case), Mutation.AS_DRAWN, 0, other_client=False)
        for name in self._budget.some((parameter.name for parameter in operation.query), rng):
            for text in rng.sample(TEXTS, self._budget.edge_cases):
                edge_case = replace(current, query={**current.query, name: text})
                send_mutated(_unchanged(operation, edge_case), Mutation.AS_DRAWN, 0, other_client=False)
        for name in self._budget.some(current.path, rng):
            for text in rng.sample(TEXTS, self._budget.edge_cases):
                edge_case = replace(current, path={**current.path, name: text})
                send_mutated(_unchanged(operation, edge_case), Mutation.AS_DRAWN, 0, other_client=False)
        if self._budget.examples:
            self._draw(operation, send_mutated)
        self._send(result, _unchanged(operation, current), current.client.token)
        return result

    def _draw(self, operation: Any, send_mutated: Callable[..., None]) -> None:
        takes = [operation.path_parameters, operation.query, operation.headers, operation.body]
        modes = BOTH if any(list(part) for part in takes) else BOTH[:1]
        drawn = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])
        test = given(
            case=drawn,
            mutation=st.sampled_from(Mutation),
            choice=st.integers(0, 255),
            other_client=st.sampled_from([False, True]),
        )(send_mutated)
        limits = settings(
            max_examples=self._budget.examples, phases=[Phase.generate], database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        seed(self._random_seed)(limits(test))()

    def _boundary_cases(self, operation: Any) -> Iterator[Any]:
        if not self._budget.boundaries:
            return
        yield from CoverageGenerator(
            operation=operation, generation_modes=BOTH, auth_storage=None, override=Override(), feedback=NO_FEEDBACK,
            generation_config=self.schema.config.generation_for(operation=operation, phase="coverage"), hooks=None,
        )  # fmt: skip

    def _send(self, result: Operation, case: Any, token: str) -> int:
        """Send a request; the status of the answer. Violations are recorded, with a command line that repeats the request."""
        headers = {"Authorization": f"Bearer {token}"}
        answer: Response = case.call(self._url, session=self._session, headers=headers)
        result.answers[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except FailureGroup as wrong:
            result.violations.append(f"{result.name}: {wrong}")
        if answer.status_code == 422 and (echo := self._echo(case, answer)):
            result.violations.append(
                f"{result.name}: 422 repeats {echo!r}\n{case.as_curl_command(base_url=self._url)}\n{answer.text}"
            )
        return int(answer.status_code)

    def _echo(self, case: Any, answer: Response) -> str | None:
        """A value that was sent and is repeated in the answer, unless the OpenAPI document contains it, or it is what the
        answer says anyway: Hypothesis draws from the texts of the product, too."""
        said = "".join(rule.zh + rule.en for rule in RULES.values())
        said += " ".join(str(error.get("code")) for error in answer.json().get("errors", ()))
        told = "\n".join(_leaves(answer.json()))  # its values: the names of an answer's fields are nobody's
        sent = set(_leaves([case.path_parameters, case.query, dict(case.headers or {}), case.body]))
        return next(
            (
                v
                for v in sorted(sent)
                if len(v) >= SHORTEST_ECHO and v in told and v not in self.vocabulary and v not in said
            ),
            None,
        )


def _mutate(case: Any, mutation: Mutation, valid: ValidRequest, choice: int) -> None:
    if valid.path and mutation is not Mutation.AS_DRAWN and _has_valid_path(case):
        case.path_parameters = dict(valid.path)
    if mutation is Mutation.ONE_VALUE:
        case.headers = {"Idempotency-Key": str(uuid4())}
        case.query = _with_one_replaced(valid.query, case.query, choice)
        if valid.body is not None:
            case.media_type = valid.media_type
            case.body = (
                _with_one_replaced(valid.body, case.body, choice) if isinstance(valid.body, Mapping) else valid.body
            )
    if _seconds((case.query or {}).get("wait")) > LONGEST_WAIT:
        case.query = {**case.query, "wait": LONGEST_WAIT}


def _seconds(wait: Any) -> float:
    """As the service reads it, a number or text; zero for what is neither."""
    try:
        return float(wait)
    except (TypeError, ValueError):
        return 0


def _has_valid_path(case: Any) -> bool:
    """Whether its path parameters were drawn to be valid; invalid ones are sent as they are."""
    part = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    return part is None or part.mode is GenerationMode.POSITIVE


def _with_one_replaced(valid: Mapping[str, Any], drawn: Any, choice: int) -> dict[str, Any]:
    """The valid values, one of them replaced by the drawn one; none in every fourth request."""
    if not isinstance(drawn, Mapping) or not drawn or choice % 4 == 0:
        return dict(valid)
    name = sorted(drawn, key=str)[choice % len(drawn)]
    return {**valid, name: _merged(valid.get(name), drawn[name], choice)}


def _merged(valid: Any, drawn: Any, choice: int) -> Any:
    """The drawn value; in every second request, of an object or the first object of a list only one value of it."""
    if choice % 2 and isinstance(valid, Mapping) and isinstance(drawn, Mapping):
        return _with_one_replaced(valid, drawn, choice)
    if choice % 2 and isinstance(valid, list) and isinstance(drawn, list) and valid and drawn:
        return [_merged(valid[0], drawn[0], choice), *valid[1:]]
    return drawn


def _unchanged(operation: Any, valid: ValidRequest) -> Any:
    return operation.Case(
        path_parameters=dict(valid.path), query=dict(valid.query), headers={"Idempotency-Key": str(uuid4())},
        body=NOT_SET if valid.body is None else valid.body,
        media_type=None if valid.body is None else valid.media_type,
    )  # fmt: skip


def _leaves(value: Any) -> Iterator[str]:
    """All texts and numbers within, and those field names that do not look like one: others are named in the answer."""
    if isinstance(value, Mapping):
        yield from (name for name in map(str, value) if shown(name) is None)
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
