"""Assistance: education aid, pairing of households with helpers, and the inbox of both."""
