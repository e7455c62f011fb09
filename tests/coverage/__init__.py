"""How much of the field works: each mechanism, standard and rule with the slice that owns it and the tests that show it."""
