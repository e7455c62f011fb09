"""The dated parameters of funds."""

from services.chassis.law.parameter_values import Amount, Expected

YEARLY_FLOOR = "funds.raised_per_year"
"""The least that a unit which helps raises a year."""
PARAMETERS: Expected = {YEARLY_FLOOR: Amount("yuan_per_year", most=1_000_000_000)}
