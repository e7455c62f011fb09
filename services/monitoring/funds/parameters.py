"""The dated parameters of funds."""

from services.chassis.law.parameter_values import Amount, Count, Expected

YEARLY_FLOOR = "funds.raised_per_year"
"""The least that a unit which helps raises a year."""
VILLAGE_FLOOR = "funds.received_per_village"
"""The least that the fund of a village receives a year."""
REPORT_MONTHS = "funds.reported_every"
"""Months of the calendar year after which a common fund is reported on."""
PARAMETERS: Expected = {
    YEARLY_FLOOR: Amount("yuan_per_year", most=1_000_000_000),
    VILLAGE_FLOOR: Amount("yuan_per_year", most=1_000_000_000),
    REPORT_MONTHS: Count("months", least=1, most=12),
}
