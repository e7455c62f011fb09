"""The yearly recertification of posts by the level above: what is owed for a post, and what is known of it."""
