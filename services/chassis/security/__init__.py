"""Who is asking, and how personal values are sealed."""
