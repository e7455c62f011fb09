"""Following a log: where it is read from, who consumes it, and what waits when an entry cannot be digested."""
