"""Each service as a process of its own: what it needs, and what keeps it from starting."""
