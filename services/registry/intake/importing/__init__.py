"""The import of a whole file: looked up, planned and appended in chunks of households, resumable."""
