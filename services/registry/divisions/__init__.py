"""Administrative divisions: what exists under which code, and which villages are on the poor-village list."""
