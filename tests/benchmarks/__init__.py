"""What Lika reaches, measured next to what it is measured against: ``python -m tests.benchmarks``, or ``make bench``.

A row of the list divides a value by its floor. Both are measured in the same run on the same machine, taking turns, with
equal workers and equal bytes, on a PostgreSQL with the product's own settings. Nothing here fails for being slow.
"""
