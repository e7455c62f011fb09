"""Collecting for a recipient who was chosen before: sought, pledged, received, and passed on as what is due."""
