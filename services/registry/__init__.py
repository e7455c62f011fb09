"""The household registry, the poverty-status lifecycle, and the vault of personal-data keys."""
