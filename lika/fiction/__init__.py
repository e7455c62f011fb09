"""Made-up people for the sample township and for simulated provinces: families, names, health, hardship.

Pure: whoever uses it brings the source of chance. Nobody here exists, and no name is anybody's.
"""
