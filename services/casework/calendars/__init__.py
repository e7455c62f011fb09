"""Day counts under a named holiday edition."""
