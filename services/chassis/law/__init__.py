"""Dated parameters and documents: what the law says on a day, in a place."""
