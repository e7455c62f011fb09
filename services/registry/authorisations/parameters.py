"""Who is an adult, and how long an authorisation is valid that says nothing of it: the document of parameters
``authorisations``."""

from services.chassis.law.parameter_values import Count, Expected

ADULT_AGE, VALID_DAYS = "authorisations.adult_age", "authorisations.valid_days"
PARAMETERS: Expected = {ADULT_AGE: Count("years", 16, 21), VALID_DAYS: Count("days", 1, 3660)}
