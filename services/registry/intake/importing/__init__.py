"""A whole file brought in: looked up, prepared and appended a few dozen households at a time, resumable."""
