"""People: the register as other services see it, by as-of and known-at. Audit folds the same facts in words of its own."""
