"""Writing the form: empty, filled, or given back with its errors."""
