"""Which targets count the exits of a household, for whoever compares that with what would be after something is recorded."""

from collections.abc import Hashable, Sequence
from uuid import UUID

from contracts.consequences import ConsequenceEffect, ConsequenceLine
from services.chassis.following.foresight import Lines, details
from services.chassis.log.unit import Tx
from services.monitoring.messages import say
from services.monitoring.targets.state import target_from_json

TARGET = "target"
COUNTED = (
    b"SELECT t.target_id, x.exit_id, x.household, x.exited_on, x.persons, t.target_json::text FROM exits x JOIN targets t"
    b" ON t.households IS NOT NULL AND extract(year FROM x.exited_on) BETWEEN t.year AND extract(year FROM t.deadline)"
    b" AND x.division >= t.division AND x.division < t.division || '~'"
    b" WHERE x.household = ANY (%s) AND x.known_to IS NULL ORDER BY t.item, t.target_id"
)


class CountedExits:
    """Implements ``Standing``."""

    def lines(self, tx: Tx, households: Sequence[UUID], effect: ConsequenceEffect) -> Lines:
        name = say("consequence_target")
        found: dict[Hashable, ConsequenceLine] = {}
        for target_id, exit_id, household, day, persons, target_json in tx.cur.execute(COUNTED, (list(households),)):
            target = target_from_json(target_json)
            found[TARGET, target_id, exit_id] = ConsequenceLine(
                service=tx.log, effect=effect, what=TARGET, zh=name.zh, en=name.en, on=day, household_id=household,
                details=details(item=target.item, year=target.year, households=1, persons=persons),
            )  # fmt: skip
        return found
