"""What departments of education say of pupils: folded, kept for every day as known at any instant, and asked about."""
