"""Measures: what a household is given besides money, and the plan that they follow."""
