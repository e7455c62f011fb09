"""Continuous comparison: whether logs and their copies still are what they were. Rows are compared with digests that were
written down soon after them, here and by whoever copies the log (decision 0044)."""
