"""Pairing: a helper for every registered household, and the duty to assign one in time."""
