"""Subsidy, training, loan, pairing: what is given to whom, and who cares for whom."""
