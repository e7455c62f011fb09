"""The published language: every fact that Lika may ever record, and the two-time selection over facts."""
