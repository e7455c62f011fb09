"""Payments: pay-lists from what is due to the last returned line, and the two identities that answer for every fen."""
