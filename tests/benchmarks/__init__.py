"""Benchmarks of Lika against floors measured in the same run: ``python -m tests.benchmarks``, or ``make bench``.

A row of the table divides a value by its floor. Both are measured on the same machine in turns, with equal workers and
equal bytes, on a PostgreSQL with the product's settings. Nothing here fails for being slow.
"""
