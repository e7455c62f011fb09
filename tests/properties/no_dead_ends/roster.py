"""The officials of a drawn walk: three at every office, each of them cadre, reviewer and decider there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from contracts.registry.divisions import DIGITS, Level
from contracts.roles import Role
from services.casework.access.roles import OFFICES
from tests.support.running import ApiClient, Lika

PER_OFFICE = 3
LEVELS = (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, Level.PROVINCE)
"""From below: nobody goes to a higher office than they must."""


@dataclass(frozen=True)
class Official:
    account: str
    client: ApiClient


class Roster:
    """The accounts of one installation."""

    def __init__(self, running: Lika) -> None:
        self._running = running
        self.official = cache(self._official)
        self.operator = running.client_for("operator-1", "", Role.OPERATOR)
        self.auditor = running.client_for("auditor-1", "", Role.AUDITOR)

    def _official(self, division: str, number: int) -> Official:
        account = f"official-{division}-{number}"
        return Official(account, self._running.client_for(account, division, *sorted(OFFICES)))

    def offices(self, levels: Sequence[Level], villages: Sequence[str], first: int = 0) -> Iterator[Sequence[Official]]:
        """The officials of each office at these levels above the first village, then above the others, that of number ``first``
        in front. Where no level is named it is for the village, or for the one official above it who enters data there: the
        others keep their hands free for approvals."""
        asked = [level for level in LEVELS if level in levels or not levels]
        for division in dict.fromkeys(village[: DIGITS[level]] for village in villages for level in asked):
            several = PER_OFFICE if levels or len(division) == DIGITS[Level.VILLAGE] else 1
            yield [self.official(division, (first + number) % several) for number in range(several)]
