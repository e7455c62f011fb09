"""Position tokens."""

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ground.refusals import Refused, Unavailable
from services.chassis.web.position_tokens import LARGEST, format_positions, later_of, parse_positions
from services.chassis.web.positions import wait_for

TOKENS = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_-]{0,30}", fullmatch=True), st.integers(0, LARGEST), max_size=16)


@given(TOKENS)
def test_a_token_survives_the_header(positions: dict[str, int]) -> None:
    assert parse_positions(format_positions(positions)) == positions


def test_the_header_reads_as_written() -> None:
    assert format_positions({"registry": 123, "assistance": 4}) == "registry=123, assistance=4"
    assert parse_positions(" registry=123,assistance=4 ") == {"registry": 123, "assistance": 4}
    assert parse_positions(None) == parse_positions("") == {}


@pytest.mark.parametrize(
    "text",
    [
        "registry", "registry=", "=1", "registry=-1", "registry=1.0", "registry=٣", "Registry=1", "registry=1,",
        "registry=1, registry=2", f"registry={LARGEST + 1}", "registry=1; drop", ",".join(f"a{n}=1" for n in range(99)),
    ],
)  # fmt: skip
def test_garbage_is_422(text: str) -> None:
    with pytest.raises(Refused) as no:
        parse_positions(text)
    assert (no.value.rule.code, no.value.rule.status) == ("bad_position", 422)


@given(st.text())
def test_any_other_text_is_422_too(text: str) -> None:
    if text.strip():
        with pytest.raises(Refused):
            parse_positions(text)
    else:
        assert parse_positions(text) == {}


def test_two_tokens_join_to_the_later_of_each() -> None:
    assert later_of({"a": 1, "b": 5}, {"b": 4, "c": 2}) == {"a": 1, "b": 5, "c": 2}


def test_waiting_ends_as_soon_as_every_log_is_there() -> None:
    seen = {"registry": 0, "assistance": 4}

    def registry_grows(log: str) -> int:
        seen["registry"] += 1
        return seen[log]

    anyio.run(wait_for, {"registry": 3, "assistance": 4}, registry_grows)
    assert seen["registry"] >= 3


def test_the_position_may_be_looked_up_asynchronously() -> None:
    async def reached(log: str) -> int:
        return 10

    anyio.run(wait_for, {"registry": 10}, reached, 0.0)


def nowhere(log: str) -> None:
    return None


def test_a_log_on_which_nothing_here_depends_is_not_waited_for() -> None:
    anyio.run(wait_for, {"elsewhere": 99}, nowhere, 0.0)


def test_what_does_not_come_in_time_is_503_and_names_the_log() -> None:
    with pytest.raises(Unavailable) as no:
        anyio.run(wait_for, {"registry": 3, "assistance": 1}, {"registry": 2, "assistance": 1}.get, 0.05)
    assert no.value.rule.code == "position_not_reached"
    assert no.value.facts == {"logs": ["registry"]}
    assert no.value.headers == {"Retry-After": "1"}
