"""Agreements: contracts for services, collective and wage agreements, investments; their terms, what is due, whom they cover."""
