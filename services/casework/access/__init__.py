"""Rows of the access table for what several services mount, and the groups of roles that rows name."""
