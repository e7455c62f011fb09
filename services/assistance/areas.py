"""Where assistance's subjects are: the persons and households of the register, by id."""

AREAS = """
SELECT household_id AS subject, division FROM households
UNION ALL SELECT person_id, division FROM members JOIN households USING (household_id) WHERE present
UNION ALL SELECT person_id, division FROM aid_cases WHERE open
"""
"""SQL of the relation (subject, division). A pupil is where they live, and where an application for them is open."""
