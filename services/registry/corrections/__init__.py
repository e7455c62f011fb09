"""Corrections (更正): what a procedure decided is annulled or replaced by another one, with paper and a second pair of eyes."""
