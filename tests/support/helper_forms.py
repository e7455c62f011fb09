"""What is filled in about a household's helper: a pair that follows the register."""

from typing import Any
from uuid import UUID

UNIT = "县农业局"


def helper_form(
    household: UUID | str, on: str, helper: str = "staff-1", unit: str = UNIT, **more: Any
) -> dict[str, Any]:
    """To be posted to ``/assistance/pairs``."""
    subject = {"kind": "household", "id": str(household)}
    return {"kind": "pairing_helper", "subject": subject, "helper": helper, "unit": unit, "effective_on": on, **more}


def successor_form(on: str, helper: str, unit: str = UNIT) -> dict[str, Any]:
    """To be posted to a pair's ``successions``."""
    return {"helper": helper, "unit": unit, "effective_on": on}
