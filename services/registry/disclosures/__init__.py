"""Disclosures: reading personal data in plain, for a stated purpose, each recorded as a fact."""
