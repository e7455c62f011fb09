"""Loans: products, contracts, and what was lent, repaid, lost and recovered."""
