"""How accounts are checked, what is said of them, and to whom which household is named."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.casework.findings.domain import Checks
from services.chassis.ground.messages import Message
from services.chassis.log.snapshot import Connection
from services.chassis.web.areas import code_range
from services.registry.findings.accounts.domain import KEY, RULES, AccountCheck, CheckedAccount
from services.registry.findings.store import timeline_of
from services.registry.households.bitemporal import UNTIL_CHANGED
from services.registry.messages import say

NUMBERS = b"""
SELECT DISTINCT ON (household_id) household_id, p.national_no
FROM household_divisions lives JOIN household_periods p USING (household_id)
WHERE household_id = ANY(%s) AND lives.division >= %s AND lives.division < %s AND p.known_to = %s
ORDER BY household_id, p.valid_from DESC
"""


def naming(conn: Connection, households: Sequence[UUID], area: str) -> list[object]:
    """Those within an area by number, or id where they have none; of the others only how many there are."""
    found = conn.execute(NUMBERS, (list(households), *code_range(area), UNTIL_CHANGED)).fetchall()
    named: list[object] = [number or str(household) for household, number in found]
    if elsewhere := len(households) - len(named):
        named.append(say("households_outside_area", count=elsewhere))
    return named


def explain(rule: str, given: Mapping[str, Any]) -> Message:
    """Raises ``KeyError`` where a figure is missing."""
    match AccountCheck(rule):
        case AccountCheck.ACCOUNT_OF_ANOTHER_HOUSEHOLD:
            return say("account_check_account_of_another_household", **given)


ACCOUNT_CHECKS = Checks(
    key=KEY, log="registry", rules=RULES, explain=explain, value_type=CheckedAccount, timeline=timeline_of,
    table_prefix="account_",
)  # fmt: skip
