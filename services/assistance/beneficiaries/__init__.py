"""Households and pupils, folded from the registry's facts."""
