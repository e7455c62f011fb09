"""Duties: who owes what to whom how often, by documents; what was owed and missed on a day, as known then."""
