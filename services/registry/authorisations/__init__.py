"""Authorisations (授权) of adults to query their assets, without which no household is compared with departments' data."""
