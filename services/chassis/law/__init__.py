"""Dated parameters and documents: what the law says on a day, in a place. Pure, but for the reading of YAML."""
