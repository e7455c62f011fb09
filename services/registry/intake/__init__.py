"""Intake: import of household-collection workbooks, and the workbooks that it writes."""
