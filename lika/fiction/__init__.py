"""Synthetic people for the sample township and for simulated provinces: families, names, health, poverty.

Pure: the caller brings the source of random numbers. Nobody here exists, and no name is anybody's.
"""
