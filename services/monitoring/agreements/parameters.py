"""The dated parameters of agreements."""

from services.chassis.law.parameter_values import Count, Expected

REMIND_DAYS = "agreements.remind_days"
"""Days before the end of a term from which its renewal waits in the inbox."""
PARAMETERS: Expected = {REMIND_DAYS: Count("days", least=0, most=366)}
