"""Funds: earmarked money, from the pledge to the last payment, in a ledger that follows from its facts."""
