"""Pairing: a helper for every registered household, and what is owed by it."""
