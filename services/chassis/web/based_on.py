"""``Lika-Based-On``: the facts that a command was decided on. Where something newer was recorded about the same, whoever
decided has not seen it, and the command is refused."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import Header

from services.chassis.ground.refusals import Refused, rule
from services.chassis.log.command_record import Reply
from services.chassis.log.unit import Tx, Unit

HEADER = "Lika-Based-On"
MOST_FACTS = 32
LARGEST = 2**62

_FACT_ID = re.compile(r"\s*([a-z][a-z0-9_-]{0,30})/([A-Za-z0-9._:@|-]{1,150})/([0-9]{1,19})\s*", re.ASCII)

BasedOn = Annotated[
    str | None,
    Header(
        alias=HEADER,
        description="所依据的记录编号，逗号分隔；其后又有新记录则不办理"
        " / ids of the facts that this was decided on, with commas; refused where something newer stands behind one",
    ),
]

CHANGED_SINCE = rule(
    "changed_since",
    zh="所依据的记录之后又有新的记录，请重新查看后再办理。",
    en="Something newer was recorded about what this was decided on; read it again, then decide.",
    source="Lika interface rules",
)
BAD_BASED_ON = rule(
    "bad_based_on",
    zh="所依据的记录编号写作“日志/流/序号”，以逗号分隔，且须与本次办理的对象有关。",
    en="Facts are named log/stream/version, with commas between, and are about what the command is about.",
    source="Lika interface rules",
    status=422,
)


def parse_based_on(text: str) -> Mapping[tuple[str, str], int]:
    """(Log, stream) → version of the newest fact that was named. Raises ``Refused`` (422)."""
    found: dict[tuple[str, str], int] = {}
    for part in text.split(",", MOST_FACTS):
        match = _FACT_ID.fullmatch(part)
        if match is None or not 0 < int(match[3]) < LARGEST:
            raise Refused(BAD_BASED_ON)
        named = match[1], match[2]
        found[named] = max(found.get(named, 0), int(match[3]))
    return found


def unless_changed(unit: Unit, based_on: Mapping[tuple[str, str], int], log: str) -> Unit:
    """The unit, refused with ``CHANGED_SINCE`` where a stream goes on behind a fact that was named. Raises ``Refused`` (422)
    for facts of streams that the unit is not about."""
    about = {*unit.streams, *(stream for stream, _ in unit.parts)}
    if not all(of == log and stream in about for of, stream in based_on):
        raise Refused(BAD_BASED_ON)

    def checked(tx: Tx) -> Reply:
        newer = {s: last for (_, s), seen in based_on.items() if (last := tx.version(s)) > seen}
        refusal = Refused(CHANGED_SINCE, facts=[f"{log}/{stream}/{last}" for stream, last in newer.items()])
        try:
            reply = unit.work(tx)
        except Refused as no:
            # Not before the work has asked whether the caller may know of it; but the change says more than a rule.
            if newer and no.rule.status == CHANGED_SINCE.status:
                raise refusal from no
            raise
        if newer:
            raise refusal
        return reply

    return replace(unit, work=checked)
