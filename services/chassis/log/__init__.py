"""The append-only log: units of work, group commit, the store, and deadlines."""
