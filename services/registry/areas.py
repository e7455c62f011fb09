"""Where the registry's subjects are: households, persons, cases, staff and imports, by id."""

from services.casework.procedures.queries import areas_of_cases
from services.casework.recertification.duty_matters import POST_AREAS
from services.casework.workbooks.importing.batches import AREAS as BATCH_AREAS
from services.registry.reconciliations.feed import AREAS as NUMBER_AREAS
from services.registry.screenings.duty_matters import GROUP_AREAS

HOUSEHOLD_AREAS = "SELECT household_id AS subject, division FROM household_divisions"
"""SQL of the relation (subject, division): where each household is today, or was believed to be last."""
CHECKED_AREAS = f"{HOUSEHOLD_AREAS} UNION ALL {NUMBER_AREAS}"
"""The same of all that findings are about."""
OWED_AREAS = f"{POST_AREAS} UNION ALL {GROUP_AREAS}"
"""The same of all to which duties are owed."""

AREAS = f"""
{HOUSEHOLD_AREAS}
UNION ALL SELECT person.subject, division FROM (
    SELECT DISTINCT ON (subject) subject, holder FROM exclusive_periods ORDER BY subject, valid_to DESC, valid_from DESC
) person JOIN ({HOUSEHOLD_AREAS}) household ON household.subject = holder
UNION ALL {areas_of_cases(HOUSEHOLD_AREAS)}
UNION ALL SELECT staff_id, division FROM staff_posts
UNION ALL SELECT move_id, to_division FROM move_proposals
UNION ALL SELECT clue_id, division FROM clues
UNION ALL {BATCH_AREAS}
UNION ALL {NUMBER_AREAS}
"""
"""The same of every subject: a person is where their household is, a case where its subject is, a proposed move where it
leads, a clue in its village, a member of staff where they hold or held a post."""
