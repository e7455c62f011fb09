"""What operators do to a house that stands: look after it and rebuild what it shows."""
