"""The sample township: a register that belongs to nobody, generated the same on every machine.

Its totals are those of a real township's report (source facts M001, M006, P03-P05, table 4.1); its people, its numbers
and everything after the exits of 2015 are synthetic. It enters Lika as workbooks, through the import that a user uses.
"""
