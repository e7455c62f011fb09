"""A simulated province: every household's years as the register, assistance and monitoring would have recorded them,
from the first survey to the last, with look-backs, corrections and late entries; and beside the households the townships'
targets and projects, the counties' funds and agreements. Some families, whose record is kept in memory, borrow, learn,
work, and have plans and measures as well; some townships pay education aid by lists.

Pure and repeatable: the same plan gives the same facts with the same ids in the same order. ``months`` simulates them
month by month; ``writer`` writes them into the logs by the path that commands take; ``cli`` is ``lika simulate``.
"""
