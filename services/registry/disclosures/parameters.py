"""What disclosures are decided by, and what is looked at as unusual: the document of parameters ``personal_data``."""

from datetime import date
from typing import cast

from contracts.roles import Role
from services.casework.purposes import PURPOSES_BY_ROLE
from services.chassis.law.parameter_values import Count, Expected
from services.chassis.law.parameters import ParameterSource

KEY = "personal_data"
HOUSEHOLDS = Count("households", 0, 100_000)
PER_DAY = "households_per_day"
UNUSUAL = ("households_per_day", "households_per_month", "households_on_paper", "households_outside_hours")
ENTRY_OPEN_FOR, OPENS, CLOSES = f"{KEY}.entry_open_for", f"{KEY}.working_hours.from", f"{KEY}.working_hours.to"
PARAMETERS: Expected = {
    **{f"{KEY}.{PER_DAY}.{role}": HOUSEHOLDS for role in PURPOSES_BY_ROLE},
    **{f"{KEY}.unusual.{name}": HOUSEHOLDS for name in UNUSUAL},
    f"{KEY}.unusual.requests_per_day": Count("requests", 0, 100_000),
    ENTRY_OPEN_FOR: Count("days", 0, 3650),
    OPENS: Count("hour_of_day", 0, 24),
    CLOSES: Count("hour_of_day", 0, 24),
}


def households_per_day(role: Role) -> str:
    """Name of the parameter that says how many households one of this role may read on one day."""
    return f"{KEY}.{PER_DAY}.{role}"


def unusual(name: str) -> str:
    """Name of the parameter above which a figure of a day is unusual."""
    return f"{KEY}.unusual.{name}"


def number(parameters: ParameterSource, name: str, day: date, place: str) -> int:
    """Of a parameter that is a count. Raises ``NotInForce``."""
    return cast(int, parameters.at(name, day, place or None).value)
