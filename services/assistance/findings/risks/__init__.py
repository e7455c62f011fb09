"""Check rules of risks: what a monitored household is at risk of, and no measure is against."""
