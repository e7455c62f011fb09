"""Statements: how the stock of poor households went from one year's end to the next, in households and in persons."""
