"""A visit to a household: what is taken along."""
