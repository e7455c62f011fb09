"""How long an office has to answer what waits for it: the document of parameters ``deadlines``."""

from services.chassis.law.parameter_values import Count, Expected

REPORT_DAYS = "deadlines.report_days"
MOVE_DAYS, MOVE_DAYS_PER_LEVEL = "deadlines.move_days", "deadlines.move_days_per_level"
NUMBER_REVIEW_DAYS = "deadlines.number_review_days"
PARAMETERS: Expected = dict.fromkeys(
    (REPORT_DAYS, MOVE_DAYS, MOVE_DAYS_PER_LEVEL, NUMBER_REVIEW_DAYS), Count("days", 1, 366)
)
