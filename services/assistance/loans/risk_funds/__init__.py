"""The risk fund behind a loan product in a county, and how far it covers what is lent and overdue."""
