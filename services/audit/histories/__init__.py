"""Histories: everything recorded about one household, across services, for any day as known on any other."""
