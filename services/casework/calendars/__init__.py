"""Day counts under a named holiday edition, periods that recur, and festivals."""
