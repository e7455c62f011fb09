"""Whom assistance is for: households and pupils as the registry's facts describe them."""
