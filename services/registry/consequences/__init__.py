"""What would follow from an act in all services: shown before it is decided, and kept with what was decided."""
