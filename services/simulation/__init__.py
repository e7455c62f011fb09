"""A province that never was: lives of households, told as facts, for load, for tests and for trying things out."""
