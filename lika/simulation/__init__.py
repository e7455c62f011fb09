"""A province's life, made up: every household's years as the register, assistance and monitoring would have recorded
them, from the first survey to the last, with look-backs, corrections and late knowledge.

Pure and repeatable: the same plan gives the same facts with the same ids in the same order. ``life`` tells the months;
``writing`` puts them into the logs by the path that commands take; ``cli`` is ``lika simulate``.
"""
