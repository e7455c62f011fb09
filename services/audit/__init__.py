"""The independent copy: histories and statements. It decides nothing."""
