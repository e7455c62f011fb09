"""Pairing: a helper for every household, and the duty to find one in time."""
