"""Where assistance's subjects are: the persons and households of the register, cases, divisions that records are about, helpers
whom findings are about, courses, job offers, pay-lists and parties, by id."""

from services.assistance.findings.risks.store import RISK_AREAS
from services.assistance.findings.store import HELPER_AREAS
from services.assistance.pairs.view import PAIRED_DIVISIONS
from services.assistance.parties.view import PARTY_AREAS
from services.assistance.training.queries import COURSE_AREAS
from services.casework.people.queries import CHANGED_SINCE_REVIEW, CURRENT_DIVISIONS
from services.casework.procedures.queries import areas_of_cases
from services.casework.records.queries import AREAS_OF_DIVISIONS

HOUSEHOLD_AREAS = "SELECT household_id AS subject, division FROM households"
UNIT_AREAS = f"{HOUSEHOLD_AREAS} UNION ALL {CURRENT_DIVISIONS} UNION ALL {PARTY_AREAS}"
DUTY_AREAS = f"{UNIT_AREAS} UNION ALL {PAIRED_DIVISIONS}"
FINDING_AREAS = f"{HELPER_AREAS} UNION ALL {RISK_AREAS}"
UNIT_CHANGED_SINCE_REVIEW = (
    f"({CHANGED_SINCE_REVIEW} OR EXISTS (SELECT FROM copies c WHERE c.subject = cases.subject AND c.log = 'registry'"
    " AND c.recorded_at > cases.reviewed_at))"
)
"""SQL of whether the register recorded something about a unit, or a person's household, since its case was reviewed last."""
AREAS = f"""
{UNIT_AREAS}
UNION ALL {areas_of_cases(UNIT_AREAS)}
UNION ALL {AREAS_OF_DIVISIONS}
UNION ALL {HELPER_AREAS}
UNION ALL {COURSE_AREAS}
UNION ALL SELECT offer_id AS subject, division FROM job_offers
UNION ALL SELECT list_id AS subject, division FROM pay_lists
"""
"""SQL of the relation (subject, division). A person is where they live, or where a household of theirs is."""
