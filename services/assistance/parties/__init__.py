"""Organisations, teams and places, and people outside of the register, as helpers, as helped, and as what records are about."""
