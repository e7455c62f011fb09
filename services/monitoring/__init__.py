"""Targets, projects and funds: what was promised, and what came of it."""
