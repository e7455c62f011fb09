"""Position tokens as text and as JSON: how far each log has come, as a command's answer says it and a read sends it back."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from services.chassis.ground.refusals import Refused, rule

HEADER = "Lika-Position"
LARGEST = 2**63 - 1
MOST_LOGS = 16
_ENTRY = re.compile(r"\s*([a-z][a-z0-9_-]{0,30})=([0-9]{1,19})\s*", re.ASCII)

Positions = Mapping[str, int]
"""Log name → position in it; 0 is before the first event."""

PositionToken = dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,30}$")], Annotated[int, Field(ge=0, le=LARGEST)]]
"""The token as JSON, for bodies and answers."""

BAD_POSITION = rule(
    "bad_position",
    zh="位置标记的写法应为“日志=位置, 日志=位置”。",
    en="A position token is written log=position, log=position.",
    source="Lika interface rules",
    status=422,
)


def parse_positions(text: str | None) -> dict[str, int]:
    """The token in a header; nothing sent is an empty token. Raises ``Refused`` (422)."""
    found: dict[str, int] = {}
    if text is None or not text.strip():
        return found
    for part in text.split(",", MOST_LOGS):
        match = _ENTRY.fullmatch(part)
        if match is None or match[1] in found or int(match[2]) > LARGEST:
            raise Refused(BAD_POSITION)
        found[match[1]] = int(match[2])
    return found


def format_positions(positions: Positions) -> str:
    """The token as a header's value: ``registry=123, assistance=4``."""
    return ", ".join(f"{log}={position}" for log, position in positions.items())


def later_of(one: Positions, other: Positions) -> dict[str, int]:
    """A token that waits for both."""
    return {log: max(one.get(log, 0), other.get(log, 0)) for log in {**one, **other}}
