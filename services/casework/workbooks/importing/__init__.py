"""The import of a whole file, subject by subject, resumable; what its rows mean a service says."""
