"""The monthly comparison with the list of the other system, while both are kept: what is the same, missing here, missing there or
different, and who corrects it where."""
