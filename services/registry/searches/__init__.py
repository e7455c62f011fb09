"""Searches of the register for a person: by ID number, full name, phone, or part of a name."""
