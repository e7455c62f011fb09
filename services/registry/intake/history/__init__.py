"""The time for which a county imports status history of an older system, and the approval of each file with some."""
