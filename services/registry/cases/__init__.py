"""What procedures do to the poverty status of a household."""
