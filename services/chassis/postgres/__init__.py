"""The databases: an embedded server, databases and migrations on it or on a server elsewhere."""
