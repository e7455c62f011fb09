"""Documents as facts: which edition is in force on a day, in a place, as known then; how one is adopted and withdrawn."""
