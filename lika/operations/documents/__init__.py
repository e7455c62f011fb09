"""``lika documents``: what is in force in a running house, and how another edition takes force."""
