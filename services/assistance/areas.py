"""Where assistance's subjects are: the persons and households of the register, cases, divisions that records are about, and
helpers whom findings are about, by id."""

from services.assistance.findings.store import HELPER_AREAS
from services.casework.people.queries import CURRENT_DIVISIONS
from services.casework.procedures.queries import areas_of_cases
from services.casework.records.queries import AREAS_OF_DIVISIONS

HOUSEHOLD_AREAS = "SELECT household_id AS subject, division FROM households"
AREAS = f"""
{HOUSEHOLD_AREAS}
UNION ALL {CURRENT_DIVISIONS}
UNION ALL {areas_of_cases(CURRENT_DIVISIONS)}
UNION ALL {AREAS_OF_DIVISIONS}
UNION ALL {HELPER_AREAS}
"""
"""SQL of the relation (subject, division). A person is where they live, or where a household of theirs is."""
