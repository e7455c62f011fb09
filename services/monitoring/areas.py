"""Where monitoring's subjects are: its targets, by id."""

AREAS = "SELECT target_id AS subject, division FROM targets"
"""SQL of the relation (subject, division)."""
