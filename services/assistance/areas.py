"""Where assistance's subjects are: the persons and households of the register, and cases, by id."""

from services.casework.people.queries import CURRENT_DIVISIONS
from services.casework.procedures.queries import areas_of_cases

AREAS = f"""
SELECT household_id AS subject, division FROM households
UNION ALL {CURRENT_DIVISIONS}
UNION ALL {areas_of_cases(CURRENT_DIVISIONS)}
"""
"""SQL of the relation (subject, division). A person is where they live, or where a household of theirs is."""
