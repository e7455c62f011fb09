"""Revisions: by which households a statement differs between two days of knowledge, and what was learned of each."""
