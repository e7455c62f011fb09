"""The vault: the keys of personal data, in a database of their own, and disclosures."""
