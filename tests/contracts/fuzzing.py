"""Schemathesis against a running service: requests drawn from its OpenAPI document, aimed at what is really there.

A request that is only drawn ends at "malformed" or "not found". So most of them keep the ids of things that exist, and
many are a sound request with one value replaced by what was drawn.
"""

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
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

from tests.contracts.edge_case_values import VALUES, places, put
from tests.contracts.seeded_county import World
from tests.contracts.valid_requests import Make, Sound

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
BOTH = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
SHORTEST_ECHO = 6
"""Characters from which on a value that was sent is told from a word of the answer's own."""
SUCCESSES = 2
"""How often a request of one operation that is not wholly sound may use up what it is about."""
LONGEST_WAIT = 0.05
"""Seconds; a log page may be asked to wait much longer than a test has."""


class Aim(Enum):
    """How much of a drawn request is sent: one value of it, all but its ids, all of it."""

    NEARLY_SOUND = 1
    KNOWN_IDS = 2
    AS_DRAWN = 3


@dataclass
class Operation:
    """One operation's answers so far."""

    name: str
    answers: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return any(200 <= status < 300 for status in self.answers)

    def __str__(self) -> str:
        said = " ".join(f"{status}×{times}" for status, times in sorted(self.answers.items()))
        return f"  {self.name:28} {said}"


@dataclass(frozen=True)
class Effort:
    """``examples``: requests drawn per operation; ``awkward``: values tried at each place of a sound body;
    ``boundaries``: whether every field's boundary values are sent as well, some ten thousand requests."""

    examples: int
    awkward: int
    boundaries: bool


QUICK, LONG = Effort(6, 4, boundaries=False), Effort(100, len(VALUES), boundaries=True)


class Fuzzer:
    """Fuzzes one service. ``chance``: the seed; with the same one and the same effort the same requests are sent."""

    def __init__(self, world: World, service: str, sound: Mapping[str, Make], chance: int, effort: Effort) -> None:
        config = SchemathesisConfig(seed=chance, cache=CacheConfig(enabled=False))
        config.projects.get_default().generation.update(with_security_parameters=False)
        # A pattern's characters are written out one by one before any is drawn: sixteen Chinese ones do for all.
        self.vocabulary = requests.get(f"{world.url}/{service}/openapi.json").text.replace(r"\\u9fff", r"\\u4e0f")
        self.schema = schemathesis.openapi.from_dict(json.loads(self.vocabulary), config=config)
        self._url = f"{world.url}/{service}"
        self._world, self._sound, self._chance = world, sound, chance
        self._effort = effort
        self._session = requests.Session()

    def run(self) -> list[Operation]:
        """Every operation in turn. The clock comes last: where it ends up, no notice hangs any more."""
        found: list[Any] = [result.ok() for result in self.schema.get_all_operations()]  # type: ignore[union-attr]
        found.sort(key=lambda operation: operation.definition.raw["operationId"] == "step_clock")
        return [self._fuzz(operation) for operation in found]

    def _fuzz(self, operation: Any) -> Operation:
        made = Operation(operation.definition.raw["operationId"])
        make = self._sound[made.name]
        current, successes, dice = make(self._world), 0, random.Random(self._chance)

        def bend(case: Any, aim: Aim, place: int, as_somebody_else: bool) -> None:
            nonlocal current, successes
            _aim(case, aim, current, place)
            who = current.who if not as_somebody_else else self._world.everybody[place % len(self._world.everybody)]
            status = self._send(made, case, who.token)
            if 200 <= status < 300 and successes < SUCCESSES and operation.method == "post":
                current, successes = make(self._world), successes + 1

        for case in self._boundary_cases(operation):
            bend(case, Aim.KNOWN_IDS, 0, as_somebody_else=False)
        for place in places(current.body):
            for value in dice.sample(VALUES, self._effort.awkward):
                awkward = replace(current, body=put(current.body, place, value))
                bend(_whole(operation, awkward), Aim.AS_DRAWN, 0, as_somebody_else=False)
        self._draw(operation, bend)
        self._send(made, _whole(operation, current), current.who.token)
        return made

    def _draw(self, operation: Any, bend: Callable[..., None]) -> None:
        takes = [operation.path_parameters, operation.query, operation.headers, operation.body]
        modes = BOTH if any(list(part) for part in takes) else BOTH[:1]
        drawn = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])
        test = given(
            case=drawn,
            aim=st.sampled_from(Aim),
            place=st.integers(0, 255),
            as_somebody_else=st.sampled_from([False, True]),
        )(bend)
        limits = settings(
            max_examples=self._effort.examples, phases=[Phase.generate], database=None, deadline=None,
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        seed(self._chance)(limits(test))()

    def _boundary_cases(self, operation: Any) -> Iterator[Any]:
        if not self._effort.boundaries:
            return
        yield from CoverageGenerator(
            operation=operation, generation_modes=BOTH, auth_storage=None, override=Override(), feedback=NO_FEEDBACK,
            generation_config=self.schema.config.generation_for(operation=operation, phase="coverage"), hooks=None,
        )  # fmt: skip

    def _send(self, made: Operation, case: Any, token: str) -> int:
        """The answer's status. What is wrong with it is noted, with a command line that repeats the request."""
        headers = {"Authorization": f"Bearer {token}"}
        answer: Response = case.call(self._url, session=self._session, headers=headers)
        made.answers[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS, headers=headers)
        except FailureGroup as wrong:
            made.broken.append(f"{made.name}: {wrong}")
        if answer.status_code == 422 and (echo := self._echo(case, answer)):
            made.broken.append(
                f"{made.name}: 422 repeats {echo!r}\n{case.as_curl_command(base_url=self._url)}\n{answer.text}"
            )
        return int(answer.status_code)

    def _echo(self, case: Any, answer: Response) -> str | None:
        """A value that was sent and stands in the answer, and is no word of the document."""
        said = answer.text
        sent = set(_leaves([case.path_parameters, case.query, dict(case.headers or {}), case.body]))
        return next(
            (v for v in sorted(sent) if len(v) >= SHORTEST_ECHO and v in said and v not in self.vocabulary), None
        )


def _aim(case: Any, aim: Aim, at: Sound, place: int) -> None:
    if at.path and aim is not Aim.AS_DRAWN and _possible(case):
        case.path_parameters = dict(at.path)
    if aim is Aim.NEARLY_SOUND:
        case.headers = {"Idempotency-Key": str(uuid4())}
        case.query = _with_one(at.query, case.query, place)
        if at.body is not None:
            case.media_type = at.media_type
            case.body = _with_one(at.body, case.body, place) if isinstance(at.body, Mapping) else at.body
    wait = (case.query or {}).get("wait")
    if isinstance(wait, int | float) and wait > LONGEST_WAIT:
        case.query = {**case.query, "wait": LONGEST_WAIT}


def _possible(case: Any) -> bool:
    """Whether its address is one that the document allows; the others are sent as they are."""
    part = case.meta.components.get(ParameterLocation.PATH) if case.meta else None
    return part is None or part.mode is GenerationMode.POSITIVE


def _with_one(sound: Mapping[str, Any], drawn: Any, place: int) -> dict[str, Any]:
    """The sound values, one of them replaced by the drawn one. Every fourth time none is."""
    if not isinstance(drawn, Mapping) or not drawn or place % 4 == 0:
        return dict(sound)
    name = sorted(drawn, key=str)[place % len(drawn)]
    return {**sound, name: _within(sound.get(name), drawn[name], place)}


def _within(sound: Any, drawn: Any, place: int) -> Any:
    """The drawn value; of an object or of the first object in a list, again only one value, every second time."""
    if place % 2 and isinstance(sound, Mapping) and isinstance(drawn, Mapping):
        return _with_one(sound, drawn, place)
    if place % 2 and isinstance(sound, list) and isinstance(drawn, list) and sound and drawn:
        return [_within(sound[0], drawn[0], place), *sound[1:]]
    return drawn


def _whole(operation: Any, sound: Sound) -> Any:
    return operation.Case(
        path_parameters=dict(sound.path), query=dict(sound.query), headers={"Idempotency-Key": str(uuid4())},
        body=NOT_SET if sound.body is None else sound.body,
        media_type=None if sound.body is None else sound.media_type,
    )  # fmt: skip


def _leaves(value: Any) -> Iterator[str]:
    """Texts and numbers within, names of fields among them."""
    if isinstance(value, Mapping):
        yield from map(str, value)
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
