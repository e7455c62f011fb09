"""Where monitoring's subjects are: its targets, projects, funds and agreements, and cases about these, by id."""

from services.casework.procedures.queries import areas_of_cases
from services.monitoring.agreements.queries import AGREEMENT_AREAS
from services.monitoring.funds.queries import FUND_AREAS
from services.monitoring.projects.queries import PROJECT_AREAS

AREAS = f"""
SELECT target_id AS subject, division FROM targets
UNION ALL {PROJECT_AREAS}
UNION ALL {FUND_AREAS}
UNION ALL {AGREEMENT_AREAS}
UNION ALL {areas_of_cases(PROJECT_AREAS)}
"""
"""SQL of the relation (subject, division)."""
