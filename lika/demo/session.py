"""What every stage of loading the sample works with: the officials' client, the township, the clocks, the cases."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from contracts.civil import SHANGHAI
from lika.demo import procedures
from lika.demo.client import OfficialsClient
from lika.demo.divisions import TOWNSHIP
from lika.demo.officials import AUDITOR, OPERATOR, TOWNSHIP_CADRE, village_cadre
from lika.demo.procedures import Phases
from lika.demo.township import Household, Township, sample_township

SERVICES = ("registry", "assistance", "monitoring", "audit")


class SampleSession:
    """``household_ids``: national household number → the register's id, once ``load_household_ids`` has read them."""

    def __init__(self, client: OfficialsClient) -> None:
        self.client = client
        self.township: Township = sample_township()
        self.household_ids: dict[str, str] = {}

    async def load_household_ids(self) -> None:
        rows = await self.client.get_all(AUDITOR, "/registry/households", division=TOWNSHIP)
        self.household_ids = {row["national_no"]: row["household_id"] for row in rows if row["national_no"]}

    async def advance_clocks(self, day: date) -> None:
        """Step every service's clock to nine o'clock of that day; timers due before it fire on their own day."""
        # This read returns when the services have consumed everything that was written before the step.
        await self.client.get(AUDITOR, "/audit/statements", division=TOWNSHIP, **{"from": 2014, "to": 2014})
        for service in SERVICES:
            step = {"to": morning_of(day).isoformat()}
            await self.client.post(OPERATOR, f"/{service}/clock/steps", step, accepted_refusal="clock_goes_forward")

    async def run_cases(
        self,
        households: Sequence[Household],
        procedure: str,
        grounds: str,
        phases: Phases,
        days: Sequence[date],
        **more: Any,
    ) -> None:
        """One case per household: each phase's steps on its day, the clocks stepped in between. ``more``: further
        fields of the opening."""
        by_township = procedure == "look_back_removal"
        cases = await asyncio.gather(
            *(
                procedures.open_case(
                    self.client, TOWNSHIP_CADRE if by_township else village_cadre(h.village), h.village,
                    {"subject": self.household_ids[h.number], "procedure": procedure, "on": days[0].isoformat(),
                     "grounds": grounds, **more},
                )
                for h in households
            )
        )  # fmt: skip
        for number, (steps, day) in enumerate(zip(phases, days, strict=True)):
            if number:
                await self.advance_clocks(day)
            await procedures.perform_phase(self.client, cases, steps, day)


def morning_of(day: date) -> datetime:
    """Nine o'clock in Shanghai."""
    return datetime.combine(day, time(9), SHANGHAI).astimezone(UTC)
